import type { IncomingMessage } from 'node:http'
import { type AddressInfo, Socket } from 'node:net'
import type { Test } from 'tap'
import t from 'tap'
import type { Config } from '../../src/config/config.ts'
import { clientOf, isNearby, limitedForm } from '../../src/http/client-address.ts'
import { limitOf, rateLimit } from '../../src/http/rate-limit.ts'
import { trustedProxies } from '../../src/http/trusted-proxies.ts'
import { example, findings, openApp } from '../support/example.ts'

/** A connection of an address; each call is one of its requests. */
function connectionOf(remoteAddress: string | undefined) {
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress })
  return (forwarded?: string, url = '/a?b') =>
    ({
      socket,
      url,
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    }) as unknown as IncomingMessage
}

function limiter(http: object, proxies: readonly string[] = []) {
  const clock = { now: 0 }
  let config = { http, trustedProxies: proxies } as unknown as Config
  let refused = 0
  const accepted: string[] = []
  const policy = rateLimit({
    config: () => config,
    paths: ['/a', '/b'],
    isTrusted: trustedProxies(() => config),
    onRefused: () => refused++,
    onAccepted: ({ name }) => accepted.push(name),
    now: () => clock.now,
  })
  const statusOf = (request: IncomingMessage) => policy(request, {} as never)?.status
  return {
    clock,
    policy,
    statusOf,
    refused: () => refused,
    accepted,
    reload: (next: object, trusted: readonly string[] = proxies) => {
      config = { http: next, trustedProxies: trusted } as unknown as Config
    },
  }
}

const few = { rateLimit: { rate: 2, burst: 3 } }

t.test('an address gets its burst at once, and then its rate', async (t) => {
  const { clock, policy, statusOf, refused } = limiter(few)
  const ask = connectionOf('192.0.2.1')
  for (let count = 0; count < 3; count++) t.equal(statusOf(ask()), undefined)
  const refusal = policy(ask(), {} as never)
  t.match(refusal, { status: 429, body: 'Too many requests. Try again later.\n' })
  const { headers = [] } = refusal ?? {}
  t.equal(headers[headers.indexOf('Retry-After') + 1], '1')
  t.equal(headers[headers.indexOf('Cache-Control') + 1], 'no-store')
  t.equal(refused(), 1)
  clock.now = 500
  t.equal(statusOf(ask()), undefined, 'one request more after half a second')
  t.equal(statusOf(ask()), 429)
  clock.now = 60_000
  for (let count = 0; count < 3; count++) t.equal(statusOf(ask()), undefined)
  t.equal(statusOf(ask()), 429, 'no more than the burst is saved')
})

t.test('a slow rate says how long to wait', async (t) => {
  const { clock, policy } = limiter({ rateLimit: { rate: 0.1, burst: 1 } })
  const ask = connectionOf('192.0.2.1')
  const wait = () => /Retry-After (\d+)/.exec(String(policy(ask(), {} as never)?.headers.join(' ')))?.[1]
  t.equal(wait(), undefined)
  t.equal(wait(), '10')
  clock.now = 5500
  t.equal(wait(), '5', 'a part of the time has passed')
})

t.test('all connections of an address share its bucket, and no other address is hurt', async (t) => {
  const { statusOf } = limiter(few)
  for (let count = 0; count < 3; count++) t.equal(statusOf(connectionOf('192.0.2.1')()), undefined)
  t.equal(statusOf(connectionOf('192.0.2.1')()), 429)
  t.equal(statusOf(connectionOf('::ffff:192.0.2.1')()), 429, 'the same address on a socket for IPv6')
  t.equal(statusOf(connectionOf('192.0.2.2')()), undefined)
  for (let count = 0; count < 3; count++)
    t.equal(statusOf(connectionOf(`2001:db8:0:1::${count}`)()), undefined)
  t.equal(statusOf(connectionOf('2001:db8:0:1:ffff::1')()), 429, 'a customer has a whole /64')
  t.equal(statusOf(connectionOf('2001:db8:0:2::1')()), undefined)
})

t.test('a client that repeats one request does not take the other paths away', async (t) => {
  const { statusOf, accepted } = limiter({ rateLimit: { rate: 1, burst: 1 } }, ['10.0.0.0/8'])
  for (const [ask, forwarded] of [
    [connectionOf('192.0.2.1'), undefined],
    [connectionOf('10.0.0.1'), '192.0.2.2'],
  ] as const) {
    t.equal(statusOf(ask(forwarded, '/a?emailaddress=1')), undefined)
    t.equal(statusOf(ask(forwarded, '/a')), 429, 'the query does not count')
    t.equal(statusOf(ask(forwarded, '/b')), undefined)
    t.equal(statusOf(ask(forwarded, '/c')), undefined)
    t.equal(statusOf(ask(forwarded, '/d')), 429, 'all unknown paths are one')
  }
  t.strictSame(
    accepted,
    ['192.0.2.1', '192.0.2.2'].flatMap((client) => ['/a', '/b', 'others'].map((path) => `${client} ${path}`)),
    'each accepted request has a bucket that other servers know by the same name',
  )
})

t.test('without a burst, it is that of ten seconds', async (t) => {
  const { statusOf } = limiter({ rateLimit: { rate: 2 } })
  const ask = connectionOf('192.0.2.1')
  for (let count = 0; count < 20; count++) t.equal(statusOf(ask()), undefined)
  t.equal(statusOf(ask()), 429)
  const limitIn = (http: object) => limitOf({ http } as unknown as Config)
  t.strictSame(limitIn({ rateLimit: { rate: 2 } }), { rate: 2, burst: 20 })
  t.strictSame(limitIn(few), { rate: 2, burst: 3 })
  t.strictSame(limitIn({}), { rate: 100, burst: 2000 })
  t.equal(limitIn({ rateLimit: 'off' }), undefined)
})

t.test('by default, 2000 requests at once are fine, and addresses nearby are not limited', async (t) => {
  const { statusOf } = limiter({})
  const ask = connectionOf('192.0.2.1')
  for (let count = 0; count < 2000; count++) statusOf(ask())
  t.equal(statusOf(ask()), 429)
  const near = connectionOf('10.0.0.1')
  for (let count = 0; count < 2000; count++) statusOf(near())
  t.equal(statusOf(near()), undefined)
  const { statusOf: strict } = limiter({ rateLimit: { rate: 1, burst: 1 } })
  t.equal(strict(near()), undefined)
  t.equal(strict(near()), 429, 'a limit in the configuration is for all')
})

t.test('a limit can be turned off, and changes with a reload', async (t) => {
  const { statusOf, reload } = limiter({ rateLimit: 'off' })
  const ask = connectionOf('192.0.2.1')
  for (let count = 0; count < 3000; count++) statusOf(ask())
  t.equal(statusOf(ask()), undefined)
  reload({ rateLimit: { rate: 1, burst: 1 } })
  t.equal(statusOf(ask()), undefined)
  t.equal(statusOf(ask()), 429)
})

t.test('the clients of a trusted proxy are told apart, the proxy itself is not limited', async (t) => {
  const { statusOf, reload } = limiter({ rateLimit: { rate: 1, burst: 1 } }, ['10.0.0.0/8'])
  const ask = connectionOf('10.0.0.1')
  t.equal(statusOf(ask('192.0.2.1')), undefined)
  t.equal(statusOf(ask('192.0.2.1')), 429)
  t.equal(statusOf(ask('192.0.2.9, 192.0.2.1')), 429, 'the address that the proxy has added counts')
  t.equal(statusOf(ask('192.0.2.1, 10.0.0.2')), 429, 'behind another proxy')
  t.equal(statusOf(ask('192.0.2.2')), undefined)
  for (let count = 0; count < 3; count++) {
    t.equal(statusOf(ask()), undefined, 'its health checks')
    t.equal(statusOf(ask('10.0.0.3')), undefined, 'another proxy')
    t.equal(statusOf(ask('unknown')), undefined, 'no address')
  }
  reload({ rateLimit: { rate: 1, burst: 1 } }, [])
  t.equal(statusOf(ask('192.0.2.3')), undefined)
  t.equal(statusOf(ask('192.0.2.4')), 429, 'trust that is withdrawn by a reload')
})

t.test('a connection that is gone is not limited', async (t) => {
  const { statusOf } = limiter({ rateLimit: { rate: 1, burst: 1 } })
  const ask = connectionOf(undefined)
  for (let count = 0; count < 3; count++) t.equal(statusOf(ask()), undefined)
})

t.test('many addresses do not use up the memory: the one that is longest away is forgotten', async (t) => {
  const { statusOf } = limiter({ rateLimit: { rate: 1, burst: 1 } })
  const address = (index: number) => `192.${index >> 16}.${(index >> 8) & 255}.${index & 255}`
  for (let index = 0; index < 50_000; index++) statusOf(connectionOf(address(index))())
  t.equal(statusOf(connectionOf(address(0))()), 429, 'the first is still known')
  statusOf(connectionOf(address(50_000))())
  t.equal(statusOf(connectionOf(address(0))()), 429, 'it was used since')
  t.equal(statusOf(connectionOf(address(1))()), undefined, 'forgotten')
})

t.test('the limited form of an address', async (t) => {
  for (const [address, form] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['::1', '0:0:0:0'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:DB8:0:0001:2:3:4:5', '2001:db8:0:1'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['2001:db8:1:2::', '2001:db8:1:2'],
    ['::', '0:0:0:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4'],
    ['1:2::4:5:6:7:8', '1:2:0:4'],
    ['0000:0:0:0010::', '0:0:0:10'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0'],
    ['1::ffff:192.0.2.1', '1:0:0:0'],
    ['fe80::1%25eth0:1', 'fe80:0:0:0'],
    ['unknown', undefined],
    [undefined, undefined],
  ] as const)
    t.equal(limitedForm(address), form, address ?? 'none')
})

t.test('addresses nearby are those of the machine and of private networks', async (t) => {
  const isNear = (address: string) => isNearby(limitedForm(address) as string)
  for (const near of [
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.0.1',
    '::1',
    'fd00::1',
    'fe80::1',
    ...['127.255.255.255', '10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.0'],
    ...['192.168.255.255', '169.254.255.255', 'fc00::1', 'fdff:ffff::1', 'fe9f::1', 'feaf::1', 'febf::1'],
  ])
    t.ok(isNear(near), near)
  for (const far of [
    ...['192.0.2.1', '172.32.0.1', '100.64.0.1', '2001:db8::1', 'fec0::1'],
    ...['126.255.255.255', '128.0.0.0', '9.255.255.255', '11.0.0.0', '172.15.255.255', '192.167.255.255'],
    ...[
      '192.169.0.0',
      '169.253.255.255',
      '169.255.0.0',
      'fbff::1',
      'fe7f::1',
      'fe00::1',
      '10::1',
      '0:0:0:1::',
    ],
    ...['fd::1', 'fe8::1', '2001:fd00::1', '2001:fe80::1'],
  ])
    t.notOk(isNear(far), far)
})

t.test('the client behind a proxy, with and without a port', async (t) => {
  const isTrusted = (address?: string) => address === '10.0.0.1'
  const clientBehind = (forwarded: string) => clientOf(connectionOf('10.0.0.1')(forwarded), isTrusted)
  t.equal(clientBehind('192.0.2.1:4711'), '192.0.2.1')
  t.equal(clientBehind('[2001:db8::1]:4711'), '2001:db8:0:0')
  t.equal(clientBehind('[2001:db8::1]'), '2001:db8:0:0')
  t.equal(clientBehind('198.51.100.1,192.0.2.1'), '192.0.2.1')
  t.equal(clientBehind('2001:0db8:0:1:2:3:4:5'), '2001:db8:0:1', 'the end of an IPv6 address is no port')
  for (const wrong of ['2[001:db8::1]', '[192.0.2.1]5', '::ffff:192.0.2.1:4711', '192.0.2:1.5', ''])
    t.equal(clientBehind(wrong), undefined, `${wrong} is no address`)
})

t.test('a unix socket is trusted only by its own name, beside networks or alone', async (t) => {
  const trustedBy = (...proxies: readonly string[]) => {
    const isTrusted = trustedProxies(() => ({ trustedProxies: proxies }) as never)
    return ['unix', '10.0.0.1', undefined].filter((address) => isTrusted(address))
  }
  t.strictSame(trustedBy(), [])
  t.strictSame(trustedBy('unix'), ['unix'])
  t.strictSame(trustedBy('10.0.0.0/8'), ['10.0.0.1'])
  t.strictSame(trustedBy('unix', '10.0.0.1'), ['unix', '10.0.0.1'])
})

t.test('garbage in X-Forwarded-For, or a connection that is gone, is not trusted', async (t) => {
  const isTrusted = trustedProxies(() => ({ trustedProxies: ['127.0.0.1', '2001:db8::/32'] }) as never)
  for (const address of [undefined, '', 'unknown', '127.0.0.1:80'])
    t.notOk(isTrusted(address), String(address))
  t.ok(isTrusted('127.0.0.1'))
  t.ok(isTrusted('2001:db8::1'))
  const { app, accessLog } = await openApp(t, { ...example, trustedProxies: ['127.0.0.1'] })
  const { statusCode } = await app.inject({
    url: '/mail/config-v1.1.xml',
    headers: { 'x-forwarded-for': 'unknown', 'x-forwarded-host': 'autoconfig.example.org' },
  })
  t.equal(statusCode, 200)
  t.equal(accessLog.refusals.counts.rate, 0)
})

t.test('a limited request is answered with 429 on both ways, and counted', async (t) => {
  const { app, accessLog, lines } = await openApp(t, {
    ...example,
    http: { rateLimit: { rate: 1, burst: 1 } },
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const ask = async (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
  t.equal((await ask('/v1.1/example.org')).status, 200)
  t.equal((await ask('/mail/config-v1.1.xml?emailaddress=example.org')).status, 200)
  for (const path of ['/mail/config-v1.1.xml', '/v1.1/example.org', '/unknown']) {
    const response = await ask(path)
    t.equal(response.status, 429, path)
    t.ok(Number(response.headers.get('retry-after')) >= 1)
  }
  t.equal(accessLog.refusals.counts.rate, 3)
  t.match(
    lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind !== undefined),
    [{ level: 30, kind: 'rate', total: 1, msg: 'a limit was reached' }],
  )
  t.equal(lines.filter((line) => line.includes('"kind":"rate"')).length, 1, 'one line a minute')
  t.notMatch(lines.join(''), /127\.0\.0\.1/)
})

t.test('a limit that is not one is an error', async (t: Test) => {
  for (const rateLimit of ['never', false, 5]) {
    const { errors } = await findings(t, { ...example, http: { rateLimit } })
    t.match(errors, [/http\.rateLimit must be "off", or a mapping with "rate" and "burst"/])
  }
})
