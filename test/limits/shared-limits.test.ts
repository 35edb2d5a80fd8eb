import { writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import t from 'tap'
import { stringify } from 'yaml'
import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load.ts'
import { adminServer } from '../../src/http/admin-server.ts'
import { limitOf, rateLimit } from '../../src/http/rate-limit.ts'
import type { LimitStore } from '../../src/limits/read-store.ts'
import { loadRedis } from '../../src/limits/redis.ts'
import { SharedLimits } from '../../src/limits/shared-limits.ts'
import { issue } from '../support/certificates.ts'
import { configFolder, example, findings, load, openApp } from '../support/example.ts'
import { RedisServer } from '../support/redis-server.ts'
import { freePorts, serving } from '../support/serving.ts'
import { until } from '../support/until.ts'

const secret = new Uint8Array(32).fill(7)

const storeAt = ({ port }: RedisServer, more: Partial<LimitStore> = {}): LimitStore => ({
  ...{ host: '127.0.0.1', port, database: 0, prefix: 'limit:', secret, tls: false, ...more },
})

/** A server that counts requests with others. The clock of its buckets is that of the store. */
function replica(t: Test, server: RedisServer, rate: object | 'off' = { rate: 1, burst: 4 }) {
  const problems: (string | undefined)[] = []
  const config = { http: { rateLimit: rate }, trustedProxies: [] } as unknown as Config
  const shared = new SharedLimits({
    limit: () => limitOf(config),
    onProblem: (problem) => problems.push(problem),
    now: () => server.now,
    pause: (milliseconds, signal) =>
      sleep(Math.min(milliseconds, 5), undefined, { signal }).catch(() => undefined),
  })
  t.teardown(() => shared.close())
  const policy = rateLimit({
    config: () => config,
    paths: ['/a'],
    isTrusted: () => false,
    onRefused: () => undefined,
    onAccepted: shared.accepted.bind(shared),
    now: () => server.now,
  })
  const ask = (address = '192.0.2.1', url = '/a') => {
    const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: address })
    return policy({ socket, url, headers: {} } as unknown as IncomingMessage, {} as never)?.status ?? 200
  }
  const ask4 = () => [ask(), ask(), ask(), ask()]
  const use = async (store: LimitStore | undefined) => {
    await shared.use(store)
    await until(() => !store || shared.state?.available === true)
  }
  return { shared, problems, ask, ask4, use }
}

t.test('two servers share one limit, and no request waits for the store', async (t) => {
  const server = await new RedisServer().start(t)
  const [one, other] = [replica(t, server), replica(t, server)]
  await one.use(storeAt(server))
  await other.use(storeAt(server))
  t.strictSame([one.ask(), one.ask(), one.ask()], [200, 200, 200])
  await one.shared.exchange()
  t.strictSame(
    [other.ask(), other.ask()],
    [200, 200],
    'the first requests of a client are decided by what the server knows',
  )
  await other.shared.exchange()
  t.equal(other.ask(), 429, 'four requests, and one too many')
  server.now += 1000
  t.equal(other.ask(), 429, 'which is paid back first')
  server.now += 1000
  t.equal(other.ask(), 200)
  await other.shared.exchange()
  server.now += 1000
  t.equal(one.ask(), 200)
  await one.shared.exchange()
  t.equal(one.ask(), 429)
  server.now += 10_000
  t.equal(one.ask(), 200, 'the bucket fills for all')
  await Promise.all([one.shared.exchange(), one.shared.exchange()])
})

t.test('what was accepted too much is one burst at most', async (t) => {
  const server = await new RedisServer().start(t)
  const replicas = [1, 2, 3].map(() => replica(t, server))
  for (const each of replicas) await each.use(storeAt(server))
  for (const each of replicas) t.strictSame(each.ask4(), [200, 200, 200, 200])
  for (const each of replicas) await each.shared.exchange()
  const [, , last] = replicas
  server.now += 4900
  t.equal(last?.ask(), 429)
  server.now += 200
  t.equal(last?.ask(), 200)
})

t.test('requests during an exchange count', async (t) => {
  const server = await new RedisServer().start(t)
  const { shared, use, ask } = replica(t, server)
  await use(storeAt(server))
  ask()
  const exchange = shared.exchange()
  t.equal(ask(), 200)
  await exchange
  t.strictSame([ask(), ask(), ask()], [200, 200, 429])
})

t.test('the store contains digests instead of addresses, and other servers find the same', async (t) => {
  const server = await new RedisServer().start(t)
  const { shared, ask, use } = replica(t, server)
  await use(storeAt(server))
  ask('192.0.2.1')
  ask('2001:db8::1')
  ask('192.0.2.1', '/unknown')
  await shared.exchange()
  t.notMatch(JSON.stringify(server.commands), /192\.0\.2|2001:db8|\/a|unknown/)
  const keys = [...server.empty.keys()].filter((key) => key !== 'limit:probe')
  t.equal(keys.length, 3)
  for (const key of keys) t.match(key, /^limit:[\w-]{22}$/)
  const others = replica(t, server)
  await others.use(storeAt(server, { secret: new Uint8Array(32) }))
  others.ask('192.0.2.1')
  await others.shared.exchange()
  t.equal(server.empty.size, 5, 'another secret, another key')
})

t.test(
  'without a store, and while it is down, each server counts alone; one message says so, and one that it is back',
  async (t) => {
    const server = await new RedisServer().start(t)
    const { shared, problems, ask4, ask, use } = replica(t, server)
    t.equal(shared.state, undefined)
    t.strictSame(ask4(), [200, 200, 200, 200])
    await shared.exchange()
    await use(storeAt(server))
    t.strictSame(shared.state, { address: `127.0.0.1:${server.port}`, available: true })
    server.now += 10_000
    ask()
    server.stop()
    await until(() => shared.state?.available === false)
    await sleep(50)
    t.match(shared.state?.problem, new RegExp(`^127\\.0\\.0\\.1:${server.port}: connection `))
    t.equal(problems.length, 1)
    server.now += 10_000
    t.strictSame([...ask4(), ask()], [200, 200, 200, 200, 429])
    await shared.exchange()
    await server.start(t)
    await until(() => shared.state?.available === true)
    t.strictSame(problems.slice(1), [undefined])
    t.equal(shared.state?.problem, undefined)
  },
)

t.test('a store that answers wrongly is not used', async (t) => {
  for (const [reply, problem] of [
    ['*1\r\n$3\r\nabc\r\n', /: unexpected answer; is it Redis or Valkey\?$/],
    ['*1\r\n$9\r\n999999999\r\n', /: unexpected answer/],
    ['*0\r\n', /: unexpected answer/],
    ['+OK\r\n', /: unexpected answer/],
    ['-NOPERM this user has no permissions\r\n', /: the user has no permission for EVAL/],
    ['-OOM command not allowed\r\n', /: the server has no memory left$/],
    ["-READONLY You can't write\r\n", /: the server is a read-only replica$/],
    ['silent', /: no response$/],
  ] as const) {
    const server = await new RedisServer().start(t)
    const { shared, problems, ask4, ask, use } = replica(t, server)
    await use(storeAt(server))
    ask4()
    server.evalReply = reply
    await shared.exchange()
    t.equal(ask(), 429, 'its own limit still counts')
    await until(() => problems.length > 0)
    t.match(problems[0], problem)
    server.now += 10_000
    t.strictSame(ask4(), [200, 200, 200, 200], 'and nothing but its own')
    await shared.close()
    server.stop()
  }
})

t.test('a store that hangs later is noticed by a ping, and a user and password are sent', async (t) => {
  const server = await new RedisServer().start(t)
  server.password = 'right'
  const { problems, use, shared } = replica(t, server)
  await use(storeAt(server, { user: 'limits', password: 'right', database: 3 }))
  t.ok(server.commands.some((words) => words.join(' ') === 'AUTH limits right'))
  t.ok(server.commands.some((words) => words.join(' ') === 'SELECT 3'))
  await until(() => server.commands.some(([name]) => name === 'PING'))
  await shared.use(storeAt(server, { password: 'wrong' }))
  await until(() => problems.length > 0)
  t.match(problems, [/: the server rejected the user or password$/])
  t.notMatch(JSON.stringify([problems, shared.state]), /right|wrong/)
})

t.test('the connection is kept if the store is the same, and closed otherwise', async (t) => {
  const server = await new RedisServer().start(t)
  const { use, shared } = replica(t, server)
  await use(storeAt(server))
  await use(storeAt(server, { secret: secret.slice() }))
  t.equal(server.connections, 1)
  await use(storeAt(server, { prefix: 'other:' }))
  t.equal(server.connections, 2)
  await use(undefined)
  t.equal(shared.state, undefined)
  await until(() => server.open === 0)
})

t.test('many addresses are added in several commands, and not more than can wait', async (t) => {
  const server = await new RedisServer().start(t)
  const { use, shared, ask } = replica(t, server)
  await use(storeAt(server))
  for (let index = 0; index < 20_001; index++) ask(`10.0.${index >> 8}.${index & 255}`)
  const evals = () => server.commands.filter(([name]) => name === 'EVAL').length
  const before = evals()
  await shared.exchange()
  t.equal(evals() - before, 100)
  t.equal(server.empty.size, 20_001, 'with the probe')
})

t.test('a limit that is turned off is not shared', async (t) => {
  const server = await new RedisServer().start(t)
  const { use, shared } = replica(t, server, 'off')
  await use(storeAt(server))
  shared.accepted({ name: 'a', tokens: 1, at: 0, unsent: 0 })
  await shared.exchange()
  t.equal(server.empty.size, 1, 'only the probe')
})

t.test('a package that is missing later is a problem of the store', async (t) => {
  const problems: (string | undefined)[] = []
  const shared = new SharedLimits({
    limit: () => undefined,
    onProblem: (problem) => problems.push(problem),
    load: () => Promise.reject(new Error('no')),
  })
  await shared.use(storeAt(new RedisServer()))
  await until(() => problems.length > 0)
  t.strictSame(problems, [
    'the package @redis/client is not installed or is incomplete: npm install @redis/client',
  ])
  await shared.close()
  t.equal(typeof (await loadRedis()).createClient, 'function')
})

const secretFile = 'x'.repeat(32)
const withStore = (store: object) => ({
  ...example,
  http: { rateLimitStore: { url: 'redis://localhost', secretFile: 'secret', ...store } },
})

t.test('rediss:// encrypts, and verifies the certificate', async (t) => {
  const issued = await issue('P-256', undefined, ['localhost'])
  const server = await new RedisServer().start(t, issued)
  const url = `rediss://localhost:${server.port}`
  const files = { secret: secretFile, 'ca.pem': issued.authority, password: 'right\n' }
  const { limitStore } = await load(
    t,
    withStore({ url, authorityFile: 'ca.pem', passwordFile: 'password' }),
    files,
  )
  t.match(limitStore, {
    host: 'localhost',
    port: server.port,
    password: 'right',
    prefix: 'mail-autoconfig:limit:',
  })
  server.password = 'right'
  const { use, problems, shared } = replica(t, server)
  await use(limitStore)
  const { limitStore: strange } = await load(
    t,
    withStore({ url: `rediss://u:right@127.0.0.1:${server.port}` }),
    files,
  )
  await shared.use(strange)
  await until(() => problems.length > 0)
  t.match(problems, [/: the server's certificate cannot be verified \(\w+\)$/])
})

t.test('errors in the settings of the store have a place, and quote no password', async (t) => {
  const pem = 'no PEM'
  for (const [store, error] of [
    [{ url: 'redis://:hidden@' }, /url must be a URL such as redis:\/\/localhost/],
    [{ url: 'http://hidden@host' }, /url must be a URL such as redis:/],
    [{ url: 'redis://host/hidden' }, /url must be a URL such as redis:/],
    [{ url: 'redis://host/0?hidden' }, /url must be a URL such as redis:/],
    [{ url: 'redis://:hidden%@host' }, /url contains an invalid percent-encoding; write % as %25/],
    [{ secretFile: 'short' }, /secretFile .*short has 5 bytes; a secret must have at least 32/],
    [{ secretFile: 'missing' }, /secretFile cannot be read/],
    [{ prefix: 'a b' }, /prefix must be 1 to 100 ASCII characters without spaces/],
    [{ authorityFile: 'pem' }, /authorityFile requires rediss:\/\/ in url/],
    [
      { url: 'rediss://host', certificateFile: 'pem' },
      /certificateFile requires keyFile; set both or neither/,
    ],
    [
      { url: 'rediss://host', authorityFile: 'pem' },
      /http\.rateLimitStore authorityFile, .*does not contain PEM/,
    ],
    [{ passwordfile: 'a' }, /passwordfile/],
  ] as const) {
    const { errors } = await findings(t, withStore(store), { secret: secretFile, short: '12345', pem })
    t.match(errors.join('\n'), error)
    t.notMatch(errors.join('\n'), /hidden/)
  }
  const { errors, warnings } = await findings(t, withStore({ url: 'redis://[::1]:1/0' }), {
    secret: secretFile,
  })
  t.strictSame([errors, warnings], [[], []])
})

t.test('the package must be installed', async (t) => {
  const file = configFolder(t, withStore({}), { secret: secretFile })
  const outcome = await loadConfig(file, {
    resolvePackage() {
      throw new Error('not found')
    },
  })
  t.match(outcome, {
    errors: [
      {
        line: /^\d+$/,
        path: 'http.rateLimitStore',
        message: 'requires the package @redis/client, which is not installed: npm install @redis/client',
      },
    ],
  })
})

t.test(
  'the server uses the store, shows its state, and closes the connection on a reload and at the end',
  async (t) => {
    const [store, next] = [await new RedisServer().start(t), await new RedisServer().start(t)]
    const configAt = (port: number) => {
      const settings = withStore({ url: `redis://127.0.0.1:${port}` })
      return stringify({ ...settings, http: { ...settings.http, rateLimit: { rate: 1, burst: 2 } } })
    }
    const config = configFolder(t, configAt(store.port), { secret: secretFile })
    const { clients, admin, logged, signals, stop } = await serving(['-c', config, ...freePorts])
    const states = async () => {
      const { limitStore } = (await (await fetch(`${admin}/readyz`)).json()) as { limitStore: unknown }
      const metrics = await (await fetch(`${admin}/metrics`)).text()
      return [limitStore, /^mail_autoconfig_limit_store_available (.*)$/m.exec(metrics)?.[1]]
    }
    await until(() => store.empty.size > 0)
    t.strictSame(await states(), [{ address: `127.0.0.1:${store.port}`, available: true }, '1'])
    await fetch(`${clients}/v1.1/example.org`)
    await until(() => store.empty.size > 1)

    store.stop()
    await logged('limit store unavailable; each server counts requests alone')
    t.match(await states(), [{ available: false, problem: /connection/ }, '0'])
    t.equal((await fetch(`${admin}/readyz`)).status, 200)
    await store.start(t)
    await logged('limit store available again; requests are counted together')

    writeFileSync(config, configAt(next.port))
    signals.emit('SIGHUP')
    await until(() => next.open === 1 && store.open === 0)
    t.equal(await stop(), 0)
    await until(() => next.open === 0)
  },
)

t.test('without a store, the state says so', async (t) => {
  const opened = await openApp(t)
  const admin = adminServer(opened)
  t.teardown(() => admin.close())
  t.equal((await admin.inject('/readyz')).json().limitStore, null)
  t.match((await admin.inject('/metrics')).body, /^mail_autoconfig_limit_store_available Nan$/m)
})
