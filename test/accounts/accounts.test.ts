import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { buildAccountTable, entriesOf, hasDomain, targetOf } from '../../src/accounts/account-table.ts'
import { readVirtualMap } from '../../src/accounts/virtual-map.ts'
import { lookupByAddress } from '../../src/http/lookup.ts'
import { lookupOf } from '../../src/model/lookup.ts'
import { loginOf } from '../../src/model/placeholders.ts'
import { accountSettings } from '../../src/model/settings.ts'
import type { Resolution } from '../../src/resolver/resolution.ts'
import { Resolver } from '../../src/resolver/resolver.ts'
import { run } from '../support/command.ts'
import { configFolder, domain, example, findings, load, openApp, textOf } from '../support/example.ts'

/** An example with public login names. */
const withAccounts = (accounts: object, domains: object = {}) => ({
  ...example,
  domains: { ...example.domains, ...domains },
  accounts: { disclose: 'public', ...accounts },
})

const withFile = (domains: object = {}) => withAccounts({ files: ['virtual'] }, domains)

/** The login name that a client gets for an address; for an unknown address, the username of the domain. */
function login(resolver: Resolver, address: string): string | undefined {
  const lookup = lookupByAddress(address, 'localhost')
  const { domain, clientConfig } = resolver.resolve(lookup) as Resolution
  const settings = accountSettings(domain, clientConfig, lookup.person())
  return loginOf(clientConfig.servers[0]?.username ?? '', settings)
}

async function open(t: Test, virtual: string | Uint8Array, config: object = withFile()): Promise<Resolver> {
  return new Resolver(await load(t, config, { virtual }))
}

/** Checks the login name of each address. */
function check(t: Test, resolver: Resolver, expected: Readonly<Record<string, string>>): void {
  for (const [address, right] of Object.entries(expected)) t.equal(login(resolver, address), right, address)
}

t.test('the log of a public login name says the host, and nothing of who asks', async (t) => {
  const { app, lines } = await openApp(t, withAccounts({ map: { 'info@example.org': 'user0001' } }))
  const { body } = await app.inject({ url: '/mail/config-v1.1.xml?emailaddress=info@example.org' })
  t.equal(textOf(body, 'username'), 'user0001')
  t.match(
    lines.map((line) => JSON.parse(line)),
    [{ host: 'maximusconfessor', status: 200 }],
  )
  t.notMatch(lines.join(''), /info@|user0001|example\.org/)
})

t.test('the map of the configuration gives the login name of an address', async (t) => {
  const map = {
    'info@example.org': 'user0001',
    'Jane.Doe@Example.ORG': 'user0002',
    '@example.net': 'user0003',
    'info@bücher.example': 'user0004',
    'mixed@example.net': 'User0005',
  }
  const resolver = await open(t, '', withAccounts({ map }, { 'xn--bcher-kva.example': 'maximusconfessor' }))
  check(t, resolver, {
    'info@example.org': 'user0001',
    'INFO@EXAMPLE.ORG': 'user0001',
    'jane.doe@example.org': 'user0002',
    'nobody@example.org': 'nobody@example.org',
    'anybody@example.net': 'user0003',
    'mixed@example.net': 'User0005',
    'info@xn--bcher-kva.example': 'user0004',
    'info@bücher.example': 'user0004',
  })
})

t.test('a line of a virtual alias map is an address, white space, and a target', async (t) => {
  const lines = {
    plain: 'info@example.org user0001',
    'with tabs and blanks': 'info@example.org \t  user0001 \t',
    'with CRLF': 'jane@example.org user0002\r\ninfo@example.org user0001\r\n',
    'behind comments and empty lines': '# all of them\n\n  \n  # indented\ninfo@example.org user0001',
    'with a comment behind it': 'info@example.org user0001 # moved in May',
    'behind a byte order mark': '\ufeffinfo@example.org user0001',
    'in capitals': 'INFO@Example.ORG user0001',
    'with a trailing dot': 'info@example.org. user0001',
    'with a comma behind it': 'info@example.org user0001,',
    'with the target in the next line': 'info@example.org\n  user0001',
    'with a comment before the next line': 'info@example.org\n# the target\n  user0001',
    'behind a line that goes on from nothing': '  user0009\ninfo@example.org user0001',
    'behind bytes that are no UTF-8': Buffer.from(
      'caf\xe9@example.org user0009\ninfo@example.org user0001',
      'latin1',
    ),
    'said twice': 'info@example.org user0001\ninfo@example.org user0001',
    'the first of two': 'info@example.org user0001\ninfo@example.org user0002',
    'as a catch-all': '@example.org user0001',
    'before the catch-all': '@example.org user0002\ninfo@example.org user0001',
    'on a mail host': 'info@example.org user0001@maximusconfessor.all2all.org',
    'an account without more aliases': 'info@example.org \\user0001',
    'on a mail host in capitals': 'info@example.org user0001@MaximusConfessor.all2all.org.',
  }
  for (const [name, virtual] of Object.entries(lines))
    t.equal(login(await open(t, virtual), 'info@example.org'), 'user0001', name)
})

t.test('an address that leads to no mailbox, or to several, has no login name', async (t) => {
  const lines = {
    'nothing at all': '',
    'another address': 'jane@example.org user0001',
    'a part of the address': 'inf@example.org user0001\ninfo2@example.org user0001',
    'two accounts': 'info@example.org user0001, user0002',
    'two accounts in two lines': 'info@example.org user0001\n\tuser0002',
    'a mailbox elsewhere': 'info@example.org jane@elsewhere.example',
    'a pipe': 'info@example.org |/usr/bin/vacation',
    'a pipe in quotes': 'info@example.org "|/usr/bin/vacation jane"',
    'a file': 'info@example.org /var/mail/info',
    'a list': 'info@example.org :include:/etc/postfix/lists/info',
    'an account of a Windows domain': 'info@example.org EXAMPLE\\info',
    'a mailbox elsewhere, in two lists':
      'info@example.org a@example.org\na@example.org b@elsewhere.example, c@elsewhere.example',
    'no domain at all': 'info@example.org jane@',
    'a domain that is none': 'info@example.org jane@[192.0.2.1]',
    'a circle': 'info@example.org jane@example.org\njane@example.org info@example.org',
    'a circle of domains': '@example.org @example.net\n@example.net @example.org',
  }
  for (const [name, virtual] of Object.entries(lines))
    t.equal(login(await open(t, virtual), 'info@example.org'), 'info@example.org', name)
})

t.test('aliases are followed to the mailbox', async (t) => {
  const chain = (length: number) =>
    Array.from({ length }, (_, step) => `a${step}@example.org a${step + 1}@example.org`).join('\n')
  const resolver = await open(
    t,
    [
      'office@example.org jane@example.org',
      'jane@example.org Jane.Doe@Example.COM',
      'jane.doe@example.com user0001',
      '@example.com @example.org',
      'bob@example.org bob@example.org',
      'bob@example.net user0002',
      'sales@example.org bob@example.net',
      'mailbox@example.org box@localpart.example',
      'list@example.org office@example.org, bob@example.org',
      'all@example.org list@example.org',
    ].join('\n'),
    withFile({
      'example.com': 'maximusconfessor',
      'example.net': 'maximusconfessor',
      'localpart.example': { host: 'maximusconfessor', username: '%EMAILLOCALPART%' },
    }),
  )
  check(t, resolver, {
    'office@example.org': 'user0001',
    'jane@example.org': 'user0001',
    'sales@example.org': 'user0002',
    'office@example.com': 'user0001',
    'jane.doe@example.com': 'user0001',
    // The mailbox has the name of its address.
    'bob@example.org': 'bob@example.org',
    'bob@example.com': 'bob@example.org',
    'mailbox@example.org': 'box',
    'all@example.org': 'all@example.org',
  })
  t.equal(login(await open(t, `${chain(9)}\na9@example.org user0001`), 'a0@example.org'), 'user0001')
  t.equal(login(await open(t, `${chain(12)}\na12@example.org user0001`), 'a0@example.org'), 'a0@example.org')
})

t.test('a domain that is an alias of another has the same login names', async (t) => {
  const virtual = '@example.org @example.net\ninfo@example.net user0001\nown@example.org user0002\n'
  const resolver = await open(t, virtual, withFile({ 'example.net': 'maximusconfessor' }))
  check(t, resolver, {
    'info@example.org': 'user0001',
    'own@example.org': 'user0002',
    'own@example.net': 'own@example.net',
    'mailbox@example.org': 'mailbox@example.net',
  })
  const accounts = await open(t, '@example.org @maximusconfessor.all2all.org')
  check(t, accounts, { 'user0001@example.org': 'user0001' })
})

t.test('the extension after a plus is ignored, unless a line contains it', async (t) => {
  const resolver = await open(
    t,
    'info@example.org user0001\ninfo+own@example.org user0002\n@example.org user0009\n+@example.org user0003',
  )
  check(t, resolver, {
    'info+news@example.org': 'user0001',
    'info+a+b@example.org': 'user0001',
    'info+own@example.org': 'user0002',
    'jane+news@example.org': 'user0009',
    '+news@example.org': 'user0009',
    '+@example.org': 'user0003',
  })
})

t.test(
  'a real file can be used: lines without a domain are ignored, with one warning for each cause',
  async (t) => {
    const virtual = [
      '# /etc/postfix/virtual',
      'example.org         anything',
      'postmaster          root',
      'info@example.org    user0001',
      'a_b@exam_ple.org    user0002',
      'jane@example.org    user0003,',
      '                    user0004',
      'empty@example.org',
      '@example.net        user0005',
    ].join('\r\n')
    const { errors, warnings } = await findings(t, withFile(), { virtual })
    t.strictSame(errors, [])
    t.strictSame(warnings, [
      'virtual:3:1 ignored: not an address with a domain (and on 1 more line)',
      'virtual:8:1 ignored: no target after the address',
    ])
    check(t, await open(t, virtual), {
      'info@example.org': 'user0001',
      'jane@example.org': 'jane@example.org',
      'empty@example.org': 'empty@example.org',
      'any@example.net': 'user0005',
    })
    const one = await findings(t, withFile(), { virtual: 'info@example.org user0001\npostmaster root\n' })
    t.match(one.warnings, ['virtual:2:1 ignored: not an address with a domain'])
    t.strictSame((await findings(t, withFile(), { virtual: 'info@example.org user0001\n' })).warnings, [])
  },
)

t.test('the map has precedence over the files, and a file over the next', async (t) => {
  const config = withAccounts({ map: { 'info@example.org': 'user0001' }, files: ['virtual', 'other'] })
  const resolver = new Resolver(
    await load(t, config, {
      virtual: 'info@example.org user0002\njane@example.org user0003\n',
      other: 'jane@example.org user0004\nbob@example.org user0005\n',
    }),
  )
  check(t, resolver, {
    'info@example.org': 'user0001',
    'jane@example.org': 'user0003',
    'bob@example.org': 'user0005',
  })
})

t.test('errors are reported with their place', async (t) => {
  const errorsOf = async (accounts: object, files: Record<string, string> = {}) =>
    (await findings(t, withAccounts(accounts), files)).errors
  t.strictSame(await errorsOf({ map: { info: 'user0001', 'jane@exam_ple.org': 'user0002' } }), [
    'autoconfig.yaml:16:5 accounts.map.info is not an address; write info@example.org, or @example.org for any other address of the domain',
    'autoconfig.yaml:17:5 accounts.map["…"] is not an address; write info@example.org, or @example.org for any other address of the domain',
  ])
  t.strictSame(await errorsOf({ map: { 'info@example.org': 'user0001', 'Info@example.org.': 'user0002' } }), [
    'autoconfig.yaml:17:5 accounts.map["…"] has another login name in autoconfig.yaml:16; remove one of them',
  ])
  t.strictSame(
    await errorsOf({ map: { 'info@example.org': 'user0001', 'INFO@example.org': 'user0001' } }),
    [],
    'the same login twice is not an error',
  )
  t.match(await errorsOf({ map: { 'info@example.org': 'user\u00070001' } }), [
    /^autoconfig\.yaml:16:\d+ accounts\.map\["…"\] must not contain control characters/,
  ])
  t.match(await errorsOf({ files: ['missing'] }), [
    /^autoconfig\.yaml:16:\d+ accounts\.files\[0\] cannot be read: there is no such file$/,
  ])
  t.match(await errorsOf({ disclose: 'nobody' }), [/^autoconfig\.yaml:14:\d+ accounts\.disclose /])
})

t.test('decoys require a secret, and its errors are reported with their place', async (t) => {
  const errorsOf = async (accounts: object, files: Record<string, string> = {}) =>
    (await findings(t, withAccounts(accounts), files)).errors
  t.strictSame(await errorsOf({ decoys: true }), [
    'autoconfig.yaml:15:11 accounts.decoys requires accounts.secretFile, a file with a secret of at least 32 bytes',
  ])
  t.strictSame(await errorsOf({ decoys: true, secretFile: 'secret' }, { secret: 'x'.repeat(31) }), [
    'autoconfig.yaml:16:15 accounts.secretFile secret has 31 bytes; a secret must have at least 32',
  ])
  t.strictSame(await errorsOf({ decoys: true, secretFile: 'missing' }), [
    'autoconfig.yaml:16:15 accounts.secretFile cannot be read: there is no such file',
  ])
  t.strictSame(await errorsOf({ secretFile: 'missing' }), [], 'without decoys, the secret is not read')
})

t.test(
  'any virtual alias file results in addresses, in warnings, or in an error that names its kind',
  async (t) => {
    t.doesNotThrow(() =>
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
          const left: number[] = []
          const aliases = readVirtualMap(bytes, (line) => left.push(line))
          const lines = aliases.map(({ line }) => line)
          return (
            lines.every((line, index) => line > (lines[index - 1] ?? 0) && !left.includes(line)) &&
            aliases.every(({ targets }) => targets.length > 0)
          )
        }),
        { numRuns: 2000 },
      ),
    )
    const line = fc.oneof(
      fc
        .tuple(fc.emailAddress(), fc.constantFrom(' ', '\t', '  '), fc.oneof(fc.emailAddress(), fc.string()))
        .map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    )
    await t.resolves(
      fc.assert(
        fc.asyncProperty(fc.array(line, { maxLength: 8 }), async (lines) => {
          const { errors, warnings } = await findings(t, withFile(), { virtual: lines.join('\n') })
          const areKinds = errors.every((error) => /^virtual:\d+:1 this is /.test(error))
          return areKinds && warnings.every((warning) => warning.startsWith('virtual:'))
        }),
        { numRuns: 60 },
      ),
    )
  },
)

t.test('the table contains exactly what was added', async (t) => {
  const localPart = fc.oneof(fc.constant(''), fc.string({ maxLength: 6 }), fc.string({ unit: 'grapheme' }))
  const name = fc.constantFrom('a.example', 'a.example.org', 'b.example', 'xn--bcher-kva.example')
  const key = fc.tuple(
    name,
    localPart.filter((text) => !text.includes('\0')),
  )
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string(),
          fc.tuple(
            key,
            fc.string().filter((text) => !text.includes('\0')),
          ),
        ),
        key,
        (made, [otherDomain, otherLocalPart]) => {
          const map = new Map(
            Object.values(made).map(([[domain, localPart], target]) => [`${domain}\0${localPart}`, target]),
          )
          const entries = [...map].map(([found, target]) => {
            const [domain = '', localPart = ''] = found.split('\0')
            return { domain, localPart, target }
          })
          const table = buildAccountTable(entries)
          const all = [...entriesOf(table)]
          return (
            all.length === map.size &&
            all.every(({ domain, localPart, target }) => map.get(`${domain}\0${localPart}`) === target) &&
            entries.every(({ domain, localPart, target }) => targetOf(table, domain, localPart) === target) &&
            targetOf(table, otherDomain, otherLocalPart) === map.get(`${otherDomain}\0${otherLocalPart}`) &&
            hasDomain(table, otherDomain) === entries.some(({ domain }) => domain === otherDomain) &&
            [...entriesOf(table, otherDomain)].length ===
              entries.filter(({ domain }) => domain === otherDomain).length
          )
        },
      ),
    ),
  )
  const one = buildAccountTable([{ domain: 'a.example', localPart: 'info', target: '' }])
  t.equal(targetOf(one, 'a.example', 'info'), '', 'an address without a target is known')
  t.equal(
    targetOf(one, 'a.example', 'info\0more'),
    undefined,
    'a line that is a prefix of the name does not match',
  )
  t.equal(hasDomain(one, 'a.exampl'), false)
})

t.test('each of 70,000 accounts is found, and no other', async (t) => {
  const domains = ['example.org', 'example.net', 'example.com', 'a.example', 'b.example']
  const all = new Map(
    // More than 16 bits can count.
    Array.from({ length: 70_000 }, (_, index) => [
      `n${(index * 7919) % 70_001}@${domains[index % domains.length]}`,
      `user${String(index).padStart(6, '0')}`,
    ]),
  )
  const virtual = [...all].map(([address, account]) => `${address}\t${account}\n`).join('')
  const map = Object.fromEntries(domains.map((name) => [name, 'maximusconfessor']))
  const resolver = await open(t, virtual, withFile(map))
  const addresses = [...all.keys()]
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: addresses.length - 1 }),
        fc.integer({ min: 0, max: 80_000 }),
        fc.constantFrom(...domains),
        (index, number, domain) => {
          const known = addresses[index] as string
          const other = `n${number}@${domain}`
          return (
            login(resolver, known) === all.get(known) &&
            login(resolver, known.toUpperCase()) === all.get(known) &&
            login(resolver, other) === (all.get(other) ?? other)
          )
        },
      ),
      { numRuns: 1000 },
    ),
  )
})

const map = { 'info@example.org': 'user0001', 'jane@example.org': 'user0002' }
const autoconfigUrls = [
  '/mail/config-v1.1.xml',
  '/.well-known/autoconfig/mail/config-v1.1.xml',
  '/v1.1/mail/config-v1.1.xml',
]
const paccUrl = '/.well-known/user-agent-configuration.json'
const host = 'autoconfig.example.org'
const headers = { host }

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
const evolution = (address: string, domain = 'example.org'): string =>
  `?emailaddress=EVOLUTIONUSER%40${domain}&emailmd5=${md5(address)}`

/** Queries without an address, or with only a part of one. */
const impersonal = [
  '',
  '?emailaddress=',
  '?emailaddress=example.org',
  '?emailaddress=EVOLUTIONUSER%40example.org',
  '?emailaddress=info%40elsewhere.example',
  '?emailaddress=info',
  '?emailaddress=EVOLUTIONUSER%40example.org&emailmd5=',
]

type Injected = Awaited<ReturnType<Awaited<ReturnType<typeof openApp>>['app']['inject']>>

/** All headers except those with the time and the length. */
const headersOf = ({ headers }: Injected) => {
  const { date: _date, 'content-length': _length, ...rest } = headers
  return rest
}

t.test('link: public URLs have the same answer for every address, which may be cached', async (t) => {
  const { app, lines } = await openApp(t, withAccounts({ disclose: 'link', map }))
  for (const path of autoconfigUrls) {
    const plain = await app.inject({ url: path, headers })
    t.equal(plain.statusCode, 200)
    t.equal(textOf(plain.body, 'username'), '%EMAILADDRESS%')
    t.match(plain.headers, { 'cache-control': 'public, max-age=3600', etag: /^"/ })
    const queries = [
      ...impersonal,
      ...['info', 'jane', 'nobody', 'INFO', 'info%2Btag'].map(
        (name) => `?emailaddress=${name}%40example.org`,
      ),
      evolution('info@example.org'),
      evolution('nobody@example.org'),
    ]
    for (const query of queries) {
      const other = await app.inject({ url: path + query, headers })
      t.same(other.rawPayload, plain.rawPayload, query)
      t.strictSame(headersOf(other), headersOf(plain), query)
    }
    const zipped = await app.inject({
      url: `${path}?emailaddress=info@example.org`,
      headers: { ...headers, 'accept-encoding': 'gzip' },
    })
    t.match(zipped.headers, { 'content-encoding': 'gzip', etag: /-gzip"$/ })
    const again = await app.inject({
      url: `${path}?emailaddress=info@example.org`,
      headers: { ...headers, 'if-none-match': String(plain.headers.etag) },
    })
    t.equal(again.statusCode, 304)
  }
  t.notMatch(lines.join(''), /info|jane|nobody|user000|emailmd5|@/)
})

t.test('link: no login name is published, and formats with an address contain none', async (t) => {
  const config = withAccounts({ disclose: 'link', map })
  const { app } = await openApp(t, config)
  const bodyOf = async (url: string) => (await app.inject({ url, headers })).body
  for (const name of ['info', 'nobody']) {
    const query = `?emailaddress=${name}@example.org`
    const profile = await bodyOf(`/apple/mail.mobileconfig${query}`)
    t.match(profile, `<string>${name}@example.org</string>`)
    t.notMatch(profile, /MailServerUsername|user000/)
    const autodiscover = await bodyOf(`/autodiscover/autodiscover.xml${query}`)
    const logins = [...autodiscover.matchAll(/<LoginName>(.*?)<\/LoginName>/g)].map(([, login]) => login)
    t.strictSame(
      logins,
      Array(3).fill(`${name}@example.org`),
      'without one, Outlook uses the part before the @',
    )
    t.notMatch(autodiscover, /user000/)
    for (const picture of ['svg', 'png']) {
      const code = await app.inject({ url: `/thunderbird/qr.${picture}${query}`, headers })
      t.equal(code.statusCode, 404)
      t.equal(
        code.body,
        "Not available for this domain: this domain's usernames are not public; ask your provider for a personal setup link.\n",
      )
    }
  }
  const elsewhere = { host: 'autoconfig.example.net' }
  const other = await app.inject({
    url: '/apple/mail.mobileconfig?emailaddress=info@example.net',
    headers: elsewhere,
  })
  t.match(other.body, /MailServerUsername/, 'a domain without accounts publishes its login name')
})

t.test('PACC, whose clients log in with the address, is published on request only', async (t) => {
  for (const disclose of ['link', 'public']) {
    const ask = async (domains: object, host: string) => {
      const { app } = await openApp(t, withAccounts({ disclose, map }, domains))
      return app.inject({ url: paccUrl, headers: { host } })
    }
    const refused = await ask({}, 'ua-auto-config.example.org')
    t.equal(refused.statusCode, 404)
    t.match(refused.body, /PACC clients log in with the address, but the username here is different/)
    const said = { 'example.org': { host: 'maximusconfessor', pacc: true } }
    t.equal((await ask(said, 'ua-auto-config.example.org')).statusCode, 200)
    t.equal((await ask({}, 'ua-auto-config.example.net')).statusCode, 200, 'a domain without accounts')
  }
})

t.test('public: autoconfig contains the login name at every URL, and must not be cached', async (t) => {
  const { app } = await openApp(t, withAccounts({ map }))
  for (const path of autoconfigUrls) {
    for (const address of [
      'info%40example.org',
      'info@example.org',
      'INFO@Example.ORG',
      'info%2btag@example.org',
    ]) {
      const {
        statusCode,
        body,
        headers: told,
      } = await app.inject({
        url: `${path}?emailaddress=${address}`,
        headers: { host: 'localhost' },
      })
      t.equal(statusCode, 200)
      t.strictSame(new Set(body.match(/(?<=<username>)[^<]*/g)), new Set(['user0001']))
      t.equal(told['cache-control'], 'no-store')
      t.notOk(told.etag)
      t.notOk(told['content-encoding'])
    }
  }
  for (const path of ['/v1.1/example.org', '/autoconfig/v1.1/example.org', '/v1.1/info@example.org']) {
    const { body, headers: told } = await app.inject({ url: `${path}?emailaddress=info@example.org` })
    t.equal(textOf(body, 'username'), '%EMAILADDRESS%', 'an ISPDB is about domains')
    t.equal(told['cache-control'], 'public, max-age=3600')
  }
})

t.test('public: Autodiscover, profile and QR code contain the login name', async (t) => {
  const { app, file } = await openApp(t, withAccounts({ map }))
  const asked =
    '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>info@example.org</EMailAddress></Request></Autodiscover>'
  const answers = [
    await app.inject({ url: '/autodiscover/autodiscover.xml?emailaddress=info@example.org', headers }),
    await app.inject({ method: 'POST', url: '/autodiscover/autodiscover.xml', headers, payload: asked }),
  ]
  for (const { body } of answers) t.equal(textOf(body, 'LoginName'), 'user0001')
  const profile = await app.inject({ url: '/apple/mail.mobileconfig?emailaddress=info@example.org', headers })
  t.match(profile.body, /<key>IncomingMailServerUsername<\/key>\s*<string>user0001</)
  t.match(profile.body, /<key>OutgoingMailServerUsername<\/key>\s*<string>user0001</)
  t.match(profile.body, '<string>info@example.org</string>')
  const { stdout } = await run(['render', 'thunderbird-qr', 'info@example.org', '--config', file])
  t.match(stdout, '993,3,1,"user0001"]')
  t.match(stdout, '["info@example.org","info"]')
})

/** The requests that are sent for a known and for an unknown address. */
const requests: readonly (readonly [name: string, method: 'GET' | 'HEAD', more: Record<string, string>])[] = [
  ['GET', 'GET', {}],
  ['HEAD', 'HEAD', {}],
  ['with gzip', 'GET', { 'accept-encoding': 'gzip' }],
  ['with any cached answer', 'GET', { 'if-none-match': '*' }],
  ['from a page', 'GET', { origin: 'https://elsewhere.example' }],
]

for (const decoys of [false, true]) {
  const secret = decoys ? { decoys, secretFile: 'secret' } : {}

  t.test(
    `public${decoys ? ', with decoys' : ''}: known and unknown addresses differ only in the login name`,
    async (t) => {
      const config = withAccounts({ map, ...secret })
      const { app, lines } = await openApp(t, config, { secret: 'x'.repeat(32) })
      const urls = [
        ...[...autoconfigUrls, '/autodiscover/autodiscover.xml'],
        ...['/apple/mail.mobileconfig', '/thunderbird/qr.svg', '/thunderbird/qr.png'],
        ...['/apple/qr.svg', '/autodiscover/autodiscover.json'],
      ]
      for (const path of urls) {
        for (const [name, method, more] of requests) {
          const ask = (address: string) =>
            app.inject({
              method,
              url: `${path}?emailaddress=${address}%40example.org&Protocol=${/json|autodiscover/.test(path) ? 'AutodiscoverV1' : 'imap'}`,
              headers: { host: 'autoconfig.example.org', 'x-forwarded-proto': 'https', ...more },
            })
          const known = await ask('jane')
          for (const address of ['nobody', 'jane2', 'joan']) {
            const unknown = await ask(address)
            t.equal(unknown.statusCode, known.statusCode, `${path}, ${name}`)
            t.strictSame(headersOf(unknown), headersOf(known), `${path}, ${name}`)
            t.strictSame(Object.keys(unknown.headers), Object.keys(known.headers), 'in the same order')
          }
          if (!path.startsWith('/auto')) t.equal(known.headers['cache-control'], 'no-store')
        }
      }
      for (const path of autoconfigUrls) {
        const bodyOf = async (name: string) =>
          (await app.inject({ url: `${path}?emailaddress=${name}@example.org`, headers })).body
        const [known, unknown] = [await bodyOf('jane'), await bodyOf('nobody')]
        const told = textOf(unknown, 'username') as string
        t.match(told, decoys ? /^user000\d$/ : '%EMAILADDRESS%')
        t.equal(known.replaceAll('user0002', told), unknown)
        t.notMatch(known, /jane/, 'the document does not contain the address')
      }
      t.ok(lines.length > 100)
      t.notMatch(lines.join(''), /jane|joan|nobody|user000|@|%40/)
    },
  )

  t.test(`public${decoys ? ', with decoys' : ''}: the same on the fast path`, async (t) => {
    const { app } = await openApp(t, withAccounts({ map, ...secret }), { secret: 'x'.repeat(32) })
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    const ask = async (method: string, address: string, more: Record<string, string>) => {
      const path = `/mail/config-v1.1.xml?emailaddress=${address}`
      const asked = request({ port, host: '127.0.0.1', method, path, headers: { host, ...more } }).end()
      const [response] = (await once(asked, 'response')) as [IncomingMessage]
      const body = (await buffer(response)).toString()
      const raw = response.rawHeaders.filter(
        (_, index, all) => !/^(content-length|date)$/i.test(all[index - (index % 2)] as string),
      )
      return { status: response.statusCode, raw, body }
    }
    for (const [name, method, more] of requests) {
      const known = await ask(method, 'jane@example.org', more)
      const unknown = await ask(method, 'nobody@example.org', more)
      t.equal(known.status, 200)
      t.equal(unknown.status, known.status, name)
      t.strictSame(unknown.raw, known.raw, name)
      if (method === 'GET') t.equal(textOf(known.body, 'username'), 'user0002')
    }
  })
}

t.test('public: without an address, the answer may be cached', async (t) => {
  const { app } = await openApp(t, withAccounts({ map }))
  for (const path of autoconfigUrls) {
    const plain = await app.inject({ url: path, headers })
    t.match(plain.headers, { 'cache-control': 'public, max-age=3600', etag: /^"/ })
    t.equal(textOf(plain.body, 'username'), '%EMAILADDRESS%')
    for (const query of impersonal) {
      const other = await app.inject({ url: path + query, headers })
      t.same(other.rawPayload, plain.rawPayload, query)
      t.strictSame(headersOf(other), headersOf(plain), query)
    }
  }
  const profile = await app.inject({ url: '/apple/mail.mobileconfig?emailaddress=example.org', headers })
  t.notMatch(profile.body, /MailServerUsername/)
})

t.test('the digest that Evolution sends is matched with the known addresses of the domain', async (t) => {
  const accounts = { map: { ...map, '@example.org': 'user0009', 'bob@example.net': 'user0003' } }
  const { app } = await openApp(t, withAccounts(accounts))
  const told = async (query: string) => {
    const { body } = await app.inject({ url: `/mail/config-v1.1.xml${query}`, headers })
    return textOf(body, 'username')
  }
  for (let round = 0; round < 2; round++) {
    t.equal(await told(evolution('info@example.org')), 'user0001')
    t.equal(await told(evolution('bob@example.net', 'example.net')), 'user0003')
  }
  t.equal(
    await told(evolution('info@example.org').toUpperCase().replace('?EMAILADDRESS', '?emailaddress')),
    'user0001',
  )
  t.equal(await told(`?emailaddress=jane%40example.org&emailmd5=${md5('info@example.org')}`), 'user0002')
  for (const [address, domain, right] of [
    ['bob@example.net', 'example.org', 'user0009'],
    ['info@example.org', 'example.net', '%EMAILADDRESS%'],
    ['@example.org', 'example.org', 'user0009'],
    ['nobody@example.org', 'example.org', 'user0009'],
  ] as const) {
    t.equal(await told(evolution(address, domain)), right, `${address} at ${domain}`)
  }
  t.equal(await told('?emailaddress=EVOLUTIONUSER%40example.org&emailmd5=x'), '%EMAILADDRESS%')
})

t.test(
  'an unknown digest gets the login of the catch-all, but not in a domain that is an alias of another',
  async (t) => {
    const accounts = {
      map: {
        '@example.org': 'bob@example.net',
        'bob@example.net': 'user0003',
        '@example.net': '@example.org',
      },
    }
    const { app } = await openApp(t, withAccounts(accounts))
    const told = async (address: string, domain: string) => {
      const { body } = await app.inject({
        url: `/mail/config-v1.1.xml${evolution(address, domain)}`,
        headers,
      })
      return textOf(body, 'username')
    }
    t.equal(await told('nobody@example.org', 'example.org'), 'user0003', 'the catch-all leads to a mailbox')
    t.equal(await told('bob@example.net', 'example.net'), 'user0003')
    t.equal(await told('nobody@example.net', 'example.net'), '%EMAILADDRESS%')
    const mailbox = await openApp(t, withAccounts({ map: { '@example.org': 'jane@example.net' } }))
    const { body } = await mailbox.app.inject({
      url: `/mail/config-v1.1.xml${evolution('nobody@example.org', 'example.org')}`,
      headers,
    })
    t.equal(textOf(body, 'username'), '%EMAILADDRESS%', 'a mailbox whose login name is not known')
  },
)

t.test('a domain can override disclose, in both directions', async (t) => {
  for (const [all, one] of [
    ['public', 'link'],
    ['link', 'public'],
  ] as const) {
    const accounts = { disclose: all, map: { ...map, 'bob@example.net': 'user0003' } }
    const domains = { 'example.net': { host: 'vonmuenchhausen', disclose: one } }
    const { app } = await openApp(t, withAccounts(accounts, domains))
    const ask = async (address: string) =>
      (await app.inject({ url: `/mail/config-v1.1.xml?emailaddress=${address}` })).body
    const [org, net] = [await ask('info@example.org'), await ask('bob@example.net')]
    t.equal(textOf(org, 'username'), all === 'public' ? 'user0001' : '%EMAILADDRESS%')
    t.equal(textOf(net, 'username'), one === 'public' ? 'user0003' : '%EMAILADDRESS%')
  }
})

t.test('a changed file takes effect with the next reload', async (t) => {
  const { app, live, file, lines } = await openApp(t, withFile(), { virtual: 'info@example.org user0001\n' })
  const told = async () =>
    textOf(
      (await app.inject({ url: '/mail/config-v1.1.xml?emailaddress=info@example.org' })).body,
      'username',
    )
  t.equal(await told(), 'user0001')
  t.ok(
    live.files.includes(join(dirname(file), 'virtual')) ||
      live.files.some((name) => name.endsWith('/virtual')),
  )
  writeFileSync(join(dirname(file), 'virtual'), 'info@example.org user0002\n')
  await live.reload()
  t.equal(await told(), 'user0002')
  writeFileSync(join(dirname(file), 'virtual'), '')
  await live.reload()
  t.equal(await told(), '%EMAILADDRESS%')
  t.notMatch(lines.join(''), /info@|user000/)
})

const secretOf = (letter: string) => ({ secret: letter.repeat(32) })
t.test('a login name that no document can contain is ignored', async (t) => {
  const virtual = Buffer.from(
    'a@example.org us\u0001er\nb@example.org us\xe9r\nc@example.org c\u0007@maximusconfessor.all2all.org\ninfo@example.org user0001\n',
    'latin1',
  )
  const { errors, warnings } = await findings(t, withFile(), { virtual })
  t.strictSame(errors, [])
  t.match(warnings[0], /^virtual:1:1 /)
  const resolver = await open(t, virtual)
  check(t, resolver, { 'info@example.org': 'user0001' })
  for (const name of ['a', 'b', 'c'])
    t.equal(login(resolver, `${name}@example.org`), `${name}@example.org`, name)
})

t.test('PACC is the same for every address, known or not', async (t) => {
  for (const pacc of [undefined, true, false]) {
    const domains = { 'example.org': { host: 'maximusconfessor', ...(pacc !== undefined && { pacc }) } }
    const { app } = await openApp(t, withAccounts({ map }, domains))
    const ask = (query: string) => app.inject({ url: paccUrl + query, headers })
    const plain = await ask('')
    for (const name of ['info', 'nobody']) {
      const other = await ask(`?emailaddress=${name}@example.org`)
      t.equal(other.statusCode, plain.statusCode, `${name}, pacc: ${pacc}`)
      t.equal(other.body, plain.body)
      t.strictSame(headersOf(other), headersOf(plain))
    }
  }
})

for (const decoys of [false, true]) {
  t.test(
    `a digest${decoys ? ', with decoys,' : ''} does not distinguish known from unknown addresses either`,

    async (t) => {
      const secret = decoys ? { decoys, secretFile: 'secret' } : {}
      const { app } = await openApp(t, withAccounts({ map, ...secret }), secretOf('x'))
      const ask = (query: string) => app.inject({ url: `/mail/config-v1.1.xml${query}`, headers })
      const known = await ask(evolution('info@example.org'))
      const unknown = await ask(evolution('nobody@example.org'))
      t.equal(unknown.statusCode, known.statusCode)
      t.strictSame(headersOf(unknown), headersOf(known))
      const told = textOf(unknown.body, 'username') as string
      t.equal(known.body.replaceAll('user0001', told), unknown.body)
      const { body } = await ask('?emailaddress=nobody@example.org')
      t.equal(textOf(body, 'username'), told, 'the address itself gets the same')
    },
  )
}

t.test('a login name that clients can derive from the address is published as a placeholder', async (t) => {
  const { app } = await openApp(t, withFile(), {
    virtual:
      'info@example.org info@example.org\njane@example.org jane@maximusconfessor.all2all.org\nbob@example.org bob1\n',
  })
  const told = async (name: string) =>
    textOf(
      (await app.inject({ url: `/mail/config-v1.1.xml?emailaddress=${name}@example.org` })).body,
      'username',
    )
  t.equal(await told('info'), '%EMAILADDRESS%')
  t.equal(await told('jane'), '%EMAILLOCALPART%')
  t.equal(await told('bob'), 'bob1')
})

t.test('a mailbox on another host has no login name here', async (t) => {
  const resolver = await open(
    t,
    'info@example.org user0001@vonmuenchhausen.all2all.org\njane@example.org jane@example.net\n',
  )
  check(t, resolver, { 'info@example.org': 'info@example.org', 'jane@example.org': 'jane@example.org' })
})

t.test('two login names for one address are reported with both places', async (t) => {
  const config = withAccounts({ map: { 'bob@example.org': 'user0009' }, files: ['virtual', 'other'] })
  const { errors, warnings } = await findings(t, config, {
    virtual: 'info@example.org user0001\nInfo@example.org user0002\nbob@example.org user0003\n',
    other: 'info@example.org user0001\njane@example.org user0004\n\ninfo@example.org user0005\n',
  })
  const told = [...errors, ...warnings].join('\n')
  t.match(told, /^virtual:2:1 .*virtual:1/m)
  t.match(told, /^virtual:3:1 .*autoconfig\.yaml:16/m)
  t.match(told, /^other:4:1 .*virtual:1/m)
  t.notMatch(told, /user000|^other:1:/m)
})

t.test('five addresses with two login names are listed, the others are counted', async (t) => {
  const lines = Array.from({ length: 8 }, (_, index) => `n${index}@example.org user0001\n`)
  const again = lines.map((line) => line.replace('user0001', 'user0002'))
  const warningsOf = async (count: number) => {
    const virtual = [...lines, ...again.slice(0, count)].join('')
    return (await findings(t, withFile(), { virtual })).warnings
  }
  t.equal((await warningsOf(5)).length, 5)
  const six = await warningsOf(6)
  t.equal(six.length, 6)
  t.equal(six.at(-1), 'virtual:14:1 ignored: virtual:6 has another target for the address')
  const eight = await warningsOf(8)
  t.equal(eight.length, 6)
  t.match(eight.at(-1), /another target for the address \(and on 2 more lines\)$/)
})

t.test(
  'a login name that Thunderbird reads as a number causes a warning without the login name',
  async (t) => {
    const config = withAccounts({ map: { 'info@example.org': '00123' }, files: ['virtual'] })
    const { errors, warnings } = await findings(t, config, { virtual: 'jane@example.org 1e5\n' })
    t.strictSame(errors, [])
    t.match(warnings, [/^autoconfig\.yaml:16:\d+ .*Thunderbird/, /^virtual:1:1 .*Thunderbird/])
    t.notMatch(warnings.join(''), /123|1e5|100000/)
  },
)

t.test(
  'a link for an unknown address contains no login name, and is made only with --login',

  async (t) => {
    const resolver = await open(t, 'info@example.org user0001\n')
    const linked = (localPart: string) => {
      const address = { localPart, domain: domain('example.org') }
      const found = resolver.resolve(lookupOf({ address, link: {} })) as Resolution
      return accountSettings(found.domain, found.clientConfig, { address })
    }
    t.equal(linked('info').clientConfig.servers[0]?.username, 'user0001')
    const { clientConfig } = linked('nobody')
    t.equal(loginOf(clientConfig.servers[0]?.username ?? '', linked('nobody')), undefined)
    const links = { url: 'https://setup.all2all.org', keys: [{ kid: 'a', secretFile: 'secret' }] }
    const file = configFolder(t, { ...withAccounts({ map }), links }, secretOf('x'))
    const { exitCode, stderr } = await run(['link', 'nobody@example.org', '--config', file])
    t.equal(exitCode, 1)
    t.match(stderr, /the login name of nobody@example.org is not known; use --login LOGIN/)
  },
)

t.test('an address may lead to the same local part in another domain', async (t) => {
  const virtual = 'info@example.org @example.net\ninfo@example.net user0007\n'
  check(t, await open(t, virtual), { 'info@example.org': 'user0007' })
})

t.test('an error in domains does not hide one in accounts', async (t) => {
  const { errors } = await findings(t, { ...example, domains: [], accounts: { map: { info: 'user0001' } } })
  t.match(
    errors.join('\n'),
    /domains must be a mapping, not a list[\s\S]*accounts\.map\.info is not an address/,
  )
})

t.test('a local part that begins with a plus sign has no extension', async (t) => {
  const resolver = await open(
    t,
    'info@example.org user0001\n+x@example.org user0002\n+@example.org user0003\njane+@example.org user0004\n',
  )
  check(t, resolver, {
    '+x@example.org': 'user0002',
    '+x+news@example.org': 'user0002',
    '+@example.org': 'user0003',
    '++news@example.org': 'user0003',
    '+y@example.org': '+y@example.org',
    'jane+@example.org': 'user0004',
    'info+@example.org': 'user0001',
    'info+x@example.org': 'user0001',
  })
})
