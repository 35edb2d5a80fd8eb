import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { EqualityFilter, FilterParser } from 'ldapts'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import type { Backend } from '../src/backends/backend.ts'
import { escapeValue } from '../src/backends/ldap/filter.ts'
import { ldap, openLdap } from '../src/backends/ldap/ldap.ts'
import { mx } from '../src/backends/mx/mx.ts'
import { type Domain, type EmailAddress, parseDomain, parseEmailAddress } from '../src/model/address.ts'
import { issue } from './support/certificates.ts'
import { type Entry, type LdapOptions, type LdapServer, startLdap } from './support/ldap-server.ts'

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

/** The authority of the servers below, which have the name that its certificates are for. */
const issued = await issue('P-256')
const network = {
  ca: issued.authority,
  lookup: (_name: string, options: { all?: boolean }, answer: (...found: never[]) => void) => {
    const found = options.all ? [null, [{ address: '127.0.0.1', family: 4 }]] : [null, '127.0.0.1', 4]
    answer(...(found as never[]))
  },
}

/** What is asked of one server, with what a case changes. */
async function open(
  t: Test,
  servers: LdapServer | LdapServer[],
  changes: object = {},
  surroundings: { now?: () => number; secret?: string; net?: object } = {},
): Promise<Backend> {
  const { now = Date.now, secret = password, net = network } = surroundings
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
  const context = { password: secret, onChange: () => {} }
  const source = await openLdap(settings, context, net, now)
  t.teardown(() => source.close())
  return source
}

const start = (t: Test, options: LdapOptions = {}) => startLdap(t, { entries, password, ...options })

const hostOf = async (source: Backend, name = 'example.org', signal = soon()) =>
  source.findHost?.(parseDomain(name) as Domain, signal)
const loginOf = async (source: Backend, address = 'jane@example.org', signal = soon()) =>
  source.findLogin?.(parseEmailAddress(address) as EmailAddress, signal)

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}

// --- Questions and answers ---

t.test('a domain is asked for its host, and an address for its login', async (t) => {
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

t.test('all questions go over one connection, bound once', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  await Promise.all([hostOf(source), loginOf(source), hostOf(source, 'example.net')])
  await hostOf(source)
  t.equal(server.connections, 1)
  t.same(server.binds, ['cn=autoconfig,dc=example,dc=org'])
})

t.test('many may ask at once', async (t) => {
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

t.test('opening connects to nobody', async (t) => {
  const server = await start(t)
  const kind = await ldap.open(
    ldap.schema.parse({ url: `ldap://127.0.0.1:${server.port}`, base: 'dc=example', domain }),
    { onChange: () => {} },
  )
  t.equal(server.connections, 0)
  await kind.close()
  t.equal(ldap.driver?.({} as never), 'ldapts@8')
})

t.test('who is not there has no host and no login', async (t) => {
  const source = await open(t, await start(t))
  t.equal(await hostOf(source, 'example.net'), undefined)
  t.equal(await loginOf(source, 'joe@example.org'), undefined)
})

t.test(
  'an entry without the attribute, or with an empty one, or with bytes that are no text, says nothing',
  async (t) => {
    const { mailHost: _, ...without } = domainEntry('a.example')
    const source = await open(
      t,
      await start(t, {
        entries: [without, domainEntry('b.example', ''), domainEntry('c.example', Uint8Array.of(0xff, 0xfe))],
      }),
    )
    for (const name of ['a.example', 'b.example', 'c.example']) t.equal(await hostOf(source, name), undefined)
  },
)

t.test('of several values the first counts', async (t) => {
  const source = await open(t, await start(t, { entries: [domainEntry('example.org', 'mx2', 'mx1')] }))
  t.equal(await hostOf(source), 'mx2')
})

t.test('the server may spell the attribute as it likes', async (t) => {
  const server = await start(t, { entries: [{ cn: ['example.org'], MAILHOST: ['mx1'] }] })
  const source = await open(t, server, { domain: { ...domain, filter: '(cn=%s)' } })
  t.equal(await hostOf(source), 'mx1')
})

t.test('several entries that say the same are as one', async (t) => {
  const source = await open(t, await start(t, { entries: [entries[0] as Entry, entries[0] as Entry] }))
  t.equal(await hostOf(source), 'mx1')
})

t.test('a domain with two entries is on the same host each time', async (t) => {
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

t.test('each question may have a base of its own', async (t) => {
  const server = await start(t)
  const source = await open(t, server, { domain: { ...domain, base: 'ou=domains' } })
  await hostOf(source)
  await loginOf(source)
  t.same(
    server.searches.map(({ base }) => base),
    ['ou=domains', 'dc=example,dc=org'],
  )
})

t.test('a source may be asked for one of the two only', async (t) => {
  const server = await start(t)
  const domains = await open(t, server, { account: undefined })
  t.equal(domains.findLogin, undefined)
  const accounts = await open(t, server, { domain: undefined })
  t.equal(accounts.findHost, undefined)
  t.equal(accounts.list, undefined)
  await domains.check(soon())
  await accounts.check(soon())
})

t.test('without bindDn, the bind is anonymous', async (t) => {
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

t.test('what is asked can be nothing but a value of the filter', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  for (const local of ['*', 'a)(uid=*', '\\2a', 'jürgen', '%d', '$&', '(&)']) {
    await source.findLogin?.({ localPart: local, domain: isOrg }, soon())
    const wanted = JSON.stringify(`${local}@example.org`)
    t.equal(server.searches.at(-1)?.filter, `(objectClass="inetOrgPerson" & mail=${wanted})`)
  }
})

t.test('the five that mean something are escaped, all else stays', async (t) => {
  t.equal(escapeValue('a*(b)\\c\0ü\u{1f600}'), 'a\\2a\\28b\\29\\5cc\\00ü\u{1f600}')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const filter = FilterParser.parseString(`(cn=${escapeValue(value)})`)
      return filter instanceof EqualityFilter && filter.value === value
    }),
  )
})

t.test('%u and %d are the two parts of an address, %% is a percent sign', async (t) => {
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

t.test('a filter may be folded over lines', async (t) => {
  const server = await start(t)
  const source = await open(t, server, {
    domain: { ...domain, filter: ' (& (objectClass=mailDomain)\n (cn=%s) )\n' },
  })
  t.equal(await hostOf(source), 'mx1')
})

t.test('filters are read with the configuration', async (t) => {
  const read = (question: string, filter: string) => {
    const settings = { url: 'ldap://a', base: 'dc=a', [question]: { filter, attribute: 'a' } }
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
    t.ok(FilterParser.parseString(filter), 'the driver takes it, too')
  }
  for (const filter of [
    ...['cn=%s', '(cn=%s', '(cn=%s))', '(cn=%s)(a=b)', '((cn=%s))', '(&)(cn=%s)', '(&(cn=%s)', '(&cn=%s)'],
    ...['(!(a=b)(cn=%s))', '(!)%s', '(%s=a)', '(c n=%s)', '(cn=%s\\)', '(cn=\\zz%s)', '(cn=\\c3\\a9%s)'],
    ...['(cn=(%s))', '(cn%s)', '%s', '(?(cn=%s))', '(cn=%s)\0'],
  ]) {
    t.same(
      read('domain', filter),
      ['domain.filter must be a filter as RFC 4515 has it, such as (&(objectClass=mailDomain)(cn=%s))'],
      filter,
    )
  }
  t.same(read('domain', '(cn=all)'), ['domain.filter must hold %s or %d, the place of what is asked'])
  t.same(read('account', '(mail=*@%d)'), ['account.filter must hold %s or %u, the place of what is asked'])
  t.same(read('domain', '(cn=%u)'), ['domain.filter knows %s, %d, and %% for a percent sign, but not "%u"'])
  t.same(read('account', '(uid=%n)'), [
    'account.filter knows %s, %u, %d, and %% for a percent sign, but not "%n"',
  ])
  t.match(read('domain', '(cn=%'), [/but not "%"$/])
})

t.test('other settings are read, too', async (t) => {
  const settings = { url: 'ldap://a', base: 'dc=a', domain }
  const faultsOf = (changes: object) =>
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
    t.equal(faultsOf({ url }), undefined)
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
    const message = 'must be ldaps://host or ldap://host, with :port behind it if that is not 636 or 389'
    t.same(faultsOf({ url }), [`url ${message}`], url)
    t.same(faultsOf({ url: [url] }), [`url.0 ${message}`], url)
  }
  t.same(faultsOf({ url: 1 }), ['url must be a URL such as ldaps://ldap.example.org, or a list of such'])
  t.same(faultsOf({ bindDn: 'cn=a' }), ['bindDn goes with passwordFile, and the other way round'])
  t.same(faultsOf({ passwordFile: 'a' }), ['bindDn goes with passwordFile, and the other way round'])
  t.match(faultsOf({ bindDn: 'EXTERNAL', passwordFile: 'a' }), [/^bindDn must be a DN/])
  t.same(faultsOf({ domain: undefined }), ['domain must be there, or account, or both'])
  t.same(faultsOf({ domain: { ...domain, attribute: 'a b' } }), [
    'domain.attribute must be the name of one attribute',
  ])
})

t.test('the configuration and the filters in docs/directories.md are sound', async (t) => {
  const text = readFileSync('docs/directories.md', 'utf8')
  const [, config = ''] = /^```yaml\n(.*?)^```$/ms.exec(text) ?? []
  const [first, second] = parse(config).sources
  t.ok(ldap.schema.parse(first.ldap))
  t.ok(mx.schema.parse(second.mx))
  const rows = [...text.matchAll(/^\| .* \| (account|domain) \| `(.*)` \| `(\w+)` \|$/gm)]
  t.equal(rows.length, 7)
  for (const [, question = '', filter = '', attribute] of rows) {
    const asked = { [question]: { filter: filter.replaceAll('\\|', '|'), attribute } }
    t.ok(
      ldap.schema.safeParse({ ...first.ldap, domain: undefined, account: undefined, ...asked }).success,
      filter,
    )
  }
})

// --- Encryption ---

t.test('ldaps is encrypted from the first byte, and verified', async (t) => {
  const server = await start(t, { tls: { issued, from: 'start' } })
  const source = await open(t, server, { url: `ldaps://mail.example.org:${server.port}` })
  t.equal(await hostOf(source), 'mx1')
  t.equal(await loginOf(source), 'user0001')
  await source.close()
  await until(() => server.open === 0)
})

t.test('ldap is encrypted by StartTLS before the bind, if nothing else is said', async (t) => {
  const server = await start(t, { tls: { issued, from: 'StartTLS' } })
  const source = await open(t, server, {
    url: `ldap://mail.example.org:${server.port}`,
    startTls: undefined,
  })
  t.equal(await hostOf(source), 'mx1')
  server.hangUp()
  t.equal(await hostOf(source), 'mx1', 'and so it is when the connection is opened again')
  t.equal(server.connections, 2)
  t.equal(server.binds.length, 2)
})

t.test(
  'a certificate of an unknown authority, or for another name, is not trusted: nothing is said',
  async (t) => {
    for (const from of ['start', 'StartTLS'] as const) {
      const scheme = from === 'start' ? 'ldaps' : 'ldap'
      const stranger = await start(t, { tls: { issued, from } })
      const changes = { startTls: true, url: `${scheme}://mail.example.org:${stranger.port}` }
      await t.rejects(
        hostOf(await open(t, stranger, changes, { net: { lookup: network.lookup } })),
        /^ldaps?:\/\/mail\.example\.org:\d+ fails at TLS: UNABLE_TO_VERIFY_LEAF_SIGNATURE; NODE_EXTRA_CA_CERTS may name/,
      )
      const misnamed = await start(t, { tls: { issued, from } })
      for (const host of ['ldap.example.org', '127.0.0.1']) {
        const source = await open(t, misnamed, { ...changes, url: `${scheme}://${host}:${misnamed.port}` })
        await t.rejects(hostOf(source), /fails at TLS: ERR_TLS_CERT_ALTNAME_INVALID$/)
      }
      t.same([...stranger.binds, ...misnamed.binds], [])
    }
  },
)

t.test('a server without StartTLS is told nothing', async (t) => {
  const server = await start(t)
  server.startTls = 2
  const source = await open(t, server, { startTls: true })
  await t.rejects(hostOf(source), /^ldap:\/\/127.0.0.1:\d+ does not offer StartTLS: protocol error \(2\)$/)
  t.same(server.binds, [])
})

// --- Faults ---

t.test('faults are told in words of ours', async (t) => {
  const server = await start(t)
  const source = await open(t, server, { timeout: 0.4 })
  await hostOf(source)
  for (const [code, message] of [
    [32, 'there is no such base, or bindDn may not read it (32)'],
    [10, 'a referral to another server (10)'],
    [50, 'bindDn may not do that (50)'],
    [80, 'it refuses (80)'],
  ] as const) {
    server.search = code
    await t.rejects(hostOf(source), { message: `ldap://127.0.0.1:${server.port} answers: ${message}` })
  }
  t.equal(server.connections, 1, 'a clear answer is no reason to connect again')
})

t.test('a wrong password is told, and not tried again at once', async (t) => {
  const server = await start(t)
  let now = 0
  const source = await open(t, server, {}, { now: () => now, secret: 'wrong' })
  const wrong = /^ldap:\/\/127.0.0.1:\d+ does not take the bind: bindDn or its password is wrong \(49\)$/
  for (let i = 0; i < 5; i++) await t.rejects(hostOf(source), wrong)
  t.equal(server.binds.length, 1)
  now += 1000
  await t.rejects(hostOf(source), wrong)
  t.equal(server.binds.length, 2)
})

t.test('a bind with an empty password, which servers take for an anonymous one, is not made', async (t) => {
  const server = await start(t)
  await t.rejects(hostOf(await open(t, server, {}, { secret: '' })), /^the passwordFile of bindDn is empty$/)
  t.equal(server.connections, 0)
})

t.test('a server whose name is not known is told, with a port or without', async (t) => {
  const server = await start(t)
  const unknown = (...[, , answer]: [string, object, (error: Error) => void]) =>
    answer(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }))
  for (const url of ['ldap://ldap.example', 'ldaps://ldap.example', 'ldap://ldap.example:389']) {
    const source = await open(t, server, { url }, { net: { lookup: unknown } })
    await t.rejects(hostOf(source), { message: `${url} cannot be reached: ENOTFOUND` })
  }
})

t.test('a server that is killed and comes back is asked again', async (t) => {
  const server = await start(t)
  let now = 0
  const source = await open(t, server, {}, { now: () => now })
  t.equal(await hostOf(source), 'mx1')
  await server.stop()
  await t.rejects(hostOf(source), /^ldap:\/\/127.0.0.1:\d+ cannot be reached: ECONNREFUSED$/)
  await server.start()
  now += 1000
  t.equal(await hostOf(source), 'mx1')
})

t.test('a connection that is lost is opened again, without a question being lost', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  t.equal(await hostOf(source), 'mx1')
  server.hangUp()
  t.equal(await hostOf(source), 'mx1')
  await until(() => server.open === 1)
  server.hangUp()
  await new Promise((resolve) => setTimeout(resolve, 50))
  t.equal(await hostOf(source), 'mx1', 'long after')
  t.equal(server.connections, 3)
})

t.test('a server that hangs up in mid-query, each time, is no answer', async (t) => {
  const server = await start(t)
  server.search = 'hangs up'
  const source = await open(t, server)
  await t.rejects(hostOf(source), /^ldap:\/\/127.0.0.1:\d+ answers: the connection was broken off$/)
  t.equal(server.connections, 2)
})

t.test('a server that is out of service, or breaks off the bind, is no answer', async (t) => {
  const server = await start(t)
  server.search = 52
  const source = await open(t, server)
  await t.rejects(hostOf(source), /answers: out of service \(52\)$/)
  server.bind = 'hangs up'
  await t.rejects(hostOf(source), /does not take the bind: the connection was broken off$/)
})

t.test('a server that is silent, or talks rubbish, takes no longer than the signal', async (t) => {
  for (const fault of ['is silent', 'talks rubbish'] as const) {
    const server = await start(t)
    const source = await open(t, server)
    await hostOf(source)
    server.search = fault
    await t.rejects(hostOf(source, 'example.org', AbortSignal.timeout(100)), { name: 'TimeoutError' })
    await until(() => server.open === 0)
    server.search = 0
    t.equal(await hostOf(source), 'mx1', 'and the next question is asked anew')
  }
})

t.test('one that is silent when it is connected to takes no longer, either', async (t) => {
  const server = await start(t)
  server.bind = 'is silent'
  const source = await open(t, server, { timeout: 0.1 })
  await t.rejects(hostOf(source, 'example.org', AbortSignal.timeout(20)), { name: 'TimeoutError' })
  await t.rejects(hostOf(source), /does not take the bind: not in time$/)
  await until(() => server.open === 0)
})

t.test('a question that is given up before it is asked is not asked', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  await t.rejects(hostOf(source, 'example.org', AbortSignal.abort()), { name: 'AbortError' })
  t.equal(server.connections, 0)
})

t.test('a closed source asks nobody, and gives up what it had begun', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  server.bind = 'is silent'
  const question = t.rejects(hostOf(source), /^the source is closed$/)
  await until(() => server.binds.length === 1)
  await source.close()
  await question
  await t.rejects(hostOf(source), /^the source is closed$/)
  await until(() => server.open === 0)
  t.equal(server.connections, 1)
})

// --- Several servers ---

t.test('when the first server is down, the next is asked, and later the first again', async (t) => {
  const [first, second] = [await start(t), await start(t)]
  let now = 0
  const source = await open(t, [first, second], {}, { now: () => now })
  await hostOf(source)
  t.same([first.connections, second.connections], [1, 0])

  await first.stop()
  t.equal(await hostOf(source), 'mx1', 'no question is lost')
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

t.test('while the first is still down, nobody waits for it', async (t) => {
  const [first, second] = [await start(t), await start(t)]
  let now = 0
  const source = await open(t, [first, second], {}, { now: () => now })
  await first.stop()
  await hostOf(source)
  now += 30_000
  await hostOf(source)
  await until(() => second.connections === 2)
  await second.stop()
  now += 30_000
  await t.rejects(hostOf(source), /ECONNREFUSED; ldap:.*ECONNREFUSED$/)
})

t.test('the one in use may be gone by the time that the first is looked for', async (t) => {
  const [first, second] = [await start(t), await start(t)]
  let now = 0
  const source = await open(t, [first, second], {}, { now: () => now })
  await first.stop()
  await hostOf(source)
  second.bind = 52
  now += 30_000
  t.equal(await hostOf(source), 'mx1')
  await until(() => second.binds.length === 2)
  t.equal(await hostOf(source), 'mx1', 'it still answers on the connection that there is')
})

t.test('a server that does not answer in time comes after the others', async (t) => {
  const [first, second] = [await start(t), await start(t)]
  const source = await open(t, [first, second])
  await hostOf(source)
  first.search = 'is silent'
  await t.rejects(hostOf(source, 'example.org', AbortSignal.timeout(50)), { name: 'TimeoutError' })
  t.equal(await hostOf(source), 'mx1')
  t.equal(second.searches.length, 1)
})

t.test('a server killed in mid-query: the next answers', async (t) => {
  const [first, second] = [await start(t), await start(t)]
  const source = await open(t, [first, second])
  await hostOf(source)
  first.search = 'is silent'
  const question = hostOf(source)
  await until(() => first.searches.length === 2)
  await first.stop()
  t.equal(await question, 'mx1')
})

// --- All domains ---

t.test('all domains are listed, page by page, over a connection of their own', async (t) => {
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

t.test('a percent sign stays one when all are asked for; a list may end early', async (t) => {
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

t.test('without the attribute for the name there is no list', async (t) => {
  const { name: _, ...unnamed } = domain
  t.equal((await open(t, await start(t), { domain: unnamed })).list, undefined)
})

t.test('a list breaks off with a fault, or the signal', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  const listAll = async (signal: AbortSignal) => {
    for await (const _ of source.list?.(signal) ?? []);
  }
  server.search = 4
  await t.rejects(listAll(soon()), /answers: more entries than the server gives out \(4\)$/)
  server.search = 'is silent'
  await t.rejects(listAll(AbortSignal.timeout(50)), { name: 'TimeoutError' })
  server.bind = 'is silent'
  await t.rejects(listAll(AbortSignal.timeout(50)), { name: 'TimeoutError' })
  await t.rejects(listAll(AbortSignal.abort()), { name: 'AbortError' })
  await until(() => server.open === 0)
})

// --- Check ---

t.test('check finds nothing wrong where all is well, and leaves no connection', async (t) => {
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

t.test('check says what is wrong, of each server', async (t) => {
  const [first, second] = [await start(t), await start(t)]
  const source = await open(t, [first, second])
  first.bind = 49
  await second.stop()
  await t.rejects(source.check(soon()), {
    message: `ldap://127.0.0.1:${first.port} does not take the bind: bindDn or its password is wrong (49); ldap://127.0.0.1:${second.port} cannot be reached: ECONNREFUSED`,
  })
})

t.test('check says which question is wrong', async (t) => {
  const server = await start(t, { entries: [] })
  const source = await open(t, server)
  await t.rejects(source.check(soon()), {
    message: `domain: ldap://127.0.0.1:${server.port} has nothing with mailHost that fits the filter, or bindDn may not read it`,
  })
  server.search = 32
  await t.rejects(
    source.check(soon()),
    /^domain: ldap:.*: there is no such base, or bindDn may not read it \(32\)$/,
  )
  server.search = 'is silent'
  await t.rejects(source.check(AbortSignal.timeout(50)), /^domain: The operation was aborted due to timeout$/)
})

t.test('no address, domain or word of the server is in a fault', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  const errors: string[] = []
  const collect = (error: Error) => errors.push(`${error.message} ${error.stack} ${JSON.stringify(error)}`)
  for (const fault of [1, 21, 32, 80, 'hangs up'] as const) {
    server.search = fault
    await hostOf(source, 'customer.example').catch(collect)
    await loginOf(source, 'jane.roe@customer.example').catch(collect)
    await source.check(soon()).catch(collect)
  }
  t.equal(errors.length, 15)
  t.notMatch(errors.join('\n'), /customer|jane|secret|correct horse/)
})
