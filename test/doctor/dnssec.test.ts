import { createHash, X509Certificate } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { decode, encode, RECURSION_DESIRED, streamDecode, streamEncode, TRUNCATED_RESPONSE } from 'dns-packet'
import t, { type Test } from 'tap'
import { openQuestions } from '../../src/checks/dns-query.ts'
import { openNameServer } from '../../src/checks/name-server.ts'
import type { Network } from '../../src/checks/network.ts'
import { checkTlsa } from '../../src/checks/tlsa-check.ts'
import type { ServerSettings } from '../../src/model/settings.ts'
import { issue } from '../support/certificates.ts'
import { examineDns, config as usual } from '../support/doctor-dns.ts'
import { examineNames } from '../support/doctor-names.ts'
import { examineServer, good, mail } from '../support/doctor-servers.ts'
import type { Foreign } from '../support/web-server.ts'
import { nameServer } from '../support/zone-server.ts'

const imaps = 'SRV _imaps._tcp.example.org'

t.test('signatures that are not valid are told from name servers that fail', async (t) => {
  for (const target of [imaps, 'MX example.org', 'CNAME autoconfig.example.org']) {
    const bogus = await examineDns(t, { [target]: 'BOGUS' })
    t.match(bogus.of(target), { id: 'dnssec-invalid', state: 'problem', advice: /^sign the zone again/ })
    const failing = await examineDns(t, { [target]: 'SERVFAIL' })
    t.match(failing.of(target), { id: 'dns-lookup-failed', state: 'untested' })
  }
  const zone = { [`A ${mail}`]: 'BOGUS', [`AAAA ${mail}`]: 'BOGUS' } as const
  t.match((await examineServer(t, { zone })).checks, [{ id: 'dnssec-invalid', state: 'problem' }])
})

t.test('whether the answers are authenticated is information', async (t) => {
  const target = 'DNSSEC example.org'
  const cases: [(name: string) => boolean, string, RegExp][] = [
    [() => true, 'ok', /^authenticated/],
    [(name) => name === '.', 'info', /the zone is not signed/],
    [() => false, 'info', /this name server does not validate/],
  ]
  for (const [authenticates, state, seen] of cases) {
    const { of } = await examineDns(t, {}, usual, { authenticates })
    t.match(of(target), { id: 'dnssec-not-authenticated', state, seen })
  }
})

/** The check of the TLSA records of a server, of which DNSSEC authenticates the answers or not. */
async function tlsa(t: Test, records: readonly unknown[] | 'SERVFAIL', isAuthenticated = true) {
  const { at } = await examineServer(t, {
    dns: { authenticates: () => isAuthenticated },
    zone: (port) => ({ [`A ${mail}`]: ['127.0.0.2'], [`TLSA _${port}._tcp.${mail}`]: records }),
  })
  return at('tlsa-invalid')[0]
}

t.test('TLSA records are compared with the certificate', async (t) => {
  const own = new X509Certificate(good.certificate)
  const authority = new X509Certificate(good.authority)
  const key = own.publicKey.export({ type: 'spki', format: 'der' })
  const digest = (algorithm: string, bytes: Buffer) => createHash(algorithm).update(bytes).digest()
  const record = (usage: number, selector: number, matchingType: number, certificate: Buffer) => [
    { usage, selector, matchingType, certificate },
  ]
  for (const records of [
    record(3, 1, 1, digest('sha256', key)),
    record(1, 0, 2, digest('sha512', own.raw)),
    record(3, 1, 0, key),
    record(2, 0, 1, digest('sha256', authority.raw)),
    [...record(3, 1, 1, Buffer.alloc(32)), ...record(3, 0, 1, digest('sha256', own.raw))],
  ])
    t.match(await tlsa(t, records), { state: 'ok', seen: /: one of this certificate$/ })
  for (const records of [
    record(3, 1, 1, Buffer.alloc(32)),
    record(3, 1, 7, key),
    record(2, 0, 1, digest('sha256', own.raw)),
    record(3, 0, 1, digest('sha256', authority.raw)),
  ])
    t.match(await tlsa(t, records), {
      state: 'problem',
      seen: /: none of this certificate$/,
      advice: new RegExp(`TLSA 3 1 1 ${digest('sha256', key).toString('hex')}`),
    })
  t.match(await tlsa(t, record(3, 1, 1, Buffer.alloc(32)), false), {
    state: 'info',
    seen: /none of this certificate; DNSSEC does not authenticate it here, so that it has no effect$/,
  })
  t.match(await tlsa(t, []), { state: 'ok', seen: 'no TLSA record' })
  t.match(await tlsa(t, 'SERVFAIL'), { state: 'info', seen: /^SERVFAIL/ })
  const silent = { ask: async () => undefined } as unknown as Network
  const server = { hostname: mail, port: 993 } as ServerSettings
  t.match(await checkTlsa(server, [own], 'it', silent), { state: 'info', seen: /^no answer/ })
  const alias = { type: 'CNAME', name: 'a.example', data: 'b.example' }
  const aliased = { ask: async () => ({ code: 'NOERROR', isAuthenticated: true, records: [alias] }) }
  t.match(await checkTlsa(server, [own], 'it', aliased as unknown as Network), { state: 'ok' })
})

t.test('a policy for servers that send mail is information', async (t) => {
  const record = { 'TXT _mta-sts.example.org': ['v=STSv1; id=1'] }
  const url = 'https://mta-sts.example.org/.well-known/mta-sts.txt'
  const lines = [
    'version: STSv1',
    'mode: enforce',
    'mx: MAIL.example.org',
    'mx: *.mx.example',
    'max_age: 86400',
  ]
  const examine = async (
    answer: Foreign,
    exchange = 'mail.example.org',
    issued = undefined as Awaited<ReturnType<typeof issue>> | undefined,
  ) => {
    const { all } = await examineNames(t, {
      hosts: ['mta-sts.example.org'],
      zone: { ...record, 'MX example.org': exchange === '' ? [] : [{ preference: 10, exchange }] },
      foreign: { [url]: answer, [`${url}x`]: [200, lines.join('\n')] },
      ...(issued && { issued }),
    })
    const checks = all.filter(({ id, state }) => id.startsWith('sts-') && state !== 'ok')
    return checks.map(({ id, state, seen }) => `${state} ${id}: ${seen}`)
  }
  const found = 'info sts-policy-found: "v=STSv1; id=1"'
  const text = lines.join('\r\n')
  t.strictSame(await examine([200, text]), [found])
  t.strictSame(await examine([200, text], 'a.mx.example'), [found], 'a wildcard is one label')
  t.strictSame(await examine([200, text], 'a.b.mx.example'), [
    found,
    'info sts-mx-not-listed: a.b.mx.example is not listed (mode enforce)',
  ])
  t.strictSame(await examine([200, text], ''), [found], 'nothing to compare')
  t.strictSame(await examine([200, text.replace('enforce', 'none')], 'other.example'), [found])
  t.strictSame(await examine([404, text]), [found, 'info sts-policy-fetch-error: status 404, 0 redirects'])
  t.strictSame(await examine([301, '', { location: `${url}x` }]), [
    found,
    'info sts-policy-fetch-error: status 200, 1 redirects',
  ])
  const wrong = await issue('P-256', undefined, ['other.example'])
  t.strictSame(await examine([200, text], undefined, wrong), [
    found,
    'info sts-policy-fetch-error: other.example',
  ])
  for (const [from, to, seen] of [
    ['STSv1', 'STSv2', 'mode enforce, mx mail.example.org, *.mx.example'],
    ['max_age: 86400', '', 'mode enforce, mx mail.example.org, *.mx.example'],
    ['max_age: 86400', 'max_age', 'mode enforce, mx mail.example.org, *.mx.example'],
    ['mode: enforce', '', 'mode no mode, mx mail.example.org, *.mx.example'],
    [text.slice(text.indexOf('mx: M'), text.indexOf('max_age')), '', 'mode enforce, mx none'],
  ] as const)
    t.strictSame(await examine([200, text.replace(from, to)]), [found, `info sts-policy-invalid: ${seen}`])
})

/** A name server of which the answers over UDP are given, and that answers over TCP on the same port. */
async function rawServer(
  t: Test,
  udp: (query: Buffer) => readonly Buffer[],
  tcp?: (query: Buffer) => readonly Buffer[],
) {
  const socket = createSocket('udp4')
  socket.on('message', (bytes, { port, address }) => {
    for (const reply of udp(bytes)) socket.send(reply, port, address)
  })
  const server = createServer((connection) => {
    connection.on('error', () => {})
    connection.once('data', (bytes) => {
      for (const part of tcp?.(bytes) ?? []) connection.write(part)
      if (tcp) setImmediate(() => connection.end())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  socket.bind(port, '127.0.0.1')
  await once(socket, 'listening')
  t.teardown(() => {
    socket.close()
    server.close()
  })
  return `127.0.0.1:${port}`
}

const replyTo = (query: Buffer, flags = 0, id?: number) => {
  const { id: own = 0, questions = [] } = decode(query)
  return encode({ type: 'response', id: id ?? own, flags: RECURSION_DESIRED | flags, questions, answers: [] })
}

t.test('an answer that does not fit into a datagram is asked for over TCP', async (t) => {
  const overTcp = (query: Buffer) => {
    const message = streamDecode(query)
    const { id = 0, questions = [] } = message
    const answers = [{ type: 'TXT' as const, name: 'a.example', ttl: 1, data: 'x' }]
    return streamEncode({ type: 'response', id, flags: 0, questions, answers })
  }
  const truncated = (query: Buffer) => [replyTo(query, TRUNCATED_RESPONSE)]
  const whole = await rawServer(t, truncated, (query) => [overTcp(query)])
  const question = { type: 'TXT', name: 'a.example' } as const
  t.match(await openQuestions([whole], 2000)(question), { code: 'NOERROR', records: [{ type: 'TXT' }] })
  const pieces = await rawServer(t, truncated, (query) => [
    overTcp(query).subarray(0, 1),
    overTcp(query).subarray(1),
  ])
  t.match(await openQuestions([pieces], 2000)(question), { records: [{ type: 'TXT' }] })
  for (const length of [1, 9]) {
    const part = await rawServer(t, truncated, (query) => [overTcp(query).subarray(0, length)])
    t.equal(await openQuestions([part], 2000)(question), undefined)
  }
  const other = await rawServer(t, truncated, () => [Buffer.from([0, 3, 1, 2, 3])])
  t.equal(await openQuestions([other], 2000)(question), undefined)
  const silent = await rawServer(t, truncated)
  t.equal(await openQuestions([silent], 100)(question), undefined)
})

t.test('datagrams that are no answer are ignored, and the next name server is asked', async (t) => {
  const question = { type: 'SOA', name: 'a.example' } as const
  const noisy = await rawServer(t, (query) => [
    Buffer.from('x'),
    query,
    replyTo(query, 0, ((decode(query).id ?? 0) + 1) % 65536),
    replyTo(query),
  ])
  t.match(await openQuestions([noisy], 2000)(question), { code: 'NOERROR', isAuthenticated: false })
  const silent = await rawServer(t, () => [])
  t.match(await openQuestions([silent, noisy], 100)(question), { code: 'NOERROR' })
  t.equal(await openQuestions([silent], 50)(question), undefined)
  const [address, port] = silent.split(':')
  t.equal(await openQuestions([`[::ffff:${address}]:${port}`, '127.0.0.77', '::1'], 50)(question), undefined)
})

t.test('a name server that fails in both ways fails', async (t) => {
  const failing = await rawServer(t, (query) => (decode(query).flag_cd ? [] : [replyTo(query, 2)]))
  const { names } = openNameServer([failing], 100)
  t.match(await names('A', 'a.example'), { ok: false, error: { isCertain: false, why: /^SERVFAIL/ } })
  const { address } = await nameServer(t, { 'A a.example': 'BOGUS' })
  t.match(await openNameServer([address], 1000).names('A', 'a.example'), { error: { isBogus: true } })
})
