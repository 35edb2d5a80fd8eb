import t from 'tap'
import { example, openApp } from '../support/example.ts'

const url = '/.well-known/user-agent-configuration.json'
const headers = { host: 'ua-auto-config.example.org' }

/** The example with more settings for its first host. */
const hostWith = (more: object) => ({
  ...example,
  hosts: { ...example.hosts, maximusconfessor: { ...example.hosts.maximusconfessor, ...more } },
})

async function ask(t: Parameters<typeof openApp>[0], config: object, host = headers.host) {
  const { app } = await openApp(t, config)
  const { statusCode, body, headers } = await app.inject({ url, headers: { host } })
  return { statusCode, headers, body, document: statusCode === 200 ? JSON.parse(body) : undefined }
}

t.test('the document names servers, authentication and provider', async (t) => {
  const documentation = [{ url: 'https://www.all2all.org/', descr: { en: 'Help' } }]
  const { statusCode, headers, body, document } = await ask(t, {
    ...example,
    provider: { ...example.provider, displayName: 'all2all   mail', documentation },
  })
  t.equal(statusCode, 200)
  t.match(headers, {
    'content-type': 'application/json',
    'cache-control': 'public, max-age=3600, no-transform',
  })
  t.strictSame(document, {
    protocols: {
      imap: { host: 'maximusconfessor.all2all.org' },
      pop3: { host: 'maximusconfessor.all2all.org' },
      submit: { host: 'maximusconfessor.all2all.org' },
      smtp: { host: 'maximusconfessor.all2all.org' },
    },
    authentication: { password: true },
    info: {
      provider: { name: 'all2all mail', shortName: 'all2all' },
      help: { documentation: 'https://www.all2all.org/' },
    },
  })
  t.ok(body.endsWith('}\n'))
})

t.test('the bytes are the same for every request, and never compressed', async (t) => {
  const { app } = await openApp(t)
  const plain = await app.inject({ url, headers })
  for (const more of [{ 'accept-encoding': 'gzip' }, { 'accept-language': 'fr' }, { 'user-agent': 'x' }]) {
    const other = await app.inject({ url: `${url}?x=y`, headers: { ...headers, ...more } })
    t.same(other.rawPayload, plain.rawPayload)
    t.notOk(other.headers['content-encoding'])
    t.notOk(other.headers.vary)
  }
  const again = await app.inject({
    url,
    headers: { ...headers, 'if-none-match': String(plain.headers.etag) },
  })
  t.equal(again.statusCode, 304)
})

t.test('pacc.submissionKey sets the key for outgoing mail', async (t) => {
  for (const [submissionKey, keys] of Object.entries({
    submit: ['submit'],
    smtp: ['smtp'],
    both: ['submit', 'smtp'],
  })) {
    const { document } = await ask(t, { ...example, pacc: { submissionKey } })
    t.strictSame(Object.keys(document.protocols), ['imap', 'pop3', ...keys])
  }
})

t.test(
  'if the login name is not the address, there is no document unless the configuration has pacc: true',
  async (t) => {
    const byName = { username: '%EMAILLOCALPART%' }
    const on = (domain: object) => ({
      ...example,
      domains: { 'example.org': { host: 'maximusconfessor', ...domain } },
    })
    const cases: [string, object, number][] = [
      ['a host', hostWith(byName), 404],
      ['a host with pacc: true', hostWith({ ...byName, pacc: true }), 200],
      ['a host with pacc: false', hostWith({ pacc: false }), 404],
      ['a domain', on(byName), 404],
      ['a domain with pacc: true', on({ ...byName, pacc: true }), 200],
      ['a domain with pacc: false', on({ pacc: false }), 404],
      [
        'a domain that overrides its host',
        { ...hostWith({ pacc: false }), ...{ domains: on({ pacc: true }).domains } },
        200,
      ],
    ]
    for (const [name, config, status] of cases) t.equal((await ask(t, config)).statusCode, status, name)
    const { body } = await ask(t, hostWith(byName))
    t.equal(
      body,
      'Not available for this domain: PACC clients log in with the address, but the username here is different; set pacc: true to publish the document anyway.\n',
    )
  },
)

t.test('PACC supports only TLS from the first byte on the standard ports', async (t) => {
  const cases: [object[], string[] | undefined][] = [
    [['imap', 'submissions'], undefined],
    [['imaps', 'submission'], undefined],
    [['imaps', { type: 'smtp', port: 466, socketType: 'SSL' }], undefined],
    [
      ['imaps', 'pop3', 'submissions'],
      ['imap', 'submit', 'smtp'],
    ],
    [
      ['pop3s', 'submissions'],
      ['pop3', 'submit', 'smtp'],
    ],
  ] as [object[], string[] | undefined][]
  for (const [servers, keys] of cases) {
    const { document, body } = await ask(t, hostWith({ servers }))
    if (keys) t.strictSame(Object.keys(document.protocols), keys)
    else t.match(body, /PACC supports only TLS on ports 993 or 995 and 465/)
  }
  const twice = {
    shape: 'all',
    servers: ['imaps', { type: 'imap', hostname: 'second.example.org' }, 'submissions'],
  }
  t.equal(
    (await ask(t, hostWith(twice))).document.protocols.imap.host,
    'maximusconfessor.all2all.org',
    'the first of two',
  )
})

t.test('OAuth2, calendars, contacts and JMAP are in the document if PACC can express them', async (t) => {
  const { document } = await ask(
    t,
    hostWith({
      servers: [
        { type: 'imap', authentication: ['OAuth2'] },
        { type: 'smtp', authentication: ['OAuth2'] },
      ],
      services: {
        jmap: 'https://jmap.example.org/session',
        caldav: 'https://dav.example.org/',
        carddav: 'https://dav.example.org:8443/card/',
        managesieve: 'sieve.example.org',
      },
      oAuth2: {
        issuer: 'https://id.example.org/',
        authURL: 'https://id.example.org/authorize',
        tokenURL: 'https://id.example.org/token',
        scope: 'mail',
      },
    }),
  )
  t.strictSame(document.protocols.jmap, { url: 'https://jmap.example.org/session' })
  t.notOk(document.protocols.caldav, 'no path')
  t.notOk(document.protocols.carddav, 'a port')
  t.notOk(document.protocols.managesieve, 'no port for TLS from the first byte')
  t.strictSame(document.authentication, {
    'oauth-public': { issuer: 'https://id.example.org/' },
    password: false,
  })
})

t.test('there is no document if clients could not log in', async (t) => {
  const servers = ['imap', 'smtp'].map((type) => ({ type, authentication: ['OAuth2'] }))
  const { statusCode, body } = await ask(t, hostWith({ servers }))
  t.equal(statusCode, 404)
  t.match(body, /PACC supports only passwords and OAuth2; the servers accept neither, or oAuth2 is missing/)
})

t.test('the answer for an unknown domain has status 404', async (t) => {
  t.equal((await ask(t, example, 'ua-auto-config.elsewhere.example')).statusCode, 404)
})
