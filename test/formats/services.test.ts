import { readFileSync } from 'node:fs'
import t from 'tap'
import { dnsRecords } from '../../src/dns/records.ts'
import { textIn } from '../../src/messages/language.ts'
import { parseEmailAddress } from '../../src/model/address.ts'
import { readers } from '../../src/rehearsal/readers/index.ts'
import { type Asked, Rejected } from '../../src/rehearsal/readers/reader.ts'
import { run } from '../support/command.ts'
import {
  configFolder,
  domain,
  example,
  findings,
  openApp,
  openResolver,
  settingsFor,
} from '../support/example.ts'
import { draftSchema, validate } from '../support/schema/validate.ts'

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

t.test('a placeholder in a URL is filled in for one person, and for a domain everywhere', async (t) => {
  const services = {
    jmap: 'https://jmap.%EMAILDOMAIN%/session',
    caldav: 'https://dav.example.com/SOGo/dav/%EMAILADDRESS%/',
    carddav: 'https://dav.%EMAILDOMAIN%/%EMAILLOCALPART%/caf%AB%CD',
  }
  const { app } = await openApp(t, config({ services }))
  const ask = async (url: string) =>
    (await app.inject({ url, headers: { host: 'autodiscover.example.org', 'x-forwarded-proto': 'https' } }))
      .body
  const address = 'jane%2Bx/y@example.org'
  const profile = (await ask(`/apple/mail.mobileconfig?emailaddress=${address}`)).replace(/\s*\n\s*/g, '')
  t.match(profile, '<key>CalDAVPrincipalURL</key><string>/SOGo/dav/jane%2Bx%2Fy@example.org/</string>')
  t.match(profile, '<key>CardDAVHostName</key><string>dav.example.org</string>')
  t.match(profile, '<key>CardDAVPrincipalURL</key><string>/jane%2Bx%2Fy/caf%AB%CD</string>')
  const xml = await ask(`/autodiscover/autodiscover.xml?emailaddress=${address}`)
  t.match(xml, '<Server>https://dav.example.com/SOGo/dav/jane%2Bx%2Fy@example.org/</Server>')
  t.match(xml, '<Server>https://dav.example.org/jane%2Bx%2Fy/caf%AB%CD</Server>')

  const anybody = await ask('/apple/mail.mobileconfig')
  t.match(anybody, 'dav.example.org', 'the device finds the path')
  t.notMatch(anybody, 'PrincipalURL')
  t.notMatch(await ask('/autodiscover/autodiscover.xml'), 'DAV')
  for (const text of [profile, xml, anybody]) t.notMatch(text, '%EMAIL')

  const { protocols } = JSON.parse(await ask('/.well-known/user-agent-configuration.json'))
  t.strictSame(protocols.jmap, { url: 'https://jmap.example.org/session' })
  t.notOk(protocols.caldav ?? protocols.carddav, 'different for each person')
  const document = await ask('/.well-known/mail-v1.xml')
  t.match(document, '<url>https://jmap.example.org/session</url>')
  t.match(document, services.caldav, 'autoconfig lets clients fill in the person')
  t.match(document, 'https://dav.example.org/%EMAILLOCALPART%/')
})

t.test('the records of a URL with a placeholder have no path that is wrong for everybody', async (t) => {
  const services = {
    caldav: 'https://dav.example.com/%EMAILLOCALPART%/',
    carddav: 'https://dav.%EMAILDOMAIN%/%EMAILDOMAIN%/',
  }
  const resolver = await openResolver(t, config({ services }))
  for (const values of [
    { domain: domain('example.org') },
    { address: parseEmailAddress('jane@example.org') },
  ]) {
    const records = dnsRecords(await settingsFor(resolver, values)).flatMap((section) => section.records)
    t.strictSame(
      records
        .filter(({ name }) => /dav/.test(name))
        .map(({ name: _, ...record }) => Object.values(record).join(' ')),
      [
        'SRV 0 1 443 dav.example.com',
        'SRV 0 0 0 .',
        'SRV 0 1 443 dav.example.org',
        'TXT path=/example.org/',
        'SRV 0 0 0 .',
      ],
    )
  }
})

t.test('check warns about a URL for one person, and rejects one that nothing can fill in', async (t) => {
  const services = {
    caldav: 'https://dav.example.org/%EMAILADDRESS%/',
    carddav: 'https://dav.%EMAILDOMAIN%/a/',
  }
  t.match((await findings(t, config({ services }))).warnings, [
    /services\.caldav is different for each person: .* PACC omits it/,
  ])
  const cases: [object, RegExp][] = [
    [
      { caldav: 'https://d.example.org/%EMAIL%/' },
      /contains %EMAIL%, which nothing replaces; use %EMAILADDRESS%, /,
    ],
    [
      { jmap: 'https://d.example.org/%USER%/' },
      /contains %USER%, which nothing replaces; use %EMAILDOMAIN%$/,
    ],
    [
      { jmap: 'https://d.example.org/%EMAILADDRESS%' },
      /contains %EMAILADDRESS%, but this URL is published only where/,
    ],
    [
      { caldav: 'https://%EMAILLOCALPART%.example.org/' },
      /%EMAILLOCALPART% in the host name, where only %EMAILDOMAIN%/,
    ],
    [{ caldav: 'https://d.example.org/?u=%EMAILADDRESS%' }, /caldav must be a host name and a path/],
    [{ caldav: 'http://%EMAILDOMAIN%/' }, /caldav must be an absolute URL that starts with https:/],
  ]
  for (const [services, error] of cases)
    t.match((await findings(t, config({ services }))).errors.join('\n'), error)
})

t.test('the client ID of OAuth2 is in the documents, and changes nothing for other clients', async (t) => {
  const { oAuth2 } = each['oAuth2'] as { oAuth2: object }
  const withId = { ...oAuth2, clientID: 'mail & co', clientSecret: 'public' }
  const document = await documentAt(t, '/.well-known/mail-v1.xml', { oAuth2: withId })
  t.match(document, '<clientID>mail &amp; co</clientID>')
  t.match(document, '<clientSecret>public</clientSecret>')
  t.strictSame(await validate(draftSchema, bytes(document)), [])
  const before = await documentAt(t, '/.well-known/mail-v1.xml', { oAuth2 })
  t.notMatch(before, 'clientID')
  t.strictSame(troubled(document, before), [])
  const { errors } = await findings(t, config({ oAuth2: { ...oAuth2, clientSecret: 'public' } }))
  t.match(errors, [/oAuth2\.clientSecret requires clientID/])
})

const ofHost = {
  jmap: 'https://jmap.host.example/session',
  caldav: 'https://dav.host.example/cal/',
  managesieve: 'sieve.host.example',
}
const ofDomain = {
  jmap: false,
  caldav: 'https://dav.%EMAILDOMAIN%/cal/%EMAILADDRESS%/',
  carddav: 'https://dav.%EMAILDOMAIN%/card/',
  managesieve: { port: 2000 },
}
const { oAuth2 } = each['oAuth2'] as { oAuth2: { issuer: string } }
const overriding = (services: object, more: object = {}) => ({
  ...config({ services: ofHost, oAuth2 }),
  domains: {
    'example.org': { host: 'maximusconfessor', services, ...more },
    'example.net': 'maximusconfessor',
    '*.example.org': { host: 'maximusconfessor', services: { caldav: false } },
  },
})

t.test('a domain changes services of its host, one by one, in every format', async (t) => {
  const { app } = await openApp(t, overriding(ofDomain))
  const ask = async (host: string, url: string) =>
    (await app.inject({ url, headers: { host, 'x-forwarded-proto': 'https' } })).body.replace(/\s*\n\s*/g, '')
  const at = (path: string, name = 'example.org') => ask(`autoconfig.${name}`, path)

  const document = await at('/.well-known/mail-v1.xml')
  t.match(document, '<url>https://dav.example.org/cal/%EMAILADDRESS%/</url>')
  t.match(document, '<url>https://dav.example.org/card/</url>')
  t.match(document, '<hostname>maximusconfessor.all2all.org</hostname><port>2000</port>')
  t.match(document, '<issuer>id.example.org</issuer>', 'oAuth2 belongs to the host')
  t.notMatch(document, /jmap|host\.example/)
  t.strictSame(await validate(draftSchema, bytes(document)), [])
  const profile = await at('/apple/mail.mobileconfig?emailaddress=jane@example.org')
  t.match(profile, '<key>CalDAVPrincipalURL</key><string>/cal/jane@example.org/</string>')
  t.match(profile, '<key>CardDAVHostName</key><string>dav.example.org</string>')
  const autodiscover = await ask(
    'autodiscover.example.org',
    '/autodiscover/autodiscover.xml?emailaddress=jane@example.org',
  )
  t.match(autodiscover, '<Server>https://dav.example.org/cal/jane@example.org/</Server>')
  const { protocols } = JSON.parse(
    await ask('ua-auto-config.example.org', '/.well-known/user-agent-configuration.json'),
  )
  t.strictSame(protocols.carddav, { url: 'https://dav.example.org/card/' })
  t.notOk(protocols.jmap ?? protocols.caldav)

  const plain = await at('/.well-known/mail-v1.xml', 'example.net')
  for (const url of [ofHost.jmap, ofHost.caldav]) t.match(plain, `<url>${url}</url>`)
  t.match(plain, '<hostname>sieve.host.example</hostname><port>4190</port>')
  const below = await at('/.well-known/mail-v1.xml', 'a.example.org')
  t.match(below, `<url>${ofHost.jmap}</url>`)
  t.notMatch(below, 'calendar')
})

t.test('the records and the commands know the services of a domain', async (t) => {
  const file = configFolder(t, { ...overriding(ofDomain), publicName: 'autoconfig.host.example' })
  const command = async (...args: string[]) => (await run([...args, '--config', file])).stdout
  const zone = await command('dns', 'example.org')
  for (const record of [
    '_caldavs._tcp.example.org. 3600 IN SRV 0 1 443 dav.example.org.',
    '_carddavs._tcp.example.org. 3600 IN TXT "path=/card/"',
    '_sieve._tcp.example.org. 3600 IN SRV 0 1 2000 maximusconfessor.all2all.org.',
  ])
    t.match(zone.replace(/[ \t]+/g, ' '), record)
  t.notMatch(zone, /_jmap/)
  t.match(await command('dns', 'example.net'), /_jmap[^\n]*jmap\.host\.example/)
  t.match(await command('render', 'mail-v1', 'example.org'), 'https://dav.example.org/card/')

  const folder = t.testdirName
  await run(['export', `${folder}/tree`, '--config', file])
  const [exported, ofOthers] = ['entries/example.org', 'hosts/maximusconfessor'].map((name) =>
    readFileSync(`${folder}/tree/${name}/mail-v1.xml`, 'utf8'),
  )
  t.match(exported, '/card/')
  t.match(ofOthers, ofHost.jmap)
})

t.test('after a move, the changes of a domain apply to the services of the next host', async (t) => {
  const resolver = await openResolver(t, {
    ...overriding(
      { caldav: false, carddav: 'https://dav.example.org/card/' },
      {
        moves: [{ at: '1970-01-02T00:00:00Z', host: 'other' }],
      },
    ),
    hosts: {
      ...config({ services: ofHost }).hosts,
      other: {
        hostname: 'other.host.example',
        services: { ...ofHost, jmap: 'https://other.host.example/j' },
      },
    },
  })
  t.strictSame(resolver.find(domain('example.org'))?.services, {
    jmap: 'https://other.host.example/j',
    managesieve: { hostname: 'sieve.host.example', port: 4190, socketType: 'STARTTLS' },
    carddav: 'https://dav.example.org/card/',
  })
})

t.test('check finds errors in the services of a domain, and warns as it does for a host', async (t) => {
  const errorsOf = async (services: object) => (await findings(t, overriding(services))).errors
  const place = 'domains\\["example\\.org"\\]\\.services\\.'
  const cases: [object, string][] = [
    [{ caldav: 'http://dav.example.org/' }, 'caldav must be an absolute URL that starts with https:'],
    [{ caldav: 'https://dav.example.org/%EMAIL%/' }, 'caldav contains %EMAIL%, which nothing replaces'],
    [{ jmap: 'https://j.example.org/%EMAILADDRESS%' }, 'jmap contains %EMAILADDRESS%, but this URL'],
    [{ caldav: true }, 'caldav must be a URL, or false to remove the service$'],
    [{ carddav: null }, 'carddav must be a URL, or false to remove the service$'],
    [
      { managesieve: true },
      'managesieve must be a host name, a mapping with hostname, port and socketType, or false to',
    ],
    [{ managesieve: { port: 0 } }, 'managesieve\\.port must be >= 1'],
    [{ oAuth2: {} }, 'oAuth2 unknown key; the keys are jmap, caldav, carddav, managesieve'],
  ]
  for (const [services, error] of cases)
    t.match((await errorsOf(services)).join('\n'), new RegExp(place + error), JSON.stringify(services))
  t.match((await findings(t, config({ services: { caldav: false } }))).errors, [
    /hosts\.maximusconfessor\.services\.caldav must be a string, not true or false/,
  ])

  const { errors, warnings } = await findings(t, {
    ...overriding(
      {
        jmap: 'https://j.example.org:8443/',
        caldav: 'https://dav.example.org/%EMAILADDRESS%/',
        carddav: false,
        managesieve: 'sieve',
      },
      { moves: [{ at: '2027-01-01T00:00:00Z', host: 'all' }] },
    ),
    hosts: {
      ...config({}).hosts,
      all: { hostname: 'all.host.example', shape: 'all' },
    },
  })
  t.strictSame(errors, [])
  const brief = warnings.map(
    (warning) => warning.replace(/^\S+ domains\["example.org"\].services./, '').split(/[:;]/)[0],
  )
  t.strictSame(brief, [
    'jmap is in every document because of "shape',
    'jmap has a port',
    'caldav is different for each person',
    'managesieve is sieve',
  ])
  const { warnings: ofSieve } = await findings(t, overriding({ managesieve: { hostname: 'sieve' } }))
  t.match(ofSieve, [/services\.managesieve\.hostname is sieve/])
  const lost = await findings(t, {
    ...example,
    domains: { 'example.org': { host: 'nowhere', services: { managesieve: 'sieve' } } },
  })
  t.match(lost, { errors: [/nowhere/], warnings: [/services\.managesieve is sieve/] })
})

t.test('check warns about host names and domains that no client finds', async (t) => {
  const { warnings, errors } = await findings(t, {
    ...example,
    hosts: {
      maximusconfessor: {
        hostname: 'mail',
        servers: [{ type: 'imap', hostname: 'localhost' }, 'submissions'],
        services: { managesieve: 'sieve' },
      },
      other: {
        hostname: 'mail.localdomain',
        servers: [{ type: 'imap', hostname: 'imap.%EMAILDOMAIN%' }, 'submissions'],
        services: { managesieve: { hostname: 'box' } },
      },
    },
    domains: Object.fromEntries(
      [
        'example.org',
        'localhost',
        'mail.localhost',
        'com',
        'co.uk',
        '*.com',
        '*.com.br',
        '*',
        'co.example.org',
        '*.example.org',
        'co.info',
      ].map((name) => [name, 'maximusconfessor']),
    ),
  })
  t.strictSame(errors, [])
  const brief = warnings.map((warning) => warning.replace(/^\S+ /, '').split(':')[0])
  t.strictSame(brief, [
    'hosts.maximusconfessor.hostname is mail',
    'hosts.maximusconfessor.servers[0].hostname is localhost',
    'hosts.maximusconfessor.services.managesieve is sieve',
    'hosts.other.hostname is mail.localdomain',
    'hosts.other.services.managesieve.hostname is box',
    'domains.localhost is a name of this machine only',
    'domains["mail.localhost"] is a name of this machine only',
    'domains.com looks like a public suffix, under which others register domains',
    'domains["co.uk"] looks like a public suffix, under which others register domains',
    'domains["*.com"] covers every domain under a public suffix, which belong to many people',
    'domains["*.com.br"] covers every domain under a public suffix, which belong to many people',
  ])
})

t.test('mail-v1.xml contains the username of the domain, never the login of one person', async (t) => {
  const { app } = await openApp(t, {
    ...example,
    accounts: { disclose: 'public', map: { 'jane@example.org': 'user0001', 'joe@example.org': 'joe' } },
  })
  const ask = async (path: string, address: string) =>
    app.inject({ url: `${path}?emailaddress=${address}`, headers: { host: 'autoconfig.example.org' } })
  const usernames = (xml: string) =>
    new Set([...xml.matchAll(/<username>(.*?)<\/username>/g)].map(([, name]) => name))
  const anybody = await app.inject({
    url: '/.well-known/mail-v1.xml',
    headers: { host: 'autoconfig.example.org' },
  })
  for (const address of ['jane@example.org', 'joe@example.org', 'nobody@example.org']) {
    const { body, headers } = await ask('/.well-known/mail-v1.xml', address)
    t.equal(body, anybody.body, address)
    t.match(headers['cache-control'], /public/)
  }
  t.strictSame(usernames(anybody.body), new Set(['%EMAILADDRESS%']))
  t.strictSame(
    usernames((await ask('/mail/config-v1.1.xml', 'jane@example.org')).body),
    new Set(['user0001']),
  )
  const file = configFolder(t, {
    ...example,
    accounts: { disclose: 'public', map: { 'jane@example.org': 'user0001' } },
  })
  const { stdout } = await run(['render', 'mail-v1', 'jane@example.org', '--config', file])
  t.strictSame(usernames(stdout), new Set(['%EMAILADDRESS%']), 'the command prints what the server sends')
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
