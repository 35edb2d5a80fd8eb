import { readFileSync, writeFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import * as ldapts from 'ldapts'
import { EqualityFilter, FilterParser } from 'ldapts'
import t, { type Test } from 'tap'
import { parse, stringify } from 'yaml'
import type { Backend } from '../../src/backends/backend.ts'
import { escapeValue } from '../../src/backends/ldap/filter.ts'
import { ldap, openLdap } from '../../src/backends/ldap/ldap.ts'
import { LdapServers } from '../../src/backends/ldap/servers.ts'
import { mx } from '../../src/backends/mx/mx.ts'
import { type Domain, type EmailAddress, parseDomain, parseEmailAddress } from '../../src/model/address.ts'
import { issue } from '../support/certificates.ts'
import { configFolder, example, findings } from '../support/example.ts'
import { type Entry, type LdapOptions, type LdapServer, startLdap } from '../support/ldap-server.ts'
import { openLive } from '../support/live.ts'
import { until } from '../support/until.ts'

const domain = { filter: '(&(objectClass=mailDomain)(cn=%s))', attribute: 'mailHost', name: 'cn' }
const account = { filter: '(&(objectClass=inetOrgPerson)(mail=%s))', attribute: 'uid' }
const password = 'correct horse'

const domainEntry = (name: string, ...hosts: (string | Uint8Array)[]): Entry => ({
  objectClass: ['mailDomain'],
  cn: [name],
  mailHost: hosts,
})
const person = (mail: string, uid: string): Entry => ({
  objectClass: ['inetOrgPerson'],
  mail: [mail],
  uid: [uid],
})
const entries = [domainEntry('example.org', 'mx1'), person('jane@example.org', 'user0001')]

const isOrg = parseDomain('example.org') as Domain
const jane = parseEmailAddress('Jane@example.org') as EmailAddress
const soon = () => AbortSignal.timeout(5000)

/** Trusts the authority of the test certificates, and resolves every name to the test servers. */
const issued = await issue('P-256')
const network = {
  ca: issued.authority,
  lookup: (_name: string, options: { all?: boolean }, answer: (...found: never[]) => void) => {
    const found = options.all ? [null, [{ address: '127.0.0.1', family: 4 }]] : [null, '127.0.0.1', 4]
    answer(...(found as never[]))
  },
}

/** Opens a source for the servers, with the changes of a test. */
async function open(
  t: Test,
  servers: LdapServer | LdapServer[],
  changes: object = {},
  io: { now?: () => number; secret?: string; net?: object; files?: Record<string, string> } = {},
): Promise<Backend> {
  const { now = Date.now, secret = password, net = network, files } = io
  const settings = ldap.schema.parse({
    url: [servers].flat().map(({ port }) => `ldap://127.0.0.1:${port}`),
    startTls: false,
    bindDn: 'cn=autoconfig,dc=example,dc=org',
    passwordFile: 'ldap.password',
    base: 'dc=example,dc=org',
    domain,
    account,
    timeout: 5,
    ...changes,
  })
  const context = { password: secret, onChange: () => {}, ...(files && { files }) }
  const source = await openLdap(settings, context, net, now)
  t.teardown(() => source.close())
  return source
}

const start = (t: Test, options: LdapOptions = {}) => startLdap(t, { entries, password, ...options })

const hostOf = async (source: Backend, name = 'example.org', signal = soon()) =>
  source.findHost?.(parseDomain(name) as Domain, signal)
const loginOf = async (source: Backend, address = 'jane@example.org', signal = soon()) =>
  source.findLogin?.(parseEmailAddress(address) as EmailAddress, signal)

// --- Queries and answers ---

t.test('a search finds the host of a domain and the login of an address', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  t.equal(await hostOf(source), 'mx1')
  t.equal(await source.findLogin?.(jane, soon()), 'user0001')
  t.same(server.searches, [
    {
      base: 'dc=example,dc=org',
      sizeLimit: 2,
      filter: '(objectClass="mailDomain" & cn="example.org")',
      attributes: ['mailHost'],
    },
    {
      base: 'dc=example,dc=org',
      sizeLimit: 2,
      filter: '(objectClass="inetOrgPerson" & mail="jane@example.org")',
      attributes: ['uid'],
    },
  ])
})

t.test('all queries use one connection, which is bound once', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  await Promise.all([hostOf(source), loginOf(source), hostOf(source, 'example.net')])
  await hostOf(source)
  t.equal(server.connections, 1)
  t.match(source.status?.(), { connections: { open: 1 } })
  t.same(server.binds, ['cn=autoconfig,dc=example,dc=org'])
})

t.test('many queries can run at once', async (t) => {
  const warnings: Error[] = []
  const collect = (warning: Error) => warnings.push(warning)
  process.on('warning', collect)
  t.teardown(() => process.off('warning', collect))
  const server = await start(t)
  const source = await open(t, server)
  const names = Array.from({ length: 100 }, (_, i) => (i % 2 ? 'example.org' : 'example.net'))
  const hosts = await Promise.all(names.map((name) => hostOf(source, name)))
  t.same(
    hosts,
    names.map((name) => (name === 'example.org' ? 'mx1' : undefined)),
  )
  t.equal(server.connections, 1)
  await new Promise((resolve) => setImmediate(resolve))
  t.same(warnings, [])
})

t.test('opening does not connect yet', async (t) => {
  const server = await start(t)
  const kind = await ldap.open(
    ldap.schema.parse({ url: `ldap://127.0.0.1:${server.port}`, base: 'dc=example', domain }),
    { onChange: () => {} },
  )
  t.equal(server.connections, 0)
  await kind.close()
  t.equal(ldap.driver?.({} as never), 'ldapts@8')
})

t.test('an unknown domain has no host, and an unknown address no login', async (t) => {
  const source = await open(t, await start(t))
  t.equal(await hostOf(source, 'example.net'), undefined)
  t.equal(await loginOf(source, 'joe@example.org'), undefined)
})

t.test('an entry whose attribute is missing, empty or binary has no answer', async (t) => {
  const { mailHost: _, ...without } = domainEntry('a.example')
  const source = await open(
    t,
    await start(t, {
      entries: [without, domainEntry('b.example', ''), domainEntry('c.example', Uint8Array.of(0xff, 0xfe))],
    }),
  )
  for (const name of ['a.example', 'b.example', 'c.example']) t.equal(await hostOf(source, name), undefined)
})

t.test('the first of several values is used', async (t) => {
  const source = await open(t, await start(t, { entries: [domainEntry('example.org', 'mx2', 'mx1')] }))
  t.equal(await hostOf(source), 'mx2')
})

t.test('the server may spell the attribute in any case', async (t) => {
  const server = await start(t, { entries: [{ cn: ['example.org'], MAILHOST: ['mx1'] }] })
  const source = await open(t, server, { domain: { ...domain, filter: '(cn=%s)' } })
  t.equal(await hostOf(source), 'mx1')
})

t.test('several entries with the same value count as one', async (t) => {
  const source = await open(t, await start(t, { entries: [entries[0] as Entry, entries[0] as Entry] }))
  t.equal(await hostOf(source), 'mx1')
})

t.test('a domain with two entries always gets the same host', async (t) => {
  const two = [domainEntry('example.org', 'mx2'), domainEntry('example.org', 'mx1')]
  for (const entries of [two, two.toReversed()]) {
    t.equal(await hostOf(await open(t, await start(t, { entries }))), 'mx1')
  }
})

t.test('an address of several people has no login', async (t) => {
  const several = [person('info@example.org', 'user0001'), person('info@example.org', 'user0002')]
  const source = await open(t, await start(t, { entries: several }))
  t.equal(await loginOf(source, 'info@example.org'), undefined)
})

t.test('each query may have its own base', async (t) => {
  const server = await start(t)
  const source = await open(t, server, { domain: { ...domain, base: 'ou=domains' } })
  await hostOf(source)
  await loginOf(source)
  t.same(
    server.searches.map(({ base }) => base),
    ['ou=domains', 'dc=example,dc=org'],
  )
})

t.test('a source may have only domains or only accounts', async (t) => {
  const server = await start(t)
  const domains = await open(t, server, { account: undefined })
  t.equal(domains.findLogin, undefined)
  const accounts = await open(t, server, { domain: undefined })
  t.equal(accounts.findHost, undefined)
  t.equal(accounts.list, undefined)
  await domains.check(soon())
  await accounts.check(soon())
})

t.test('without bindDn the bind is anonymous', async (t) => {
  const server = await start(t)
  const settings = {
    url: `ldap://127.0.0.1:${server.port}`,
    startTls: false,
    base: 'dc=example,dc=org',
    domain,
  }
  const source = await ldap.open(ldap.schema.parse(settings), { onChange: () => {} })
  t.equal(await hostOf(source), 'mx1')
  t.same(server.binds, [''])
  await source.close()
})

// --- Filters ---

t.test('the value to look up cannot change the structure of the filter', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  for (const local of ['*', 'a)(uid=*', '\\2a', 'jürgen', '%d', '$&', '(&)']) {
    await source.findLogin?.({ localPart: local, domain: isOrg }, soon())
    const wanted = JSON.stringify(`${local}@example.org`)
    t.equal(server.searches.at(-1)?.filter, `(objectClass="inetOrgPerson" & mail=${wanted})`)
  }
})

t.test('the five special characters are escaped, all others stay as they are', async (t) => {
  t.equal(escapeValue('a*(b)\\c\0ü\u{1f600}'), 'a\\2a\\28b\\29\\5cc\\00ü\u{1f600}')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const filter = FilterParser.parseString(`(cn=${escapeValue(value)})`)
      return filter instanceof EqualityFilter && filter.value === value
    }),
  )
})

t.test('%u and %d are the parts of an address, %% is a percent sign', async (t) => {
  const server = await start(t)
  const source = await open(t, server, {
    account: { ...account, filter: '(|(uid=%u)(mail=%u@%d)(!(cn=100%%*)))' },
    domain: { ...domain, filter: '(dc=%d)' },
  })
  await loginOf(source)
  await hostOf(source)
  t.same(
    server.searches.map(({ filter }) => filter),
    ['(uid="jane" | mail="jane@example.org" | !(cn~"100%"))', 'dc="example.org"'],
  )
})

t.test('a filter may span several lines', async (t) => {
  const server = await start(t)
  const source = await open(t, server, {
    domain: { ...domain, filter: ' (& (objectClass=mailDomain)\n (cn=%s) )\n' },
  })
  t.equal(await hostOf(source), 'mx1')
})

t.test('invalid filters are reported with the configuration', async (t) => {
  const read = (key: string, filter: string) => {
    const settings = { url: 'ldap://a', base: 'dc=a', [key]: { filter, attribute: 'a' } }
    const { error } = ldap.schema.safeParse(settings)
    return error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  }
  for (const filter of [
    '(cn=%s)',
    '(&(a=b)(|(cn=%s)(cn=*.%s))(!(c>=1)))',
    '(a:1.2.840.113556.1.4.803:=%s)',
    '(:dn:2.4.6.8.10:=%s)',
    '(cn:dn:=%s)',
    '(cn~=\\2a%s)',
    '(ou=Büro%s)',
  ]) {
    t.equal(read('domain', filter), undefined, filter)
    t.ok(FilterParser.parseString(filter), 'the driver accepts it, too')
  }
  for (const filter of [
    ...['cn=%s', '(cn=%s', '(cn=%s))', '(cn=%s)(a=b)', '((cn=%s))', '(&)(cn=%s)', '(&(cn=%s)', '(&cn=%s)'],
    ...['(!(a=b)(cn=%s))', '(!)%s', '(%s=a)', '(c n=%s)', '(cn=%s\\)', '(cn=\\zz%s)', '(cn=\\c3\\a9%s)'],
    ...['(cn=(%s))', '(cn%s)', '%s', '(?(cn=%s))', '(cn=%s)\0'],
  ]) {
    t.same(
      read('domain', filter),
      ['domain.filter must be an LDAP filter (RFC 4515), such as (&(objectClass=mailDomain)(cn=%s))'],
      filter,
    )
  }
  t.same(read('domain', '(cn=all)'), [
    'domain.filter must contain %s or %d, the placeholder for the value to look up',
  ])
  t.same(read('account', '(mail=*@%d)'), [
    'account.filter must contain %s or %u, the placeholder for the value to look up',
  ])
  t.same(read('domain', '(cn=%u)'), [
    'domain.filter contains the unknown placeholder "%u"; use %s, %d, or %% for a percent sign',
  ])
  t.same(read('account', '(uid=%n)'), [
    'account.filter contains the unknown placeholder "%n"; use %s, %u, %d, or %% for a percent sign',
  ])
  t.match(read('domain', '(cn=%'), [/the unknown placeholder "%"; use /])
})

t.test('invalid settings are reported at their key', async (t) => {
  const settings = { url: 'ldap://a', base: 'dc=a', domain }
  const errorsOf = (changes: object) =>
    ldap.schema.safeParse({ ...settings, ...changes }).error?.issues.map(({ path, message }) => {
      return `${path.join('.')} ${message}`
    })
  for (const url of [
    'ldap://a.example.org',
    'ldaps://a:636/',
    'ldap://127.0.0.1:3389',
    'ldap://[::1]',
    ['ldap://a'],
  ]) {
    t.equal(errorsOf({ url }), undefined)
  }
  for (const url of [
    ...[
      'a',
      'http://a',
      'ldap://',
      'ldap://a:0',
      'ldap://a:65536',
      'ldap://u:p@a',
      'ldap://a/dc=b',
      'ldap://a?b',
    ],
    ...['ldap://[a]', 'ldap://1.2.3', 'ldap://a b', 'ldapi:///var/run/ldapi'],
  ]) {
    const message = 'must be ldaps://host or ldap://host, with :port after it unless it is 636 or 389'
    t.same(errorsOf({ url }), [`url ${message}`], url)
    t.same(errorsOf({ url: [url] }), [`url.0 ${message}`], url)
  }
  t.same(errorsOf({ url: 1 }), ['url must be a URL such as ldaps://ldap.example.org, or a list of URLs'])
  t.same(errorsOf({ domain: { ...domain, name: 1 } }), [
    'domain.name must be the name of an attribute, such as cn, or a list of names',
  ])
  t.same(errorsOf({ bindDn: 'cn=a' }), ['bindDn requires passwordFile; set both or neither'])
  t.same(errorsOf({ passwordFile: 'a' }), ['bindDn requires passwordFile; set both or neither'])
  t.match(errorsOf({ bindDn: 'EXTERNAL', passwordFile: 'a' }), [/^bindDn must be a DN/])
  t.same(errorsOf({ domain: undefined }), ['domain is required unless "account" is set'])
  t.same(errorsOf({ domain: { ...domain, attribute: 'a b' } }), [
    'domain.attribute must be the name of an attribute, such as mailHost',
  ])
})

t.test('a key without a value is an error, also where the source has another base', async (t) => {
  const valid = { url: 'ldap://a', base: 'dc=a', domain: { filter: '(cn=%s)', attribute: 'mailHost' } }
  for (const [changes, message] of [
    [{ base: null }, '16:13 sources[0].ldap.base must be a string, but is empty'],
    [{ base: '' }, '16:13 sources[0].ldap.base must not be empty'],
    [
      { domain: { ...valid.domain, base: null } },
      '20:15 sources[0].ldap.domain.base must be a string, but is empty',
    ],
    [{ domain: { ...valid.domain, base: '' } }, '20:15 sources[0].ldap.domain.base must not be empty'],
  ] as const) {
    const { errors } = await findings(t, { ...example, sources: [{ ldap: { ...valid, ...changes } }] })
    t.strictSame(errors, [`autoconfig.yaml:${message}`])
  }
})

t.test('the limits of the settings', (t) => {
  const valid = { url: 'ldap://a', base: 'dc=a', domain, account, bindDn: 'cn=a', passwordFile: 'a' }
  const isValid = (changes: object) => ldap.schema.safeParse({ ...valid, ...changes }).success
  const long = (length: number) => `dc=${'a'.repeat(length - 3)}`
  const filterOf = (length: number) => `(cn=${'a'.repeat(length - 7)}%s)`
  const ofDomain = (changes: object) => ({ domain: { ...domain, ...changes } })
  const ofAccount = (changes: object) => ({ account: { ...account, ...changes } })
  for (const [within, beyond] of [
    [{ url: Array(10).fill('ldap://a') }, { url: Array(11).fill('ldap://a') }],
    [{ url: 'ldap://a:65535' }, { url: 'ldap://a:65536' }],
    [{ url: 'ldap://a:1' }, { url: 'ldap://a:0' }],
    [{ base: long(1000) }, { base: long(1001) }],
    [{ bindDn: long(1000) }, { bindDn: long(1001) }],
    [ofDomain({ base: long(1000) }), ofDomain({ base: long(1001) })],
    [ofAccount({ base: long(1000) }), ofAccount({ base: long(1001) })],
    [ofDomain({ filter: filterOf(1000) }), ofDomain({ filter: filterOf(1001) })],
    [ofAccount({ filter: filterOf(1000) }), ofAccount({ filter: filterOf(1001) })],
    [ofDomain({ name: Array(10).fill('cn') }), ofDomain({ name: Array(11).fill('cn') })],
    [ofDomain({ name: ['cn'] }), ofDomain({ name: [] })],
    [{ url: ['ldap://a'] }, { url: [] }],
    [{ queries: 1000 }, { queries: 1001 }],
    [{ queries: 1 }, { queries: 0 }],
  ] as [object, object][])
    t.strictSame([isValid(within), isValid(beyond)], [true, false], JSON.stringify(beyond).slice(0, 100))
  const { startTls, queries, ...rest } = ldap.schema.parse(valid)
  t.strictSame([startTls, queries], [true, 64])
  t.match(rest, { ttl: 300, negativeTtl: 60, timeout: 1, queue: 10_000 })
  t.match(rest, { cacheSize: 100_000, negativeCacheSize: 50_000 })
  t.end()
})

t.test('the configuration and the filters in docs/ldap.md are valid', async (t) => {
  const text = readFileSync('docs/ldap.md', 'utf8')
  const [config, aliases] = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block = '']) =>
    parse(block),
  )
  const [first, second] = config.sources
  t.ok(ldap.schema.parse(first.ldap))
  t.ok(ldap.schema.parse({ ...first.ldap, ...aliases }).domain?.name?.length === 2)
  t.ok(mx.schema.parse(second.mx))
  const rows = [...text.matchAll(/^\| .* \| (account|domain) \| `(.*)` \| `(\w+)` \|$/gm)]
  t.equal(rows.length, 7)
  for (const [, key = '', filter = '', attribute] of rows) {
    const query = { [key]: { filter: filter.replaceAll('\\|', '|'), attribute } }
    t.ok(
      ldap.schema.safeParse({ ...first.ldap, domain: undefined, account: undefined, ...query }).success,
      filter,
    )
  }
})

// --- Encryption ---

t.test('ldaps is encrypted from the first byte, and the certificate is verified', async (t) => {
  const server = await start(t, { tls: { issued, from: 'start' } })
  const source = await open(t, server, { url: `ldaps://mail.example.org:${server.port}` })
  t.equal(await hostOf(source), 'mx1')
  t.equal(await loginOf(source), 'user0001')
  await source.close()
  await until(() => server.open === 0)
})

t.test('authorityFile has the authority of the certificate', async (t) => {
  const server = await start(t, { tls: { issued, from: 'start' } })
  const io = { net: { lookup: network.lookup }, files: { authorityFile: issued.authority } }
  const source = await open(t, server, { url: `ldaps://mail.example.org:${server.port}` }, io)
  t.equal(await hostOf(source), 'mx1')
})

t.test('the state shows whether there is a connection', async (t) => {
  const server = await start(t)
  const source = await open(t, server, { queries: 7 })
  t.equal(source.concurrency, 7)
  t.strictSame(source.status?.(), { connections: { open: 0, idle: 0 } })
  await hostOf(source)
  t.strictSame(source.status?.(), { connections: { open: 1, idle: 0 } })
})

t.test('after reloads, only the connection of the source in use is open', async (t) => {
  const [first, second] = [await start(t), await start(t)]
  const sourceOf = ({ port }: LdapServer, changes: object = {}) => ({
    ldap: { url: `ldap://127.0.0.1:${port}`, startTls: false, base: 'dc=a', domain, timeout: 5, ...changes },
  })
  const file = configFolder(t, { ...example, sources: [sourceOf(first)] })
  const live = await openLive(t, file, { pollInterval: 60_000 })
  const open = () => [first.open, second.open]
  await until(() => first.searches.length > 0, 'the greeting')
  t.strictSame(open(), [1, 0])
  const use = async (...sources: object[]) => {
    writeFileSync(file, stringify({ ...example, sources }))
    await live.reload()
  }
  await use(sourceOf(second))
  await until(() => second.searches.length > 0 && first.open === 0, 'the replaced connection is closed')
  for (const ttl of [1, 2, 3]) {
    await use(sourceOf(second, { ttl }))
    await until(() => second.connections === ttl + 1 && second.open === 1, 'one connection')
  }
  await use(sourceOf(first), sourceOf(second, { ttl: 3 }))
  await until(() => first.open === 1 && second.open === 1, 'one connection to each')
  await use()
  await until(() => first.open === 0 && second.open === 0, 'none without sources')
  await use(sourceOf(first))
  await until(() => first.open === 1, 'one connection')
  await live.close()
  await until(() => first.open === 0, 'none at the end')
  t.strictSame(open(), [0, 0])
})

t.test('ldap is encrypted with StartTLS before the bind by default', async (t) => {
  const server = await start(t, { tls: { issued, from: 'StartTLS' } })
  const source = await open(t, server, {
    url: `ldap://mail.example.org:${server.port}`,
    startTls: undefined,
  })
  t.equal(await hostOf(source), 'mx1')
  server.hangUp()
  t.equal(await hostOf(source), 'mx1', 'a connection that is opened again is encrypted, too')
  t.equal(server.connections, 2)
  t.equal(server.binds.length, 2)
})

t.test('what is sent in clear after the answer to StartTLS counts as nothing', async (t) => {
  const server = await start(t, { tls: { issued, from: 'StartTLS' } })
  // The answer to each of the first binds: invalidCredentials (RFC 4511, section 4.2.2).
  const rejected = (id: number) => [0x30, 12, 2, 1, id, 0x61, 7, 10, 1, 49, 4, 0, 4, 0]
  server.injected = Uint8Array.from([0, 1, 2, 3].flatMap(rejected))
  const source = await open(t, server, { url: `ldap://mail.example.org:${server.port}`, startTls: undefined })
  t.equal(await hostOf(source), 'mx1')
})

t.test(
  'nothing is sent to a server whose certificate has an unknown authority or another name',
  async (t) => {
    for (const from of ['start', 'StartTLS'] as const) {
      const scheme = from === 'start' ? 'ldaps' : 'ldap'
      const unknown = await start(t, { tls: { issued, from } })
      const changes = { startTls: true, url: `${scheme}://mail.example.org:${unknown.port}` }
      await t.rejects(
        hostOf(await open(t, unknown, changes, { net: { lookup: network.lookup } })),
        /^ldaps?:\/\/mail\.example\.org:\d+: TLS failed: UNABLE_TO_VERIFY_LEAF_SIGNATURE; set authorityFile to a file/,
      )
      const misnamed = await start(t, { tls: { issued, from } })
      for (const host of ['ldap.example.org', '127.0.0.1']) {
        const source = await open(t, misnamed, { ...changes, url: `${scheme}://${host}:${misnamed.port}` })
        await t.rejects(hostOf(source), /: TLS failed: ERR_TLS_CERT_ALTNAME_INVALID$/)
      }
      t.same([...unknown.binds, ...misnamed.binds], [])
    }
  },
)

t.test('nothing is sent to a server without StartTLS', async (t) => {
  const server = await start(t)
  server.startTls = 2
  const source = await open(t, server, { startTls: true })
  await t.rejects(hostOf(source), /^ldap:\/\/127.0.0.1:\d+: StartTLS failed: protocol error \(2\)$/)
  t.same(server.binds, [])
})

// --- Errors ---

t.test('result codes are described in our own words', async (t) => {
  const server = await start(t)
  const source = await open(t, server, { timeout: 0.4 })
  await hostOf(source)
  for (const [code, message] of [
    [32, 'the base does not exist, or bindDn may not read it (32)'],
    [10, 'the server refers to another server (10)'],
    [50, 'bindDn has no permission for this (50)'],
    [80, 'unexpected error (80)'],
  ] as const) {
    server.search = code
    await t.rejects(hostOf(source), { message: `ldap://127.0.0.1:${server.port}: ${message}` })
  }
  t.equal(server.connections, 1, 'a result code is no reason to connect again')
})

t.test('a wrong password is reported, and not tried again at once', async (t) => {
  const server = await start(t)
  let now = 0
  const source = await open(t, server, {}, { now: () => now, secret: 'wrong' })
  const wrong = /^ldap:\/\/127.0.0.1:\d+: bind failed: wrong bindDn or password \(49\)$/
  for (let i = 0; i < 5; i++) await t.rejects(hostOf(source), wrong)
  t.equal(server.binds.length, 1)
  now += 1000
  await t.rejects(hostOf(source), wrong)
  t.equal(server.binds.length, 2)
})

t.test('an empty password is an error, because servers would treat the bind as anonymous', async (t) => {
  const server = await start(t)
  await t.rejects(hostOf(await open(t, server, {}, { secret: '' })), /^the passwordFile of bindDn is empty$/)
  t.equal(server.connections, 0)
})

t.test('an unknown host name is reported, with or without a port', async (t) => {
  const server = await start(t)
  const unknown = (...[, , answer]: [string, object, (error: Error) => void]) =>
    answer(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }))
  for (const url of ['ldap://ldap.example', 'ldaps://ldap.example', 'ldap://ldap.example:389']) {
    const source = await open(t, server, { url }, { net: { lookup: unknown } })
    await t.rejects(hostOf(source), { message: `${url}: cannot connect: ENOTFOUND` })
  }
})

t.test('a server that was killed and started again is used again', async (t) => {
  const server = await start(t)
  let now = 0
  const source = await open(t, server, {}, { now: () => now })
  t.equal(await hostOf(source), 'mx1')
  await server.stop()
  await t.rejects(hostOf(source), /^ldap:\/\/127.0.0.1:\d+: cannot connect: ECONNREFUSED$/)
  await server.start()
  now += 1000
  t.equal(await hostOf(source), 'mx1')
})

t.test('a lost connection is opened again, and no query fails', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  t.equal(await hostOf(source), 'mx1')
  server.hangUp()
  t.equal(await hostOf(source), 'mx1')
  await until(() => server.open === 1)
  server.hangUp()
  await until(() => server.open === 0)
  t.equal(await hostOf(source), 'mx1', 'also later')
  t.equal(server.connections, 3)
})

t.test('a query fails if the server hangs up during it each time', async (t) => {
  const server = await start(t)
  server.search = 'hangs up'
  const source = await open(t, server)
  await t.rejects(hostOf(source), /^ldap:\/\/127.0.0.1:\d+: connection lost$/)
  t.equal(server.connections, 2)
})

t.test('a query fails if the server is unavailable or hangs up during the bind', async (t) => {
  const server = await start(t)
  server.search = 52
  const source = await open(t, server)
  await t.rejects(hostOf(source), /\d: the server is unavailable \(52\)$/)
  server.bind = 'hangs up'
  await t.rejects(hostOf(source), /bind failed: connection lost$/)
})

t.test('a query ends with the signal if the server does not respond or sends garbage', async (t) => {
  for (const behaviour of ['is silent', 'talks rubbish'] as const) {
    const server = await start(t)
    const source = await open(t, server)
    await hostOf(source)
    server.search = behaviour
    await t.rejects(hostOf(source, 'example.org', AbortSignal.timeout(100)), { name: 'TimeoutError' })
    await until(() => server.open === 0)
    server.search = 0
    t.equal(await hostOf(source), 'mx1', 'the next query succeeds')
  }
})

t.test('a query ends with the signal or the timeout if the server does not answer the bind', async (t) => {
  const server = await start(t)
  server.bind = 'is silent'
  const source = await open(t, server, { timeout: 0.1 })
  await t.rejects(hostOf(source, 'example.org', AbortSignal.timeout(20)), { name: 'TimeoutError' })
  await t.rejects(hostOf(source), /bind failed: timed out$/)
  await until(() => server.open === 0)
})

t.test('a query with an aborted signal is not sent', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  await t.rejects(hostOf(source, 'example.org', AbortSignal.abort()), { name: 'AbortError' })
  t.equal(server.connections, 0)
})

t.test('closing cancels running queries, and later queries fail', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  server.bind = 'is silent'
  const query = t.rejects(hostOf(source), /^the source is closed$/)
  await until(() => server.binds.length === 1)
  await source.close()
  await query
  await t.rejects(hostOf(source), /^the source is closed$/)
  await until(() => server.open === 0)
  t.equal(server.connections, 1)
})

t.test('a source that is closed at any moment of its bind leaves no connection open', async (t) => {
  const server = await start(t)
  const credentials = { bindDn: 'cn=autoconfig,dc=example,dc=org', password }
  const url = `ldap://127.0.0.1:${server.port}`
  for (let moment = 0; moment < 20; moment++) {
    let closed: Promise<void> | undefined
    class Client extends ldapts.Client {
      override async bind(...credentials: Parameters<ldapts.Client['bind']>): Promise<void> {
        await super.bind(...credentials)
        void wait(moment).then(() => {
          closed = servers.close()
        })
      }
    }
    const wait = async (turns: number) => {
      for (let turn = 0; turn < turns; turn++) await undefined
    }
    const driver = { ...ldapts, Client } as typeof ldapts
    const servers = new LdapServers(driver, [{ url, startTls: false, ...credentials }], 5, {}, Date.now)
    await servers.search('dc=a', { filter: '(cn=a)' }, soon()).catch(() => undefined)
    await until(() => closed !== undefined, 'the end of the bind')
    await closed
    await until(() => server.open === 0, `no connection, ${moment} turns after the bind`)
  }
})

// --- Several servers ---

t.test('if the first server is down the next one is used, and later the first again', async (t) => {
  const [first, second] = [await start(t), await start(t)]
  let now = 0
  const source = await open(t, [first, second], {}, { now: () => now })
  await hostOf(source)
  t.same([first.connections, second.connections], [1, 0])

  await first.stop()
  t.equal(await hostOf(source), 'mx1', 'no query fails')
  t.same([first.searches.length, second.searches.length], [1, 1])

  await first.start()
  await hostOf(source)
  t.equal(second.searches.length, 2, 'not at once')

  now += 30_000
  await hostOf(source)
  await until(() => first.connections === 2)
  await until(() => second.open === 0)
  const before = first.searches.length
  await hostOf(source)
  t.equal(first.searches.length, before + 1)
})

t.test('no query waits for the first server while it is down', async (t) => {
  const [first, second] = [await start(t), await start(t)]
  let now = 0
  const source = await open(t, [first, second], {}, { now: () => now })
  await first.stop()
  await hostOf(source)
  now += 30_000
  await hostOf(source)
  await until(() => second.connections === 2 && second.open === 1, 'a new connection in place of the old one')
  await second.stop()
  now += 30_000
  await t.rejects(hostOf(source), /ECONNREFUSED; ldap:.*ECONNREFUSED$/)
})

t.test('the open connection stays in use if no server accepts a new one', async (t) => {
  const [first, second] = [await start(t), await start(t)]
  let now = 0
  const source = await open(t, [first, second], {}, { now: () => now })
  await first.stop()
  await hostOf(source)
  second.bind = 52
  now += 30_000
  t.equal(await hostOf(source), 'mx1')
  await until(() => second.binds.length === 2)
  t.equal(await hostOf(source), 'mx1', 'the open connection still answers')
})

t.test('a server that is used again has no later one in its place', async (t) => {
  const [first, second] = [await start(t), await start(t)]
  let now = 0
  const source = await open(t, [first, second], {}, { now: () => now })
  for (const server of [first, second]) await server.stop()
  await t.rejects(hostOf(source), /ECONNREFUSED; ldap:.*ECONNREFUSED$/)
  await first.start()
  now = 10_000
  t.equal(await hostOf(source), 'mx1')
  first.search = 'is silent'
  await t.rejects(hostOf(source, 'example.org', AbortSignal.timeout(50)), { name: 'TimeoutError' })
  first.search = 0
  await second.start()
  t.equal(await hostOf(source), 'mx1', 'both have failed, so the first is tried first')
  now = 30_000
  for (let i = 0; i < 3; i++) t.equal(await hostOf(source), 'mx1')
  t.equal(second.connections, 0)
})

t.test('a server that does not answer in time is tried after the others', async (t) => {
  const [first, second] = [await start(t), await start(t)]
  const source = await open(t, [first, second])
  await hostOf(source)
  first.search = 'is silent'
  await t.rejects(hostOf(source, 'example.org', AbortSignal.timeout(50)), { name: 'TimeoutError' })
  t.equal(await hostOf(source), 'mx1')
  t.equal(second.searches.length, 1)
})

t.test(
  'a first server that is silent costs one query its share of the time, and no other query any',
  async (t) => {
    const [first, second] = [await start(t), await start(t)]
    first.bind = 'is silent'
    // Each of four has a quarter of the second.
    const source = await open(t, [first, second, second, second], { timeout: 1 })
    const early = AbortSignal.timeout(800)
    const answers = await Promise.all([hostOf(source, 'example.org', early), hostOf(source)])
    t.strictSame(answers, ['mx1', 'mx1'])
    t.strictSame([first.connections, second.connections], [1, 1], 'they wait together')
    await source.close()
    const other = await open(t, [first, second], { timeout: 1 })
    first.search = 'is silent'
    first.bind = 0
    const before = first.searches.length
    const patience = new AbortController()
    const query = hostOf(other, 'example.org', patience.signal)
    await until(() => first.searches.length > before, 'the query')
    patience.abort()
    await t.rejects(query, { name: 'AbortError' })
    t.strictSame(await Promise.all([hostOf(other), hostOf(other)]), ['mx1', 'mx1'])
    t.equal(first.searches.length, before + 1, 'it is not asked again')
  },
)

t.test('if a server is killed during a query, the next one answers it', async (t) => {
  const [first, second] = [await start(t), await start(t)]
  const source = await open(t, [first, second])
  await hostOf(source)
  first.search = 'is silent'
  const query = hostOf(source)
  await until(() => first.searches.length === 2)
  await first.stop()
  t.equal(await query, 'mx1')
})

// --- All domains ---

t.test('all domains are listed page by page, on a separate connection', async (t) => {
  const many = Array.from({ length: 25 }, (_, i) => domainEntry(`d${i}.example`, `mx${i % 2}`))
  const { mailHost: _, ...without } = domainEntry('nohost.example')
  const several = { ...domainEntry('one.example', 'mx1'), cn: ['one.example', 'other.example'] }
  const server = await start(t, { entries: [...many, without, several, ...entries], pageSize: 10 })
  const source = await open(t, server)
  await hostOf(source)
  const listed = []
  for await (const entry of source.list?.(soon()) ?? []) listed.push(entry)
  t.equal(listed.length, 28)
  t.same(listed.slice(0, 2), [
    { domain: 'd0.example', host: 'mx0' },
    { domain: 'd1.example', host: 'mx1' },
  ])
  t.same(listed.slice(25), [
    { domain: 'one.example', host: 'mx1' },
    { domain: 'other.example', host: 'mx1' },
    { domain: 'example.org', host: 'mx1' },
  ])
  t.equal(server.connections, 2)
  t.same(server.searches.at(-1)?.filter, '(objectClass="mailDomain" & cn=*)')
  await until(() => server.open === 1)
})

t.test('alias domains are listed, also if they have an attribute of their own', async (t) => {
  const list = [
    { ...domainEntry('real.example', 'mx1'), domainAliasName: ['a.example', 'b.example', 'real.example'] },
    domainEntry('lone.example', 'mx2'),
    { ...domainEntry('', 'mx2'), domainAliasName: ['c.example'] },
  ]
  const server = await start(t, { entries: list })
  const filter = '(|(cn=%s)(domainAliasName=%s))'
  const name = ['cn', 'DomainAliasName']
  const source = await open(t, server, { domain: { ...domain, filter, name } })
  t.equal(await hostOf(source, 'b.example'), 'mx1')
  const listed = []
  for await (const entry of source.list?.(soon()) ?? []) listed.push(entry)
  t.same(listed, [
    { domain: 'real.example', host: 'mx1' },
    { domain: 'a.example', host: 'mx1' },
    { domain: 'b.example', host: 'mx1' },
    { domain: 'lone.example', host: 'mx2' },
    { domain: 'c.example', host: 'mx2' },
  ])
})

t.test('%% is a percent sign in the filter of a list, and a list may end early', async (t) => {
  const server = await start(t, {
    pageSize: 1,
    entries: [domainEntry('a.example', 'mx1'), domainEntry('b.example', 'mx1')],
  })
  const source = await open(t, server, { domain: { ...domain, filter: '(|(cn=%s)(cn=100%%))' } })
  for await (const { domain } of source.list?.(soon()) ?? []) {
    t.equal(domain, 'a.example')
    break
  }
  t.equal(server.searches[0]?.filter, '(cn=* | cn="100%")')
  await until(() => server.open === 0)
})

t.test('without the attribute of the name there is no list', async (t) => {
  const { name: _, ...unnamed } = domain
  t.equal((await open(t, await start(t), { domain: unnamed })).list, undefined)
})

t.test('a list ends with an error or with the signal', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  const listAll = async (signal: AbortSignal) => {
    for await (const _ of source.list?.(signal) ?? []);
  }
  server.search = 4
  await t.rejects(listAll(soon()), /\d: the server does not return that many entries \(4\)$/)
  server.search = 'is silent'
  await t.rejects(listAll(AbortSignal.timeout(50)), { name: 'TimeoutError' })
  server.bind = 'is silent'
  await t.rejects(listAll(AbortSignal.timeout(50)), { name: 'TimeoutError' })
  await t.rejects(listAll(AbortSignal.abort()), { name: 'AbortError' })
  await until(() => server.open === 0)
})

t.test('a list whose connection is lost between two pages ends at once', async (t) => {
  const names = Array.from({ length: 3 }, (_, i) => domainEntry(`d${i}.example`, 'mx1'))
  const server = await start(t, { entries: names, pageSize: 1 })
  const source = await open(t, server)
  const list = async () => {
    for await (const _ of source.list?.(soon()) ?? []) {
      server.hangUp()
      await until(() => server.open === 0)
      for (let i = 0; i < 5; i++) await turn()
    }
  }
  await t.rejects(list(), { message: `ldap://127.0.0.1:${server.port}: connection lost` })
})

// --- Check ---

t.test('check finds no errors in a valid setup, and leaves no connection open', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  await source.check(soon())
  t.same(
    server.searches.map(({ filter }) => filter),
    [
      '(objectClass="mailDomain" & cn="example.invalid")',
      '((objectClass="mailDomain" & cn=*) & mailHost=*)',
      '(objectClass="inetOrgPerson" & mail="nobody@example.invalid")',
      '((objectClass="inetOrgPerson" & mail=*) & uid=*)',
    ],
  )
  await until(() => server.open === 0)
})

t.test('check reports the error of each server', async (t) => {
  const [first, second] = [await start(t), await start(t)]
  const source = await open(t, [first, second])
  first.bind = 49
  await second.stop()
  await t.rejects(source.check(soon()), {
    message: `ldap://127.0.0.1:${first.port}: bind failed: wrong bindDn or password (49); ldap://127.0.0.1:${second.port}: cannot connect: ECONNREFUSED`,
  })
})

t.test('check reports which query fails', async (t) => {
  const server = await start(t, { entries: [] })
  const source = await open(t, server)
  await t.rejects(source.check(soon()), {
    message: `domain: ldap://127.0.0.1:${server.port}: no entry matches the filter and has the attribute mailHost, or bindDn may not read it`,
  })
  server.search = 32
  await t.rejects(
    source.check(soon()),
    /^domain: ldap:.*: the base does not exist, or bindDn may not read it \(32\)$/,
  )
  server.search = 'is silent'
  await t.rejects(source.check(AbortSignal.timeout(50)), /^domain: The operation was aborted due to timeout$/)
})

t.test('an error contains no address, no domain, and no text of the server', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  const errors: string[] = []
  const collect = (error: Error) => errors.push(`${error.message} ${error.stack} ${JSON.stringify(error)}`)
  for (const behaviour of [1, 21, 32, 80, 'hangs up'] as const) {
    server.search = behaviour
    await hostOf(source, 'customer.example').catch(collect)
    await loginOf(source, 'jane.roe@customer.example').catch(collect)
    await source.check(soon()).catch(collect)
  }
  t.equal(errors.length, 15)
  t.notMatch(errors.join('\n'), /customer|jane|secret|correct horse/)
})

t.test('the answers of a source stay as long as its queries are the same', (t) => {
  const settings = (changes: object) =>
    ldap.schema.parse({ url: 'ldap://a.example', base: 'dc=a', domain, ...changes })
  const queries = (changes: object) => ldap.queriesOf?.(settings(changes))
  t.strictSame(queries({ url: 'ldap://b.example' }), queries({}))
  t.notSame(queries({ base: 'dc=b' }), queries({}))
  t.end()
})
