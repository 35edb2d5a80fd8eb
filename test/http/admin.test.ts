import { writeFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { hostname } from 'node:os'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import t from 'tap'
import { isKnownName } from '../../src/http/admin-names.ts'
import { adminServer } from '../../src/http/admin-server.ts'
import { Readiness } from '../../src/http/readiness.ts'
import { example, openApp } from '../support/example.ts'
import { until } from '../support/until.ts'

async function openAdmin(t: Test, config: unknown = example) {
  const opened = await openApp(t, config)
  const admin = adminServer(opened)
  t.teardown(() => admin.close())
  return { ...opened, admin }
}

t.test('/healthz answers while the process runs', async (t) => {
  const { admin } = await openAdmin(t)
  const { statusCode, body } = await admin.inject({ url: '/healthz' })
  t.equal(statusCode, 200)
  t.equal(body, 'alive\n')
})

t.test('bytes that are not a request get 400, and are not counted as those of clients', async (t) => {
  const { admin, accessLog } = await openAdmin(t)
  await admin.listen({ host: '127.0.0.1', port: 0 })
  const socket = connect((admin.server.address() as AddressInfo).port, '127.0.0.1')
  socket.write('secret\r\n\r\n')
  t.match(await text(socket), /^HTTP\/1\.1 400 Bad Request\r\n/)
  t.ok(Object.values(accessLog.clientErrors.counts).every((count) => count === 0))
})

t.test('/readyz shows the configuration in use, also after a failed reload', async (t) => {
  const { admin, live, file } = await openAdmin(t)
  const ready = async () => {
    const { statusCode, body } = await admin.inject({ url: '/readyz' })
    return { statusCode, ...JSON.parse(body) }
  }
  t.strictSame(await ready(), {
    statusCode: 200,
    status: 'ready',
    problem: null,
    config: file,
    loadedAt: '1970-01-01T00:00:00.000Z',
    domains: 2,
    hosts: 2,
    files: [file],
    reloads: { succeeded: 0, failed: 0, held: 0 },
    warnings: [],
    appleSigning: null,
    tls: null,
    sources: [],
    limitStore: null,
    checks: null,
    lastReloadError: null,
    heldReload: null,
    savedConfiguration: null,
  })
  writeFileSync(file, 'provider:\n  id: a_b\n')
  await live.reload()
  const failed = await ready()
  t.match(failed, {
    statusCode: 200,
    domains: 2,
    reloads: { failed: 1 },
    lastReloadError: { at: '1970-01-01T00:00:00.000Z' },
  })
  t.match(failed.lastReloadError.errors.join('\n'), `${file}:2:7 provider.id is not a host name`)
})

t.test('/ask allows a certificate for the names of served domains and our own names only', async (t) => {
  const domains = { ...example.domains, '*.example.com': 'maximusconfessor', '*': 'vonmuenchhausen' }
  const { admin } = await openAdmin(t, { ...example, domains, publicName: 'setup.all2all.org' })
  const ask = async (query: string) => (await admin.inject({ url: `/ask${query}` })).statusCode
  for (const name of [
    ...[
      'autoconfig.example.org',
      'autodiscover.example.org',
      'ua-auto-config.example.org',
      'AUTOCONFIG.example.NET.',
    ],
    ...[
      'setup.all2all.org',
      'autoconfig.sub.example.com',
      'autoconfig.all2all.org',
      'autodiscover.maximusconfessor.all2all.org',
    ],
  ]) {
    t.equal(await ask(`?domain=${name}`), 200, name)
  }
  for (const name of [
    ...[
      'example.org',
      'www.example.org',
      'autoconfig.example.com',
      'autoconfig.elsewhere.example',
      'autoconfig.',
    ],
    ...['mail.autoconfig.example.org', 'autoconfig.autoconfig.example.org', '', 'a_b', '127.0.0.1', '%00'],
  ]) {
    t.equal(await ask(`?domain=${name}`), 404, `${name}: the catch-all does not count`)
  }
  t.equal(await ask(''), 404)
  t.equal(await ask('?domain=autoconfig.example.org&domain=autoconfig.example.net'), 404)
})

t.test('the metrics count requests and reloads, and contain no address or domain', async (t) => {
  const { admin, app, live, file } = await openAdmin(t)
  await app.inject({ url: '/mail/config-v1.1.xml?emailaddress=jane@example.org' })
  await app.inject({ url: '/mail/config-v1.1.xml?emailaddress=jane@elsewhere.example' })
  const metrics = async () => (await admin.inject({ url: '/metrics' })).body
  const first = await metrics()
  t.match(first, 'mail_autoconfig_requests_total{route="/mail/config-v1.1.xml",status="200"} 1\n')
  t.match(first, 'mail_autoconfig_requests_total{route="/mail/config-v1.1.xml",status="404"} 1\n')
  t.match(first, 'mail_autoconfig_domains 2\n')
  t.match(first, 'mail_autoconfig_last_reload_successful 1\n')
  t.match(first, /process_resident_memory_bytes \d+/)
  t.match(first, 'mail_autoconfig_client_errors_total{kind="target"} 0\n')
  t.notMatch(first, /jane|elsewhere/)
  await live.reload()
  writeFileSync(file, 'provider:')
  await live.reload()
  const second = await metrics()
  t.match(second, 'mail_autoconfig_reloads_total{result="success"} 1\n')
  t.match(second, 'mail_autoconfig_reloads_total{result="failure"} 1\n')
  t.match(second, 'mail_autoconfig_last_reload_successful 0\n')
  t.match(second, `mail_autoconfig_last_reload_error{file="${file}",line="1"} 1\n`)
  t.match(
    second,
    'mail_autoconfig_requests_total{route="/mail/config-v1.1.xml",status="200"} 1\n',
    'counted once',
  )
  writeFileSync(file, JSON.stringify(example))
  await live.reload()
  const fixed = await metrics()
  t.match(fixed, 'mail_autoconfig_reloads_total{result="success"} 2\n')
  t.match(fixed, 'mail_autoconfig_last_reload_successful 1\n')
  t.notMatch(fixed, 'mail_autoconfig_last_reload_error{')
  t.match(fixed, 'mail_autoconfig_config_saved_timestamp_seconds Nan\n')
  t.match(JSON.parse((await admin.inject('/readyz')).body), { lastReloadError: null })
})

t.test('an unknown path gets a 404 that lists the paths', async (t) => {
  const { admin } = await openAdmin(t)
  const { statusCode, body } = await admin.inject({ url: '/' })
  t.equal(statusCode, 404)
  t.equal(body, 'Not found. The paths are /healthz, /readyz, /metrics and /ask?domain=NAME.\n')
})

t.test('/explain is only for the machine itself, and answers few questions at once', async (t) => {
  const opened = await openApp(t, example)
  const answers: ((answer: object) => void)[] = []
  const explain = (asked: string) =>
    asked === 'a b' ? Promise.resolve(undefined) : new Promise<object>((done) => answers.push(done))
  const admin = adminServer({ ...opened, explain })
  t.teardown(() => admin.close())
  const ask = (query: string, remoteAddress = '127.0.0.1') =>
    admin.inject({ url: `/explain${query}`, remoteAddress })
  t.match(await ask('?address=jane@example.org', '192.0.2.1'), { statusCode: 403 })
  t.match(await ask(''), { statusCode: 400 })
  t.match(await ask(`?address=${'a'.repeat(2001)}`), { statusCode: 400 })
  const local = ['127.0.0.1', '127.255.0.1', '::ffff:127.0.0.1', '::1', 'unix']
  for (const from of local)
    t.match(await ask('?address=a%20b', from), { statusCode: 400, body: /neither/ }, from)
  for (const from of ['128.127.0.1', '::ffff:192.0.2.127', '::11', '2001:db8::1'])
    t.match(await ask('?address=a%20b', from), { statusCode: 403 }, from)
  const between = adminServer({ ...opened, explain })
  t.teardown(() => between.close())
  // The address at our own end, where `inject` has none.
  between.addHook('onRequest', async ({ raw }) => {
    Object.assign(raw.socket, { localAddress: '192.0.2.1' })
  })
  for (const [remoteAddress, statusCode] of [
    ['192.0.2.1', 400],
    ['192.0.2.2', 403],
  ] as const)
    t.match(await between.inject({ url: '/explain?address=a%20b', remoteAddress }), { statusCode })
  for (const longest of ['a'.repeat(2000), 'jane@example.org']) {
    const first = Array.from({ length: 4 }, () => ask(`?address=${longest}`).then((answer) => answer))
    await until(() => answers.length === 4, 'four questions')
    t.match(await ask('?address=jane@example.org'), {
      ...{ statusCode: 503, body: 'Too many questions at once; try again.\n' },
      headers: { 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' },
    })
    for (const answer of answers.splice(0)) answer({ servedBy: 'host' })
    for (const { statusCode, headers } of await Promise.all(first))
      t.match({ statusCode, headers }, { statusCode: 200, headers: { 'cache-control': 'no-store' } })
  }
  t.match((await admin.inject({ url: '/' })).body, '/explain?address=ADDRESS')
  const without = adminServer(opened)
  t.teardown(() => without.close())
  t.match(await without.inject({ url: '/explain?address=example.org' }), { statusCode: 404 })
})

t.test('the listener answers only to addresses and names that it knows', async (t) => {
  const { admin } = await openAdmin(t, {
    ...example,
    http: { adminNames: ['Autoconfig.mail.svc', '.cluster.local'] },
  })
  const statusOf = async (host: string) =>
    (await admin.inject({ url: '/healthz', headers: { host } })).statusCode
  for (const host of [
    ...['127.0.0.1', '127.0.0.1:8081', '[::1]:8081', '192.0.2.1', 'localhost', 'LOCALHOST:8081', hostname()],
    ...[
      'autoconfig.mail.svc',
      'autoconfig.mail.svc:8081',
      'a.mail.svc.cluster.local',
      'autoconfig.mail.svc.',
    ],
  ])
    t.equal(await statusOf(host), 200, host)
  for (const host of [
    'evil.example',
    'mail.svc',
    'cluster.local',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
  ]) {
    t.equal(await statusOf(host), 421, host)
    const unknown = await admin.inject({ url: '/unknown', headers: { host } })
    t.equal(unknown.statusCode, 421)
    t.match(unknown.body, 'http.adminNames')
    t.notMatch(unknown.body, host)
  }
  t.ok(isKnownName(undefined, []), 'HTTP/1.0')
  t.ok(isKnownName('box', [], 'BOX'))
})

t.test('while the server stops, it is alive but not ready', async (t) => {
  const opened = await openApp(t)
  let isStopping = false
  const admin = adminServer({ ...opened, readiness: new Readiness(opened.live, () => isStopping) })
  t.teardown(() => admin.close())
  const ready = async () => {
    const { statusCode, body } = await admin.inject({ url: '/readyz' })
    return [statusCode, JSON.parse(body).status, JSON.parse(body).problem]
  }
  t.strictSame(await ready(), [200, 'ready', null])
  isStopping = true
  t.strictSame(await ready(), [503, 'not ready', 'stopping'])
  t.equal((await admin.inject({ url: '/healthz' })).statusCode, 200)
})

t.test('the metrics count what was refused, and the lines that the log lost', async (t) => {
  const opened = await openApp(t)
  const admin = adminServer({ ...opened, droppedLines: () => 7 })
  t.teardown(() => admin.close())
  opened.accessLog.refusals.add('no-request')
  opened.accessLog.clientErrors.add('HPE_INVALID_METHOD')
  await admin.inject({ url: '/metrics' })
  const { body } = await admin.inject({ url: '/metrics' })
  t.match(body, 'mail_autoconfig_client_errors_total{kind="request-line"} 1\n', 'counted once')
  t.match(body, 'mail_autoconfig_refused_total{kind="no-request"} 1\n')
  t.match(body, 'mail_autoconfig_refused_total{kind="rate"} 0\n')
  t.match(body, 'mail_autoconfig_log_lines_dropped_total 7\n')
})

t.test('a connection with too many requests is closed there, too', async (t) => {
  const { admin } = await openAdmin(t)
  await admin.listen({ host: '127.0.0.1', port: 0 })
  const socket = connect((admin.server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(100))
  await new Promise((resolve) => socket.resume().once('close', resolve))
  t.ok(socket.destroyed)
})

t.test('/readyz and metrics show what waits or has failed, and what is in use in its place', async (t) => {
  const opened = await openApp(t)
  let state: object = {}
  let saved: object = { directory: 'state' }
  const live = new Proxy(opened.live, {
    get(target, key) {
      if (key === 'saved') return saved
      return key === 'state' ? { ...target.state, ...state } : Reflect.get(target, key, target)
    },
  })
  const numbers = { problems: [], untested: [], certificates: [], messages: [] }
  const options = {
    limitStore: () => ({ available: true }),
    watch: () => ({ status: { running: true }, numbers }),
  }
  const admin = adminServer({ ...opened, ...(options as object), live })
  t.teardown(() => admin.close())
  const shown = async (metrics: RegExp) => {
    const values = (await admin.inject('/metrics')).body.match(metrics)
    return { ...JSON.parse((await admin.inject('/readyz')).body), values: [...(values ?? [])] }
  }
  const reloads =
    /(?<=^mail_autoconfig_)(?:last_reload_successful|reload_held|saved_config_in_use|config_saved).*/gm
  t.match(await shown(reloads), {
    ...{ limitStore: { available: true }, checks: { running: true }, heldReload: null },
    savedConfiguration: { directory: 'state', savedAt: null, inUse: false },
    values: [
      'last_reload_successful 1',
      'reload_held 0',
      'saved_config_in_use 0',
      'config_saved_timestamp_seconds Nan',
    ],
  })
  const at = new Date('2026-11-30T12:00:00Z')
  state = { held: { at, losses: ['9 → 1 domains'] }, savedAt: at }
  saved = { directory: 'state', saved: { at } }
  const time = at.toISOString()
  const held = await shown(reloads)
  t.strictSame(held.heldReload, {
    ...{ at: time, losses: ['9 → 1 domains'] },
    message: 'the changed configuration is not used: 9 → 1 domains; send SIGHUP to use it',
  })
  t.strictSame(held.savedConfiguration, { directory: 'state', savedAt: time, inUse: true })
  t.strictSame(held.values, [
    'last_reload_successful 0',
    'reload_held 1',
    'saved_config_in_use 1',
    'config_saved_timestamp_seconds 1796040000',
  ])
  const error = (line: number) => ({ file: 'a.map', line, column: 1, path: '', message: 'is wrong' })
  state = { lastError: { at, errors: Array.from({ length: 12 }, (_, index) => error(index + 1)) } }
  const failed = await shown(/(?<=^mail_autoconfig_)(?:last_reload).*/gm)
  t.strictSame(failed.lastReloadError.errors.slice(0, 1), ['a.map:1:1 is wrong'])
  t.equal(failed.lastReloadError.errors.length, 12)
  t.strictSame(failed.values, [
    'last_reload_successful 0',
    ...Array.from({ length: 10 }, (_, index) => `last_reload_error{file="a.map",line="${index + 1}"} 1`),
  ])
})
