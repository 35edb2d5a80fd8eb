import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import t from 'tap'
import { stringify } from 'yaml'
import { endAnyway } from '../../src/cli/end-anyway.ts'
import { systemClock, systemInput } from '../../src/cli/io.ts'
import { main } from '../../src/cli/main.ts'
import type { HttpSettings } from '../../src/config/schema.ts'
import { connectionLimits } from '../../src/http/connection-limits.ts'
import { issue } from '../support/certificates.ts'
import { io } from '../support/command.ts'
import { configFolder, example, textOf } from '../support/example.ts'
import { heldTimers } from '../support/held-timers.ts'
import { freePorts, serving } from '../support/serving.ts'
import { takenPort } from '../support/taken-port.ts'
import { until } from '../support/until.ts'

/** The server in its own process, as an admin starts it. */
async function start(t: Test, config: string, nodeOptions: readonly string[] = []) {
  const child = spawn(
    process.execPath,
    [...process.execArgv, ...nodeOptions, 'src/bin.ts', 'serve', '-c', config, ...freePorts],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  t.teardown(() => child.kill('SIGKILL'))
  const lines: string[] = []
  child.stdout.on('data', (chunk: Buffer) => lines.push(...chunk.toString().split('\n').filter(Boolean)))
  child.stderr.on('data', (chunk: Buffer) => lines.push(`stderr: ${chunk}`))
  const log = async (message: string): Promise<Record<string, string>> => {
    const found = () => lines.find((candidate) => candidate.includes(message))
    await until(() => found() !== undefined || child.exitCode !== null, message)
    const line = found()
    if (line === undefined) throw new Error(`no "${message}" in ${lines.join('\n')}`)
    return JSON.parse(line)
  }
  const { clients = '', admin = '', ...rest } = await log('"msg":"serving"')
  const get = async (path: string) => {
    const response = await fetch(`${clients}${path}`)
    return { status: response.status, body: await response.text() }
  }
  return { child, lines, log, get, clients, admin, started: rest }
}

const ended = (child: ChildProcess): Promise<unknown[]> => once(child, 'exit')

t.test('the server logs its domains and addresses, answers, and exits with 0 on SIGTERM', async (t) => {
  const config = configFolder(t, example)
  const { child, lines, get, clients, admin, started } = await start(t, config)
  t.match(started, {
    domains: 2,
    hosts: ['maximusconfessor', 'vonmuenchhausen'],
    files: [config],
    try: `curl '${clients}/mail/config-v1.1.xml?emailaddress=info@example.org'`,
  })
  const { status, body } = await get('/mail/config-v1.1.xml?emailaddress=secret@example.org')
  t.equal(status, 200)
  t.equal(textOf(body, 'hostname'), 'maximusconfessor.all2all.org')
  t.equal((await fetch(`${admin}/readyz`)).status, 200)
  child.kill('SIGTERM')
  t.strictSame(await ended(child), [0, null])
  t.match(lines.at(-1), '"msg":"stopping"', 'the last lines are written')
  t.ok(lines.some((line) => line.includes('"route":"/mail/config-v1.1.xml"')))
  t.notMatch(lines.join('\n'), /secret|stderr/)
})

t.test(
  'SIGHUP and a changed file reload the configuration; after an error the last good one stays in use',
  async (t) => {
    const config = configFolder(t, { ...example, domainFiles: ['domains.map'] }, { 'domains.map': '' })
    const map = join(dirname(config), 'domains.map')
    const { child, log, get, admin } = await start(t, config)
    t.equal((await get('/v1.1/a.example')).status, 404)
    writeFileSync(map, 'a.example maximusconfessor\n')
    child.kill('SIGHUP')
    await log('configuration reloaded')
    t.equal((await get('/v1.1/a.example')).status, 200)
    writeFileSync(map, '-----BEGIN PRIVATE KEY-----\n')
    const { errors } = await log('configuration rejected; still serving the last good one')
    t.match(errors, [/domains\.map:1:1 this is a private key/])
    t.equal((await get('/v1.1/a.example')).status, 200)
    const ready = (await (await fetch(`${admin}/readyz`)).json()) as { lastReloadError: unknown }
    t.match(ready.lastReloadError, { errors: [/domains\.map:1:1/] })
    child.kill('SIGINT')
    t.strictSame(await ended(child), [0, null])
  },
)

t.test('after SIGTERM, running requests may finish within the shutdown timeout', async (t) => {
  const config = configFolder(t, { ...example, http: { shutdownTimeout: 1 } })
  const { child, clients, log } = await start(t, config)
  const { port } = new URL(clients)
  const request = 'GET /v1.1/example.org HTTP/1.1\r\nHost: a\r\n'
  const slow = connect(Number(port), '127.0.0.1')
  const stuck = connect(Number(port), '127.0.0.1')
  stuck.on('error', () => undefined)
  for (const socket of [slow, stuck]) {
    // The server has also read the second request, as soon as it answers the first one.
    socket.write(`${request}\r\n${request}`)
    await once(socket, 'data')
  }
  child.kill('SIGTERM')
  await log('stopping')
  slow.write('\r\n')
  const [answer] = await once(slow, 'data')
  t.match(String(answer), /^HTTP\/1\.1 200 OK/)
  t.strictSame(await ended(child), [0, null])
})

t.test('the server goes on when the reader of its log is gone', async (t) => {
  const { child, get, admin } = await start(t, configFolder(t, example))
  child.stdout.destroy()
  const dropped = async () => {
    t.equal((await get('/v1.1/example.org')).status, 200)
    const metrics = await (await fetch(`${admin}/metrics`)).text()
    return Number(metrics.match(/^mail_autoconfig_log_lines_dropped_total (\d+)$/m)?.[1])
  }
  await until(async () => (await dropped()) > 1, 'dropped lines')
  child.kill('SIGTERM')
  t.strictSame(await ended(child), [0, null])
})

t.test('without --admin-host, only this machine reaches the admin, wherever clients connect', async (t) => {
  const ports = ['--host', '::1', '--port', '0', '--admin-port', '0']
  const { log, stop } = await serving(['-c', configFolder(t, example), ...ports])
  t.match(log(), /"clients":"http:\/\/\[::1\]:\d+","admin":"http:\/\/127\.0\.0\.1:\d+"/)
  t.equal(await stop(), 0)
})

t.test('a port that is in use is an error in one line, with exit code 1', async (t) => {
  const port = await takenPort(t)
  const around = io()
  const args = ['serve', '-c', configFolder(t, example), '--host', '127.0.0.1', '--port', String(port)]
  t.equal(await main(args, { ...around, env: {} }), 1)
  t.match(around.stdout.text(), /"msg":"cannot listen: listen EADDRINUSE[^"]*"/)
})

t.test('after a reload, the log has the warnings and a certificate that cannot be used', async (t) => {
  const sign = { certificate: 'cert.pem', key: 'key.pem' }
  const config = configFolder(t, example)
  const { log, logged, signals, stop } = await serving(['-c', config, ...freePorts])
  writeFileSync(
    config,
    stringify({ ...example, apple: { sign }, domains: { localhost: 'maximusconfessor' } }),
  )
  signals.emit('SIGHUP', 'SIGHUP')
  await logged('configuration reloaded')
  await logged('domains.localhost')
  // A warning says it as well, and an error would follow within a minute without a reload.
  const isError = /"level":50[^\n]*apple\.sign\.certificate cert\.pem cannot be read/
  t.match(log(), isError, 'at once')
  t.equal(await stop(), 0)
})

t.test('a process whose files hang ends, as soon as its output is written', async (t) => {
  const timers = heldTimers(t)
  let exits = 0
  const stdout = { writableLength: 1 }
  endAnyway({ stdout, stderr: { writableLength: 0 } }, () => exits++, 5)
  timers.pass(100)
  t.equal(exits, 0)
  stdout.writableLength = 0
  timers.pass(5)
  t.equal(exits, 1)
})

t.test('SIGTERM ends a process that waits for a file system', async (t) => {
  const config = configFolder(t, example)
  const pipe = join(dirname(config), 'pipe')
  execFileSync('mkfifo', [pipe])
  // Opening a pipe without a writer occupies a thread, as a network file system that does not answer does.
  const hang = `data:text/javascript,import{open}from'node:fs';open(${JSON.stringify(pipe)},'r',()=>{})`
  const { child, log } = await start(t, config, ['--import', encodeURI(hang)])
  child.kill('SIGTERM')
  await log('stopping')
  t.strictSame(await ended(child), [null, 'SIGKILL'])
})

t.test('on a terminal the log is text for people, and contains the warnings', async (t) => {
  const around = io()
  Object.assign(around.stdout, { isTTY: true })
  const config = {
    ...example,
    provider: { ...example.provider, displayName: 'a'.repeat(31) },
    domains: { '*.example.org': 'maximusconfessor' },
    http: { maxConnections: 5 },
    apple: { sign: { certificate: 'cert.pem', key: 'key.pem' } },
  }
  const args = ['serve', '-c', configFolder(t, config), ...freePorts]
  const running = main(args, { ...around, env: {} })
  await until(() => around.stdout.text().includes('serving'), 'the line "serving"')
  around.signals.emit('SIGTERM', 'SIGTERM')
  t.equal(await running, 0)
  t.match(around.stdout.text(), /WARN.*provider\.displayName is longer than 30/)
  t.match(around.stdout.text(), /ERROR.*apple\.sign\.certificate cert\.pem cannot be read/)
  t.match(around.stdout.text(), /INFO.*serving.*info@example\.org/)
  t.strictSame(around.signals.eventNames(), [], 'every signal handler is removed')
})

t.test('after SIGTERM, clients are answered during the delay, and balancers see that it stops', async (t) => {
  const config = configFolder(t, { ...example, http: { drainDelay: 300 } })
  const { child, get, admin, clients, log } = await start(t, config)
  // An idle connection of Prometheus does not delay the end.
  const { port } = new URL(admin)
  const scraper = connect(Number(port), '127.0.0.1').on('error', () => undefined)
  scraper.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(scraper, 'data')
  child.kill('SIGTERM')
  await log('stopping')
  t.equal((await fetch(`${admin}/readyz`)).status, 503)
  t.equal((await fetch(`${admin}/healthz`)).status, 200)
  t.equal((await fetch(`${clients}/v1.1/example.org`)).headers.get('connection'), 'close')
  t.equal((await get('/v1.1/example.org')).status, 200)
  t.equal(child.exitCode, null)
  child.kill('SIGTERM')
  t.strictSame(await ended(child), [0, null], 'a second signal ends the delay')
})

t.test('the process ends although nobody reads its log', async (t) => {
  const { child, get } = await start(t, configFolder(t, { ...example, http: { shutdownTimeout: 5 } }))
  child.stdout.pause()
  for (let count = 0; count < 2000; count += 50)
    await Promise.all(Array.from({ length: 50 }, () => get('/v1.1/example.org')))
  child.kill('SIGTERM')
  t.strictSame(await once(child, 'exit'), [0, null])
})

t.test('no signal but those to stop ends the process, and none opens a debugger', async (t) => {
  const config = configFolder(t, example)
  const { child, get, lines, log } = await start(t, config)
  for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGHUP'] as const) child.kill(signal)
  await log('configuration reloaded')
  t.equal((await get('/v1.1/example.org')).status, 200)
  t.notMatch(lines.join(''), /Debugger/)
  child.kill('SIGTERM')
  t.strictSame(await ended(child), [0, null])
})

t.test('too many connections for the process are a warning', async (t) => {
  const file = configFolder(t, { ...example, http: { maxConnections: 2_000_000_000 } })
  const { log, signals, exitCode } = await serving(['-c', file, ...freePorts])
  signals.emit('SIGINT', 'SIGINT')
  t.equal(await exitCode, 0)
  t.match(log(), /http\.maxConnections is 2000000000, but the process may open only \d+ files/)
})

/** The server in this process, its ports, and how to stop it. */
async function open(t: Test, config: object, files: Record<string, string> = {}, now = () => new Date(0)) {
  const server = await serving(['-c', configFolder(t, config, files), ...freePorts], { now })
  const [port, adminPort] = [server.clients, server.admin].map((url) => Number(new URL(url).port)) as [
    number,
    number,
  ]
  const sockets: Socket[] = []
  /** A connection, and whether it is closed; resolves when the server has answered on it, if there is a request. */
  const join = async (port: number, request = '') => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    sockets.push(socket)
    const received = text(socket).catch(() => 'open until the end of the test')
    await once(socket, 'connect')
    if (request !== '') socket.write(request)
    return { socket, received }
  }
  const stop = async ({ leaves = true } = {}) => {
    if (leaves) for (const socket of sockets) socket.destroy()
    t.equal(await server.stop(), 0)
  }
  return { port, adminPort, join, stop, log: server.log }
}

t.test('the limits of connections are those of the configuration', async (t) => {
  const few = await open(t, { ...example, http: { maxConnections: 2 } })
  const request = 'GET /v1.1/example.org HTTP/1.1\r\nHost: a\r\n\r\n'
  const answered = [await few.join(few.port, request), await few.join(few.port, request)]
  await until(() => answered.every(({ socket }) => socket.bytesRead > 0), 'two answers')
  t.equal(await (await few.join(few.port)).received, '', 'two are the most')
  const metrics = await (await fetch(`http://127.0.0.1:${few.adminPort}/metrics`)).text()
  t.match(metrics, 'mail_autoconfig_refused_total{kind="connections"} 1\n')
  await few.stop()
  const fair = await open(t, { ...example, http: { maxConnectionsPerAddress: 2 } })
  const [one, two, three] = [
    await fair.join(fair.port),
    await fair.join(fair.port),
    await fair.join(fair.port),
  ]
  t.equal(await three.received, '', 'the third of one address is refused, also if the address is nearby')
  t.notOk(one.socket.closed || two.socket.closed)
  await fair.stop()
})

t.test(
  'a connection that sends nothing is closed without an answer when a request would be too late',
  async (t) => {
    const { port, join, stop } = await open(t, { ...example, http: { requestTimeout: 2 } })
    t.equal(await (await join(port)).received, '', 'not 408, which is for half of a request')
    await stop()
  },
)

t.test('half of a request to the admin listener does not delay the end', async (t) => {
  const http = { requestTimeout: 300, shutdownTimeout: 300 }
  const { adminPort, join, stop } = await open(t, { ...example, http })
  const half = await join(adminPort, 'GET /healthz HTTP/1.1\r\nHost: ')
  let isOver = false
  void stop({ leaves: false }).then(() => {
    isOver = true
  })
  await until(() => isOver, 'the end').finally(() => half.socket.destroy())
})

t.test('the admin listener has a limit of connections as well', async (t) => {
  const { adminPort, join, stop } = await open(t, example)
  const { admin } = connectionLimits({} as HttpSettings)
  for (let count = 0; count < admin; count++) await join(adminPort)
  t.equal(await (await join(adminPort, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')).received, '')
  await stop()
})

t.test(
  'a certificate that expires is logged within a minute, also if nobody asks for a profile',
  async (t) => {
    const { certificate, key } = await issue('P-256')
    let time = new Date('2026-01-15T00:00:00Z')
    const ticks: (() => void)[] = []
    const { setInterval: original } = globalThis
    const watched = (work: () => void, pause: number) => {
      if (pause === 60_000) ticks.push(work)
      return original(work, pause)
    }
    globalThis.setInterval = watched as typeof original
    const files = { 'cert.pem': certificate, 'key.pem': key }
    const sign = { certificate: 'cert.pem', key: 'key.pem' }
    const { log, stop } = await open(t, { ...example, apple: { sign } }, files, () => time).finally(() => {
      globalThis.setInterval = original
    })
    for (const tick of ticks) tick()
    t.notMatch(log(), 'the certificate expired')
    time = new Date('2036-01-15T00:00:00Z')
    for (const tick of ticks) tick()
    t.match(log(), 'apple.sign.certificate: the certificate expired at ')
    await stop()
  },
)

t.test('if something hangs at the end, the process ends in time', async (t) => {
  const around = io()
  const file = configFolder(t, { ...example, http: { shutdownTimeout: 1 } })
  const args = ['serve', '-c', file, '--host', '127.0.0.1', '--port', '0', '--admin-port', '0']
  const exited = new Promise<number>((exit) => {
    const stdout = Object.assign(around.stdout, { fd: 1_000_000 })
    void main(args, { ...around, stdout, env: {}, exit })
    const timer = setInterval(() => void around.signals.emit('SIGINT', 'SIGINT'), 100)
    t.teardown(() => clearInterval(timer))
  })
  // The timer does not keep the process alive, and this does.
  const alive = setInterval(() => undefined, 100)
  t.equal(await exited, 0)
  clearInterval(alive)
})

t.test('the clock and the input of commands are those of the machine', (t) => {
  const before = Date.now()
  t.ok(systemClock().getTime() >= before)
  t.equal(systemInput(), process.stdin)
  t.end()
})

t.test('a manifest that cannot be read is told, and the server starts', async (t) => {
  const config = configFolder(t, example, { state: { 'last-good': { 'manifest.json': '{' } } } as never)
  const { log, stop } = await serving(['-c', config, '--state', join(dirname(config), 'state'), ...freePorts])
  t.match(log(), /"level":50.*manifest\.json is invalid; ignored/)
  t.equal(await stop(), 0)
})
