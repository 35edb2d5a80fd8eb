import t from 'tap'
import { textIn } from '../src/formats/language.ts'
import { readers } from './readers/index.ts'
import { type Asked, Rejected } from './readers/reader.ts'
import { draftSchema, validate } from './schema/validate.ts'
import { example, findings, openApp } from './support/example.ts'

/** Each service that a host can have in addition to mail. */
const each: Readonly<Record<string, object>> = {
  jmap: { services: { jmap: 'https://jmap.example.org/session' } },
  caldav: { services: { caldav: 'https://dav.example.org/cal/' } },
  carddav: { services: { carddav: 'https://dav.example.org/card/' } },
  managesieve: { services: { managesieve: 'sieve.example.org' } },
  oAuth2: {
    oAuth2: {
      issuer: 'https://id.example.org/',
      authURL: 'https://id.example.org/authorize?a=b&c=d',
      tokenURL: 'https://id.example.org/token',
      scope: 'mail contacts',
    },
  },
}

const config = (host: object) => ({
  ...example,
  hosts: { maximusconfessor: { ...example.hosts.maximusconfessor, ...host } },
  domains: { 'example.org': 'maximusconfessor' },
})

const asked: Asked = { domain: 'example.org', address: 'jane@example.org' }
const bytes = (text: string) => new TextEncoder().encode(text)

async function documentAt(t: Parameters<typeof openApp>[0], path: string, host: object): Promise<string> {
  const { app } = await openApp(t, config(host))
  return (await app.inject({ url: path, headers: { host: 'autoconfig.example.org' } })).body
}

/** The clients that read a document differently from the plain one. */
function troubled(document: string, plain: string): string[] {
  const result = (reader: (typeof readers)[number], text: string) => {
    try {
      return JSON.stringify(reader.read(bytes(text), asked))
    } catch (error) {
      if (error instanceof Rejected) return 'rejected'
      throw error
    }
  }
  return readers
    .filter((reader) => result(reader, document) !== result(reader, plain))
    .map(({ name }) => name)
}

t.test('by default, the documents that all clients read contain no services', async (t) => {
  const plain = await documentAt(t, '/mail/config-v1.1.xml', {})
  for (const [name, host] of Object.entries(each)) {
    for (const path of [
      '/mail/config-v1.1.xml',
      '/.well-known/autoconfig/mail/config-v1.1.xml',
      '/v1.1/example.org',
    ])
      t.equal(await documentAt(t, path, host), plain, `${name} ${path}`)
    t.strictSame((await findings(t, config(host))).warnings, [])
  }
})

t.test('the two clients that ask for mail-v1.xml accept the services in it', async (t) => {
  const plain = await documentAt(t, '/.well-known/mail-v1.xml', {})
  t.equal(plain, await documentAt(t, '/mail/config-v1.1.xml', {}), 'without services it is the same document')
  const all = {
    ...Object.assign({}, ...Object.values(each)),
    services: Object.assign(
      {},
      ...Object.values(each).map((host) => (host as { services?: object }).services),
    ),
  }
  for (const host of [...Object.values(each), all]) {
    const document = await documentAt(t, '/.well-known/mail-v1.xml', host)
    t.not(document, plain)
    // Documents of version 1.1 can contain oAuth2, as in the ISPDB.
    t.match(document, `<clientConfig version="${'services' in host ? '1.2' : '1.1'}">`)
    t.strictSame(await validate(draftSchema, bytes(document)), [])
    const names = troubled(document, plain)
    t.notOk(names.includes('GNOME Online Accounts'))
    t.notOk(names.includes('SnappyMail'))
  }
})

t.test(
  'with shape: all, every document contains the services, and a warning names the clients that reject it',
  async (t) => {
    const plain = await documentAt(t, '/mail/config-v1.1.xml', { shape: 'all' })
    for (const [name, host] of Object.entries(each)) {
      const document = await documentAt(t, '/mail/config-v1.1.xml', { ...host, shape: 'all' })
      t.not(document, plain)
      const broken = troubled(document, plain)
      const { warnings } = await findings(t, config({ ...host, shape: 'all' }))
      t.equal(warnings.length, broken.length > 0 ? 1 : 0, name)
      for (const client of broken) t.match(warnings[0], client)
      if (broken.length > 0) t.match(warnings[0], `hosts.maximusconfessor.services.${name} `)
    }
  },
)

t.test('a URL that PACC cannot express causes a warning', async (t) => {
  const services = { jmap: 'https://jmap.example.org:8443/session', caldav: 'https://dav.example.org' }
  t.match((await findings(t, config({ services }))).warnings, [
    /services\.jmap has a port: PACC cannot express such a URL/,
    /services\.caldav has no path: PACC cannot express such a URL/,
  ])
})

t.test('Autodiscover contains calendars and contacts, for the one client that reads them', async (t) => {
  const { app } = await openApp(
    t,
    config({
      services: { caldav: 'https://dav.example.org/cal/', carddav: 'https://dav.example.org/card/' },
    }),
  )
  const { body } = await app.inject({ url: '/autodiscover/autodiscover.xml?emailaddress=jane@example.org' })
  t.match(
    body.replace(/\s*\n\s*/g, ''),
    '<Protocol><Type>CalDAV</Type><Server>https://dav.example.org/cal/</Server><DomainRequired>off</DomainRequired><LoginName>jane@example.org</LoginName><SPA>off</SPA></Protocol><Protocol><Type>CardDAV</Type>',
  )
})

t.test('an invalid service is an error with its place', async (t) => {
  const cases: [object, RegExp][] = [
    [{ services: { jmap: 'https://' } }, /services\.jmap must be an absolute URL that starts with https:/],
    [
      { services: { jmap: 'http://jmap.example.org/' } },
      /services\.jmap must be an absolute URL that starts with https:/,
    ],
    [{ services: { jmap: 'https://192.0.2.1/' } }, /services\.jmap must be a host name and a path/],
    [
      { services: { caldav: 'https://dav.example.org/?x' } },
      /services\.caldav must be a host name and a path/,
    ],
    [
      { services: { caldv: 'https://dav.example.org/' } },
      /services\.caldv unknown key; did you mean "caldav"\?/,
    ],
    [
      { services: { managesieve: 4190 } },
      /services\.managesieve must be a host name, or a mapping with hostname, port and socketType/,
    ],
    [{ services: { managesieve: { port: 0 } } }, /services\.managesieve\.port must be >= 1/],
    [
      {
        oAuth2: {
          issuer: 'https://id.example.org/?x',
          authURL: 'https://a/',
          tokenURL: 'https://a/',
          scope: 'x',
        },
      },
      /oAuth2\.issuer must have no user, query or fragment/,
    ],
    [{ oAuth2: { issuer: 'https://id.example.org/' } }, /oAuth2\.authURL is missing/],
  ]
  for (const [host, error] of cases) t.match((await findings(t, config(host))).errors.join('\n'), error)
})

t.test('ManageSieve is by default on the mail host and its standard port', async (t) => {
  const document = await documentAt(t, '/.well-known/mail-v1.xml', {
    services: { managesieve: { socketType: 'SSL' } },
  })
  t.match(
    document.replace(/\s*\n\s*/g, ''),
    '<setupServer type="managesieve"><hostname>maximusconfessor.all2all.org</hostname><port>4190</port><socketType>SSL</socketType>',
  )
})

t.test('a text is chosen by the languages of the person, or by default', (t) => {
  const texts = { en: 'english', 'pt-BR': 'brasileiro', default: 'plain', de: 'deutsch' }
  t.equal(textIn(texts, ['fr', 'pt']), 'brasileiro')
  t.equal(textIn(texts, ['pt-BR']), 'brasileiro')
  t.equal(textIn(texts, ['de-AT', 'en']), 'deutsch')
  t.equal(textIn(texts, ['fr']), 'plain')
  t.equal(textIn({ en: 'english', de: 'deutsch' }), 'english')
  t.equal(textIn({ de: 'deutsch' }, ['fr']), 'deutsch')
  t.equal(textIn({}), undefined)
  t.end()
})
