import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import {
  type Answer,
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  type Packet,
  streamEncode,
  TRUNCATED_RESPONSE,
} from 'dns-packet'
import t, { type Test } from 'tap'
import type { Backend } from '../../src/backends/backend.ts'
import { CachedBackend } from '../../src/backends/cached-backend.ts'
import { mx } from '../../src/backends/mx/mx.ts'
import { untilAborted } from '../../src/backends/until-aborted.ts'
import { type Domain, parseDomain } from '../../src/model/address.ts'
import { readMapValue } from '../../src/reading/next-hops.ts'

const ok = 0
const serverFailure = 2
const noSuchName = 3
const refused = 5

/** How a name server answers. */
interface Behaviour {
  /** Preference and exchange of each record. */
  readonly records?: readonly (readonly [number, string])[]
  readonly code?: number
  /** The answer by UDP is truncated; the whole answer comes by TCP. */
  readonly truncates?: boolean
  readonly bytes?: Buffer
  readonly isSilent?: boolean
}

class NameServer {
  behaviour: Behaviour = {}
  /** The type and name of each query. */
  readonly queries: string[] = []
  port = 0

  async start(t: Test): Promise<this> {
    const udp = createSocket('udp4')
    udp.on('message', (bytes, from: RemoteInfo) => {
      const reply = this.#reply(bytes, encode, this.behaviour.truncates === true)
      if (reply) udp.send(reply, from.port, from.address)
    })
    const tcp = createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', (bytes) => {
        const reply = this.#reply(bytes.subarray(2), streamEncode, false)
        if (reply) socket.end(reply)
      })
    })
    // UDP and TCP need the same port: one that is free for TCP is hardly ever in use for UDP.
    tcp.listen(0, '127.0.0.1')
    await once(tcp, 'listening')
    t.teardown(() => {
      udp.close()
      tcp.close()
    })
    this.port = (tcp.address() as AddressInfo).port
    udp.bind(this.port, '127.0.0.1')
    await once(udp, 'listening')
    return this
  }

  #reply(bytes: Buffer, encode: (packet: Packet) => Buffer, truncates: boolean): Buffer | undefined {
    const { id = 0, questions = [] } = decode(bytes)
    this.queries.push(...questions.map(({ type, name }) => `${type} ${name}`))
    const { records = [], code = ok, isSilent } = this.behaviour
    if (isSilent) return undefined
    if (this.behaviour.bytes) return this.behaviour.bytes
    const answers = records.map(
      ([preference, exchange]): Answer => ({
        type: 'MX',
        name: questions[0]?.name ?? '',
        ttl: 60,
        data: { preference, exchange },
      }),
    )
    const flags = AUTHORITATIVE_ANSWER | code | (truncates ? TRUNCATED_RESPONSE : 0)
    return encode({ type: 'response', id, flags, questions, answers: truncates ? [] : answers })
  }
}

const start = (t: Test) => new NameServer().start(t)

async function open(t: Test, servers: NameServer | NameServer[], changes: object = {}): Promise<Backend> {
  const resolver = [servers].flat().map(({ port }) => `127.0.0.1:${port}`)
  const source = await mx.open(mx.schema.parse({ resolver, ...changes }), { onChange: () => {} })
  t.teardown(() => source.close())
  return source
}

const soon = () => AbortSignal.timeout(5000)
const example = 'example.org' as Domain

const hostOf = async (source: Backend, domain = example, signal = soon()) => source.findHost?.(domain, signal)

t.test('the host of a domain is its MX', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  server.behaviour = { records: [[10, 'maximusconfessor.all2all.org']] }
  t.equal(await hostOf(source), 'maximusconfessor.all2all.org')
  t.same(server.queries, ['MX example.org'], 'only the domain is sent')
  t.equal(source.findLogin, undefined)
  t.equal(source.list, undefined)
})

t.test('the name of the MX is returned in lower case', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  server.behaviour = { records: [[10, 'MX1.Example.NET']] }
  t.equal(await hostOf(source), 'mx1.example.net')
})

t.test('an internationalized domain is looked up in A-labels', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  server.behaviour = { records: [[10, 'xn--mail-0ra.example']] }
  const domain = parseDomain('bücher.example') as Domain
  t.equal(await hostOf(source, domain), parseDomain('xn--mail-0ra.example'))
  t.same(server.queries, ['MX xn--bcher-kva.example'])
})

t.test('the MX with the lowest preference is used, even if it is not ours', async (t) => {
  const server = await start(t)
  const source = await open(t, server, { hosts: { 'mx.all2all.org': 'maximusconfessor' } })
  server.behaviour = {
    records: [
      [20, 'mx.all2all.org'],
      [10, 'filter.example.net'],
    ],
  }
  t.equal(await hostOf(source), 'filter.example.net')
})

t.test('several MX with the lowest preference are all returned, always in the same order', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  const records = [
    [10, 'b.example.net'],
    [10, 'a.example.net'],
    [20, 'c.example.net'],
    [10, 'A.example.net'],
  ] as const
  for (const order of [records, records.toReversed()]) {
    server.behaviour = { records: order }
    const transport = await hostOf(source)
    t.equal(transport, 'smtp:[a.example.net],[b.example.net]')
    t.same(readMapValue(transport ?? ''), { nextHops: ['a.example.net', 'b.example.net'] })
  }
})

t.test('the name of an MX can be mapped to a host', async (t) => {
  const server = await start(t)
  const source = await open(t, server, { hosts: { 'MX.all2all.org': 'maximusconfessor' } })
  server.behaviour = {
    records: [
      [10, 'a.example.net'],
      [10, 'mx.all2all.org'],
    ],
  }
  t.equal(await hostOf(source), 'maximusconfessor')
  server.behaviour = { records: [[10, 'constructor']] }
  t.equal(await hostOf(source), 'constructor', 'other names are not mapped')
})

t.test('an answer with a hundred MX is read by TCP', async (t) => {
  const server = await start(t)
  const source = await open(t, server)
  const records = Array.from({ length: 100 }, (_, i) => [i + 1, `mx${i}.example.net`] as const)
  server.behaviour = { records, truncates: true }
  t.equal(await hostOf(source), 'mx0.example.net')
  t.same(server.queries, ['MX example.org', 'MX example.org'], 'first by UDP, then by TCP')
})

for (const [property, behaviour] of [
  ['does not exist', { code: noSuchName }],
  ['has no MX', {}],
  ['accepts no mail (RFC 7505)', { records: [[0, '.']] }],
  ['has an MX that is not a host name', { records: [[0, 'not_a_host.example']] }],
  ['has an IP address as its MX', { records: [[0, '192.0.2.1']] }],
] as [string, Behaviour][]) {
  t.test(`a domain that ${property} has no host`, async (t) => {
    const server = await start(t)
    server.behaviour = behaviour
    t.equal(await hostOf(await open(t, server)), undefined)
  })
}

for (const [property, behaviour, message] of [
  ['fails', { code: serverFailure }, 'the MX cannot be looked up: ESERVFAIL'],
  ['refuses', { code: refused }, 'the MX cannot be looked up: EREFUSED'],
  ['does not respond', { isSilent: true }, 'the MX cannot be looked up: timed out'],
  [
    'sends garbage',
    { bytes: Buffer.from('HTTP/1.1 400 Bad Request') },
    'the MX cannot be looked up: EBADRESP',
  ],
] as [string, Behaviour, string][]) {
  t.test(`a name server that ${property} makes the lookup fail`, async (t) => {
    const server = await start(t)
    server.behaviour = behaviour
    const source = await open(t, server, behaviour.isSilent ? { timeout: 0.1 } : {})
    await t.rejects(hostOf(source), { message })
    await t.rejects(source.check(soon()), { message: `127.0.0.1:${server.port}: ${message}` })
  })
}

t.test('many domains whose MX cannot be looked up do not stop the others', async (t) => {
  const server = await start(t)
  const backend = await open(t, server)
  const settings = mx.schema.parse({})
  const cached = new CachedBackend({ name: 'mx', kind: 'mx' }, backend, settings, { now: () => 0 })
  server.behaviour = { code: serverFailure }
  for (let i = 0; i < 5; i++) {
    const answer = await cached.findHost(`d${i}.example` as Domain)
    t.match(answer, { value: undefined, certainty: 'uncertain' })
  }
  server.behaviour = { records: [[10, 'mx1.example']] }
  t.match(await cached.findHost(example), { value: 'mx1.example', certainty: 'certain' })
  t.equal(cached.state.available, true)
})

t.test('no domain is in an error message', async (t) => {
  const server = await start(t)
  server.behaviour = { code: serverFailure }
  const error = await hostOf(await open(t, server)).catch((error) => error)
  t.notMatch(`${error.message} ${error.stack} ${JSON.stringify(error)} ${error.cause}`, /example/)
})

t.test('a lookup ends with the signal, and a later answer is ignored', async (t) => {
  const server = await start(t)
  server.behaviour = { isSilent: true }
  const source = await open(t, server)
  await t.rejects(hostOf(source, example, AbortSignal.timeout(30)), { name: 'TimeoutError' })
  await t.rejects(source.check(AbortSignal.timeout(30)), /aborted due to timeout/)
  await t.rejects(hostOf(source, example, AbortSignal.abort()), { name: 'AbortError' })
  t.equal(server.queries.length, 2)
})

t.test('an aborted signal rejects at once', async (t) => {
  const forever = new Promise<never>(() => {})
  await t.rejects(untilAborted(forever, AbortSignal.abort()), { name: 'AbortError' })
})

t.test('closing cancels running lookups', async (t) => {
  const server = await start(t)
  server.behaviour = { isSilent: true }
  const source = await open(t, server)
  const lookup = t.rejects(hostOf(source), /ECANCELLED/)
  await source.close()
  await lookup
})

t.test('if a name server fails or does not respond, the next one is asked within the timeout', async (t) => {
  for (const behaviour of [{ isSilent: true }, { code: serverFailure }]) {
    const [first, second] = [await start(t), await start(t)]
    first.behaviour = behaviour
    second.behaviour = { records: [[10, 'mx1.example.net']] }
    const source = await open(t, [first, second], { timeout: 1 })
    t.equal(await hostOf(source, example, AbortSignal.timeout(1000)), 'mx1.example.net')
    t.equal(await hostOf(source, example, AbortSignal.timeout(1000)), 'mx1.example.net')
    t.same(
      [first.queries.length, second.queries.length],
      [1, 2],
      'the one that answered is asked first from then on',
    )
    second.behaviour = { code: serverFailure }
    await t.rejects(hostOf(source), /the MX cannot be looked up/, 'all have been asked')
    t.equal(first.queries.length, 2)
  }
})

t.test('check asks each name server for a name that never exists', async (t) => {
  const [first, second] = [await start(t), await start(t)]
  first.behaviour = { code: noSuchName }
  second.behaviour = { code: noSuchName }
  const source = await open(t, [first, second])
  await source.check(soon())
  t.same([...first.queries, ...second.queries], ['MX example.invalid', 'MX example.invalid'])
  second.behaviour = { code: refused }
  await t.rejects(source.check(soon()), {
    message: `127.0.0.1:${second.port}: the MX cannot be looked up: EREFUSED`,
  })
})

t.test("the system's name servers are the default", async (t) => {
  const source = await mx.open(mx.schema.parse({}), { onChange: () => {} })
  await t.rejects(source.check(AbortSignal.abort(new Error('cancelled'))), {
    message: 'system resolver: cancelled',
  })
  await source.close()
})

t.test('name servers are IP addresses, with or without a port', async (t) => {
  const errorsOf = (settings: object) =>
    mx.schema.safeParse(settings).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  const resolver = ['127.0.0.1', '127.0.0.1:5353', '::1', '[::1]:5353']
  t.equal(errorsOf({ resolver }), undefined)
  t.ok(await mx.open(mx.schema.parse({ resolver }), { onChange: () => {} }), 'Node.js accepts them, too')
  for (const wrong of [
    ...[
      '',
      'localhost',
      '127.0.0.1:',
      '127.0.0.1:0',
      '127.0.0.1:65536',
      '127.0.0.1:123456',
      '1.2.3:53',
      '[::1]',
    ],
    ...['[127.0.0.1]:53', '[]:53', ':53', '127.0.0.1:5353\n'],
  ]) {
    t.same(
      errorsOf({ resolver: [wrong] }),
      [
        'resolver.0 must be an IP address with an optional port, such as 127.0.0.1, 127.0.0.1:5353 or [::1]:5353',
      ],
      wrong,
    )
  }
  t.match(errorsOf({ hosts: { 'not a name': 'mx1' } }), [/^hosts\.not a name /])
  t.ok(errorsOf({ resolver: [] }))
})
