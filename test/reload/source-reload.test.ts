import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { Registry } from 'prom-client'
import t, { type Test } from 'tap'
import * as z from 'zod'
import type { Backend, BackendContext, BackendKind, BackendSettings } from '../../src/backends/backend.ts'
import { type BackendConfig, Backends } from '../../src/backends/backends.ts'
import { CachedBackend } from '../../src/backends/cached-backend.ts'
import { loadConfig } from '../../src/config/load.ts'
import { adminServer } from '../../src/http/admin-server.ts'
import { loggedEvents } from '../../src/http/logged-events.ts'
import { Readiness } from '../../src/http/readiness.ts'
import { clientServer } from '../../src/http/server.ts'
import { addSourceMetrics } from '../../src/http/source-metrics.ts'
import { LiveResolver } from '../../src/resolver/live-resolver.ts'
import { Resolver } from '../../src/resolver/resolver.ts'
import {
  configFolder,
  domain,
  example,
  load,
  openApp,
  resolve,
  sourceSettings,
  textOf,
} from '../support/example.ts'
import { until } from '../support/until.ts'

/** Sources at a reload, at start, and as balancers and monitoring see them. */

interface FakeSettings extends BackendSettings {
  readonly url: string
  readonly query: string
}

/** A kind of source whose databases are objects, and another one that has the same ones. */
function fakeKind() {
  const databases: Record<string, Record<string, string> | undefined> = {}
  const closed: string[] = []
  const contexts: BackendContext[] = []
  const kind: BackendKind<FakeSettings> = {
    key: 'fake',
    schema: z.any(),
    queriesOf: ({ query }) => query,
    async open({ url }, context) {
      if (url === 'invalid') throw new Error("Cannot find package 'driver'\nRequire stack:\n- /opt/driver.js")
      contexts.push(context)
      return {
        async findHost(name) {
          const database = databases[url]
          if (!database) throw new Error('ECONNREFUSED')
          return database[name]
        },
        check: async () => undefined,
        close: async () => void closed.push(url),
      }
    },
  }
  const kinds = [kind, { ...kind, key: 'other' }] as unknown as BackendKind[]
  const config = (url: string, changes: Partial<FakeSettings & { password: string }> = {}): BackendConfig => {
    const { password, ...more } = changes
    const settings: FakeSettings = { ...sourceSettings, url, query: 'SELECT host', ...more }
    const place = { file: 'autoconfig.yaml', line: 1, column: 1, path: 'sources[0].fake' }
    return { kind: 'fake', settings, ...(password !== undefined && { password }), place }
  }
  const open = (configs: BackendConfig[], before?: Backends) =>
    Backends.open(configs, {
      now: () => 1_000_000,
      kinds,
      ...(before && { before }),
    })
  return { kind, databases, closed, contexts, config, open }
}

const find = async (backends: Backends, name: string, index = 0) =>
  backends.all[index]?.findHost(domain(name))

t.test('answers outlive a reload if the queries are the same', async (t) => {
  const { databases, config, open, closed } = fakeKind()
  databases['right'] = { 'example.com': 'mx1' }
  const before = await open([config('right')])
  await find(before, 'example.com')
  await find(before, 'nobody.example')
  const mistyped = await open([config('wrong')], before)
  await before.closeExcept(mistyped)
  t.strictSame(closed, ['right'], 'the replaced one is closed')
  t.strictSame(await find(mistyped, 'example.com'), { value: 'mx1', certainty: 'stale' })
  t.match(mistyped.states, [{ keptAnswers: 2, hasAnswered: false }])
  databases['new'] = { 'example.com': 'mx2' }
  const mended = await open([config('new', { password: 'secret', cacheSize: 10 })], mistyped)
  t.match(mended.states, [{ keptAnswers: 2, cache: { known: 1, unknown: 1 } }])
  t.strictSame(await find(mended, 'example.com'), { value: 'mx2', certainty: 'certain' }, 'asked again')
  const other = await open([config('nowhere', { query: 'SELECT name' })], mended)
  t.strictSame(await find(other, 'example.com'), { value: undefined, certainty: 'uncertain' })
  t.match(other.states, [{ keptAnswers: undefined }])
})

t.test('of several sources, only the changed ones are opened again', async (t) => {
  const { databases, config, open, closed } = fakeKind()
  databases['a'] = { 'example.com': 'mx1' }
  databases['b'] = { 'example.com': 'mx2' }
  const before = await open([config('a'), config('b')])
  t.equal(await open([config('a'), config('b')], before), before)
  for (const index of [0, 1]) await find(before, 'example.com', index)
  const after = await open([config('a'), config('c')], before)
  await before.closeExcept(after)
  t.strictSame(closed, ['b'])
  t.equal(after.all[0], before.all[0])
  t.strictSame(await find(after, 'example.com', 0), { value: 'mx1', certainty: 'certain' })
  t.strictSame(
    await find(after, 'example.com', 1),
    { value: 'mx2', certainty: 'stale' },
    'not those of the first',
  )
  const more = await open([config('a'), config('c'), config('d')], after)
  t.match(more.states, [{}, {}, { keptAnswers: undefined }], 'nothing is kept twice')
  const fewer = await open([config('c')], more)
  await more.closeExcept(fewer)
  t.strictSame(closed, ['b', 'a', 'c', 'd'], 'it has another name now, so it was opened again')
  t.match(fewer.states, [{ name: 'fake', keptAnswers: 1 }])
  await fewer.close()
  t.strictSame(closed.at(-1), 'c')
})

t.test('sources are those of the configuration, in its order, after each reload', async (t) => {
  const { config, open, closed } = fakeKind()
  const other = { ...config('b'), kind: 'other' }
  const both = await open([config('a'), other])
  const [first, second] = both.all
  t.strictSame(
    both.all.map(({ name, kind }) => [name, kind]),
    [
      ['fake', 'fake'],
      ['other', 'other'],
    ],
    'the only one of its kind has its name',
  )
  const swapped = await open([other, config('a')], both)
  t.strictSame([swapped.all[0], swapped.all[1]], [second, first])
  const one = await open([other], swapped)
  await swapped.closeExcept(one)
  t.strictSame([one.size, one.all[0], closed], [1, second, ['a']])
  const three = await open([config('c'), other, config('d')], one)
  t.strictSame(
    three.states.map(({ name }) => name),
    ['fake 1', 'other', 'fake 3'],
  )
  t.equal(three.all[1], second)
  const same = { ...config('b'), kind: 'fake' }
  const changed = await open([same], one)
  t.match(changed.states, [{ name: 'fake', keptAnswers: undefined }], 'another kind asks in other words')
  await Promise.all([three.close(), changed.close()])
})

t.test('a source gets its password, and forgets what it is told to', async (t) => {
  const { databases, config, contexts, open } = fakeKind()
  databases['a'] = { 'example.com': 'mx1', 'example.edu': 'mx1' }
  const backends = await open([config('a', { password: 'secret' })])
  t.strictSame(
    contexts.map(({ password, files }) => [password, files]),
    [['secret', undefined]],
  )
  await open([config('b')])
  t.equal('password' in (contexts[1] as object), false)
  for (const name of ['example.com', 'example.edu']) await find(backends, name)
  const certainties = () =>
    ['example.com', 'example.edu'].map((name) => backends.all[0]?.findHost(domain(name)) instanceof Promise)
  t.strictSame(certainties(), [false, false])
  contexts[0]?.onChange('Example.com')
  t.strictSame(certainties(), [true, false], 'it is asked again')
  contexts[0]?.onChange()
  t.strictSame(certainties(), [true, true])
})

t.test('a source is opened with its files, and reports under its name', async (t) => {
  const { config, contexts, kind } = fakeKind()
  const problems: unknown[] = []
  const forgotten = config('a')
  const backends = await Backends.open([{ ...forgotten, files: { keyFile: 'key' } }], {
    now: () => 0,
    kinds: [kind as unknown as BackendKind],
    onNotifyProblem: (...problem) => problems.push(problem),
    onProblem: (...problem) => problems.push(problem),
  })
  const [context] = contexts
  t.strictSame(context?.files, { keyFile: 'key' })
  context?.onNotifyProblem?.('connection lost')
  await find(backends, 'example.com')
  t.strictSame(problems, [
    ['fake', 'connection lost'],
    ['fake', 'ECONNREFUSED'],
  ])
})

t.test('if a source cannot be opened, those of before stay open, and the new ones do not', async (t) => {
  const { databases, config, open, closed } = fakeKind()
  databases['a'] = { 'example.com': 'mx1' }
  const before = await open([config('a')])
  const unknown = { ...config('c'), kind: 'unknown' }
  await t.rejects(open([config('b'), config('invalid'), unknown], before), {
    name: 'ConfigError',
    errors: [
      { message: "cannot be opened: Cannot find package 'driver'" },
      { message: 'cannot be opened: there is no kind of source "unknown"' },
    ],
  })
  t.strictSame(closed, ['b'])
  t.strictSame(await find(before, 'example.com'), { value: 'mx1', certainty: 'certain' })
})

t.test('a query that runs during a reload does not bring back what was there before', async (t) => {
  let answer: ((value: string) => void) | undefined
  const backend: Backend = {
    findHost: () => new Promise((resolve) => (answer = resolve)),
    check: async () => undefined,
    close: async () => undefined,
  }
  const name = { name: 'fake', kind: 'fake' }
  const old = new CachedBackend(name, backend, sourceSettings, { now: () => 0 })
  const slow = old.findHost(domain('example.com'))
  const next = new CachedBackend(
    name,
    { ...backend, findHost: async () => 'new' },
    sourceSettings,
    { now: () => 0 },
    old.handOver(),
  )
  await next.findHost(domain('example.com'))
  answer?.('old')
  t.strictSame(await slow, { value: 'old', certainty: 'stale' })
  t.strictSame(next.findHost(domain('example.com')), { value: 'new', certainty: 'certain' })
})

t.test('a closed source lets those who wait go, and asks nothing more', async (t) => {
  const asked: string[] = []
  const cached = new CachedBackend(
    { name: 'fake', kind: 'fake' },
    {
      concurrency: 1,
      findHost: async (name) => {
        asked.push(name)
        throw new Error('down')
      },
      check: async () => undefined,
      close: async () => {
        throw new Error('closed already')
      },
    },
    sourceSettings,
    { now: () => 0 },
  )
  const greeting = cached.greet()
  await until(() => asked.length > 0, 'the first question')
  await cached.close()
  await greeting
  t.strictSame(asked, ['example.invalid'])
  await cached.greet()
  t.strictSame(asked, ['example.invalid'])
})

/** A source in an SQLite file. */
function database(t: Test) {
  const folder = mkdtempSync(join(tmpdir(), 'mail-autoconfig-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'mail.sqlite')
  const away = `${file}.away`
  const write = new Database(file)
  write.exec(
    "CREATE TABLE domain (name TEXT, host TEXT); INSERT INTO domain VALUES ('example.com', 'vonmuenchhausen')",
  )
  write.close()
  const sql = {
    url: `sqlite:${file}`,
    domain: 'SELECT host FROM domain WHERE name = $1',
    ttl: 1,
    negativeTtl: 1,
  }
  return {
    sql,
    config: { ...example, sources: [{ sql }] },
    takeAway: () => renameSync(file, away),
    bringBack: () => renameSync(away, file),
  }
}

const url = '/mail/config-v1.1.xml?emailaddress=jane@example.com'

t.test('a reload shows which answers it has kept', async (t) => {
  const { config, sql } = database(t)
  const { log, lines } = await openApp(t)
  const file = configFolder(t, config)
  const events = loggedEvents(log, () => live)
  const live: LiveResolver = await LiveResolver.open({
    load: () => loadConfig(file),
    reload: () => loadConfig(file),
    pollInterval: 60_000,
    now: () => new Date(0),
    ...events,
  })
  t.teardown(() => live.close())
  const before = live.current.backends
  await resolve(live.current, { domain: domain('example.com') })
  await until(() => before?.states[0]?.hasAnswered === true)
  const logged = () => lines.splice(0).join('')
  await live.reload()
  t.notMatch(logged(), 'source opened', 'nothing has changed')
  writeFileSync(file, readFileSync(file, 'utf8').replace(sql.url, 'sqlite:/nowhere.sqlite'))
  await live.reload()
  t.match(logged(), /"source":"sql","keptAnswers":2,"msg":"source opened; the answers of before are kept/)
  t.match(await resolve(live.current, { domain: domain('example.com') }), {
    certain: false,
    clientConfig: { host: { key: 'vonmuenchhausen' } },
  })
  const admin = adminServer({ live, accessLog: undefined as never, now: () => new Date(0) })
  t.teardown(() => admin.close())
  const ready = await admin.inject({ url: '/readyz' })
  t.match(JSON.parse(ready.body).sources, [{ name: 'sql', keptAnswers: 2 }])
  writeFileSync(file, readFileSync(file, 'utf8').replace('WHERE name', 'WHERE lower(name)'))
  await live.reload()
  t.match(logged(), '"source":"sql","keptAnswers":0,"msg":"source opened; no answers of before are kept"')
  events.onNotify('sql', 'connection lost')
  events.onNotify('sql', undefined)
  t.match(
    logged(),
    /"problem":"connection lost","msg":"source announces no changes; they take effect after ttl".*"msg":"source announces changes again"/s,
  )
})

t.test('the server is not ready before each source has answered once, nor when it stops', async (t) => {
  const { config, takeAway, bringBack } = database(t)
  takeAway()
  const { live, log, accessLog, now } = await openApp(t, { ...config, sources: [...config.sources] })
  let isStopping = false
  const readiness = new Readiness(live, () => isStopping)
  const admin = adminServer({ live, accessLog, now, readiness })
  const app = clientServer({
    live,
    log,
    accessLog,
    signer: undefined as never,
    pages: undefined as never,
    readiness,
  })
  t.teardown(async () => {
    await admin.close()
    await app.close()
  })
  const both = async () => {
    const inside = await admin.inject({ url: '/readyz' })
    const outside = await app.inject({ url: '/readyz' })
    t.equal(inside.statusCode, outside.statusCode)
    t.equal(outside.headers['cache-control'], 'no-store')
    t.notMatch(outside.body, /sql/, 'clients see nothing of the configuration')
    const { status, problem } = JSON.parse(inside.body)
    return [inside.statusCode, status, problem, outside.body]
  }
  const metric = async () =>
    /^mail_autoconfig_ready (\d)$/m.exec((await admin.inject({ url: '/metrics' })).body)?.[1]
  t.strictSame(await both(), [503, 'not ready', 'waiting for the first answer of: sql', 'not ready\n'])
  t.equal(await metric(), '0')
  t.equal((await app.inject({ method: 'HEAD', url: '/readyz' })).statusCode, 503)
  bringBack()
  t.ok(await until(() => readiness.problem === undefined), 'it asks by itself')
  t.strictSame(await both(), [200, 'ready', null, 'ready\n'])
  t.equal(await metric(), '1')
  t.match(live.current.backends?.states, [{ hasAnswered: true }])
  takeAway()
  await live.reload()
  t.equal((await both())[0], 200, 'an outage later, or a reload, does not take it away from its clients')
  isStopping = true
  t.strictSame(await both(), [503, 'not ready', 'stopping', 'not ready\n'])
})

t.test('a source with accounts only is asked for an account', async (t) => {
  const asked: unknown[] = []
  const cached = new CachedBackend(
    { name: 'fake', kind: 'fake' },
    {
      findLogin: async (address) => void asked.push(address),
      check: async () => undefined,
      close: async () => undefined,
    },
    sourceSettings,
    { now: () => 0 },
  )
  await cached.greet()
  t.strictSame(asked, [{ localPart: 'nobody', domain: 'example.invalid' }])
  t.match(cached.state, { hasAnswered: true })
})

t.test('a balancer may be asked to try another replica', async (t) => {
  const { config, takeAway } = database(t)
  takeAway()
  const { defaultHost: _, ...provider } = { defaultHost: undefined, ...example.provider }
  const unsure = async (http: object, host: object = {}) => {
    const { app } = await openApp(t, { ...config, http, provider: { ...provider, ...host } })
    const answers = await Promise.all([
      app.inject({ url }),
      app.inject({ url: '/autodiscover/autodiscover.json?Email=jane@example.com&Protocol=AutodiscoverV1' }),
      app.inject({ url: '/mail/config-v1.1.xml?emailaddress=jane@example.org' }),
    ])
    t.ok(answers.slice(0, 2).every(({ headers }) => headers['cache-control'] === 'no-store'))
    return answers.map(({ statusCode, headers }) => [statusCode, headers['retry-after']])
  }
  const mapped = [200, undefined]
  t.strictSame(
    await unsure({}),
    [[404, undefined], [404, undefined], mapped],
    'a 5xx ends the search of some clients',
  )
  t.strictSame(await unsure({ uncertainStatus: 503 }), [[503, '5'], [503, '5'], mapped])
  t.strictSame(await unsure({ uncertainStatus: 503 }, { defaultHost: 'vonmuenchhausen' }), [
    [503, '5'],
    [503, '5'],
    mapped,
  ])
  t.match((await unsure({}, { defaultHost: 'vonmuenchhausen' }))[0], [200, undefined])
})

t.test('what is known is served while the source is down, whatever the status for the rest', async (t) => {
  const { config, takeAway } = database(t)
  const { app, live } = await openApp(t, { ...config, http: { uncertainStatus: 503 } })
  t.equal((await app.inject({ url })).headers['cache-control'], 'public, max-age=3600')
  takeAway()
  live.current.backends?.all[0]?.forget()
  const { statusCode, headers } = await app.inject({ url })
  t.strictSame([statusCode, headers['cache-control']], [200, 'no-store'])
})

t.test('a document of the ISPDB is not cacheable while a source may know its domain', async (t) => {
  const { config, takeAway } = database(t)
  const document = {
    'a.example.xml': `<clientConfig version="1.1"><emailProvider id="a.example"><domain>a.example</domain>
      <displayName>A</displayName><displayShortName>A</displayShortName>
      <incomingServer type="imap"><hostname>imap.a.example</hostname><port>993</port><socketType>SSL</socketType>
      <authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></incomingServer>
      <outgoingServer type="smtp"><hostname>smtp.a.example</hostname><port>465</port><socketType>SSL</socketType>
      <authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></outgoingServer>
      </emailProvider></clientConfig>`,
  }
  const more = { http: { uncertainStatus: 503 }, ispdb: [{ folder: 'db', serve: 'ispdb' }] }
  const ask = async (settings: object) => {
    const { app } = await openApp(t, { ...config, ...settings }, { db: document } as never)
    const { statusCode, headers, body } = await app.inject({ url: '/v1.1/a.example' })
    return [statusCode, headers['cache-control'], textOf(body, 'hostname')]
  }
  t.strictSame(await ask(more), [200, 'public, max-age=3600', 'imap.a.example'])
  takeAway()
  t.strictSame(await ask(more), [200, 'no-store', 'imap.a.example'])
})

t.test('metrics of sources: answers, queries, connections, caches, and nothing of a client', async (t) => {
  const { config } = database(t)
  const { app, live, accessLog, now } = await openApp(t, config)
  const admin = adminServer({ live, accessLog, now })
  t.teardown(() => admin.close())
  await until(() => live.current.backends?.states[0]?.hasAnswered === true)
  await app.inject({ url })
  await app.inject({ url: '/v1.1/elsewhere.example' })
  const metrics = (await admin.inject({ url: '/metrics' })).body
  const name = 'mail_autoconfig_source'
  for (const line of [
    `${name}_available{source="sql"} 1`,
    `${name}_queries_total{source="sql",result="found"} 1`,
    `${name}_queries_total{source="sql",result="unknown"} 2`,
    `${name}_answers_total{source="sql",certainty="certain"} 3`,
    `${name}_answers_total{source="sql",certainty="stale"} 0`,
    `${name}_answers_total{source="sql",certainty="uncertain"} 0`,
    `${name}_answers_total{source="sql",certainty="refused"} 0`,
    `${name}_queries_in_progress{source="sql"} 0`,
    `${name}_queries_waiting{source="sql"} 0`,
    `${name}_connections{source="sql",state="open"} 1`,
    `${name}_connections{source="sql",state="idle"} 1`,
    `${name}_cached_answers{source="sql",answer="known"} 1`,
    `${name}_cached_answers{source="sql",answer="unknown"} 2`,
    `${name}_cache_evictions_total{source="sql",answer="known"} 0`,
    `${name}_query_duration_seconds_bucket{source="sql",le="+Inf"} 3`,
    `${name}_query_duration_seconds_count{source="sql"} 3`,
  ])
    t.ok(metrics.includes(`${line}\n`), line)
  t.match(metrics, new RegExp(`^# TYPE ${name}_query_duration_seconds histogram$`, 'm'))
  t.match(metrics, new RegExp(`^${name}_query_duration_seconds_bucket\\{source="sql",le="10"\\} 3$`, 'm'))
  t.notMatch(metrics, new RegExp(`${name}_listening\\{`), 'it announces nothing')
  t.notMatch(metrics, /example/)
})

t.test('each number of a source is in its metric', async (t) => {
  const register = new Registry()
  const state = {
    name: 'sql 2',
    available: false,
    hasAnswered: true,
    queries: { found: 1, unknown: 2, failed: 3 },
    answers: { certain: 4, stale: 5, uncertain: 6, refused: 7 },
    running: 8,
    waiting: 9,
    cache: { known: 10, unknown: 11, evictedKnown: 12, evictedUnknown: 13 },
    connections: { open: 14, idle: 15 },
    notify: { listening: true },
  }
  const durations = { buckets: [{ le: 0.5, within: 16 }], count: 17, sum: 18.5 }
  const sources = [{ name: 'sql 2', state, durations }] as unknown as readonly CachedBackend[]
  addSourceMetrics(register, () => sources)
  const expected = [
    ['available{source="sql 2"}', 0],
    ['queries_total{source="sql 2",result="found"}', 1],
    ['queries_total{source="sql 2",result="unknown"}', 2],
    ['queries_total{source="sql 2",result="failed"}', 3],
    ['answers_total{source="sql 2",certainty="certain"}', 4],
    ['answers_total{source="sql 2",certainty="stale"}', 5],
    ['answers_total{source="sql 2",certainty="uncertain"}', 6],
    ['answers_total{source="sql 2",certainty="refused"}', 7],
    ['queries_in_progress{source="sql 2"}', 8],
    ['queries_waiting{source="sql 2"}', 9],
    ['connections{source="sql 2",state="open"}', 14],
    ['connections{source="sql 2",state="idle"}', 15],
    ['listening{source="sql 2"}', 1],
    ['cached_answers{source="sql 2",answer="known"}', 10],
    ['cached_answers{source="sql 2",answer="unknown"}', 11],
    ['cache_evictions_total{source="sql 2",answer="known"}', 12],
    ['cache_evictions_total{source="sql 2",answer="unknown"}', 13],
    ['query_duration_seconds_bucket{source="sql 2",le="0.5"}', 16],
    ['query_duration_seconds_bucket{source="sql 2",le="+Inf"}', 17],
    ['query_duration_seconds_sum{source="sql 2"}', 18.5],
    ['query_duration_seconds_count{source="sql 2"}', 17],
  ].map(([series, value]) => `mail_autoconfig_source_${series} ${value}`)
  const lines = async () => (await register.metrics()).split('\n').filter((line) => /^[^#]/.test(line))
  t.strictSame(await lines(), expected)
  t.strictSame(await lines(), expected, 'also when it is read again')
})

t.test('the log says which source goes, why, and that it comes back', async (t) => {
  const { log, lines, live } = await openApp(t)
  const { onBackend, onNotify } = loggedEvents(log, () => live)
  for (const report of [onBackend, onNotify]) {
    report('sql 2', 'connection refused')
    report('sql 2', undefined)
  }
  const logged = lines.map((line) => {
    const { level, source, problem, msg } = JSON.parse(line)
    return [level, source, problem, msg]
  })
  t.strictSame(logged, [
    [50, 'sql 2', 'connection refused', 'source unavailable; serving its last known answers'],
    [30, 'sql 2', undefined, 'source available again'],
    [50, 'sql 2', 'connection refused', 'source announces no changes; they take effect after ttl'],
    [30, 'sql 2', undefined, 'source announces changes again'],
  ])
})

t.test('the state of announcements is a metric', async (t) => {
  const { metricsOf } = await import('../../src/http/metrics.ts')
  const { live, accessLog, now } = await openApp(t)
  let listening = false
  const cached = new CachedBackend(
    { name: 'sql', kind: 'sql' },
    {
      findHost: async () => undefined,
      check: async () => undefined,
      close: async () => undefined,
      status: () => ({ notify: { listening } }),
    },
    sourceSettings,
    { now: () => 0 },
  )
  const current = new Resolver(await load(t, example), { backends: new Backends([cached]) })
  const fake = { ...{ state: live.state, current } } as unknown as LiveResolver
  const metrics = () => metricsOf({ live: fake, accessLog, now, readiness: new Readiness(fake) }).metrics()
  t.match(await metrics(), 'mail_autoconfig_source_listening{source="sql"} 0\n')
  listening = true
  t.match(await metrics(), 'mail_autoconfig_source_listening{source="sql"} 1\n')
  t.ok(await resolve(current, { domain: domain('example.edu') }))
})
