import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, get, type Server as HttpServer } from 'node:http'
import { get as getSecurely } from 'node:https'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { main } from '../src/cli/main.ts'
import { finishClients } from '../src/http/finish-clients.ts'
import { Listeners } from '../src/http/listeners.ts'
import { longestPath } from '../src/http/unix-socket.ts'
import { issue } from './support/certificates.ts'
import { io, run } from './support/command.ts'
import { configFolder, example } from './support/example.ts'
import { openServer } from './support/open-server.ts'
import { freePorts, serving } from './support/serving.ts'
import { takenPort } from './support/taken-port.ts'
import { settle } from './support/test-clock.ts'
import { until } from './support/until.ts'

const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

/** A directory with a short name: the path of a unix socket has at most 107 bytes. */
function directoryOf(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'sockets-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  return directory
}

/** A server whose answers close their connection; they contain the address of the client. */
function httpServer(t: Test): HttpServer {
  const server = createHttpServer(({ socket }, response) =>
    response.setHeader('Connection', 'close').end(socket.remoteAddress),
  )
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return server
}

/** The body of the answer, or the code of the error. */
async function ask(where: string | number): Promise<string> {
  const socket = typeof where === 'string' ? connect(where) : connect(where, '127.0.0.1')
  socket.write(request)
  try {
    return (await text(socket)).split('\r\n').at(-1) as string
  } catch (error) {
    return (error as NodeJS.ErrnoException).code as string
  }
}

t.test('a unix socket has its permissions, and is gone at the end', async (t) => {
  const path = join(directoryOf(t), 'http.sock')
  const listeners = await Listeners.open(httpServer(t), [{ path, mode: 0o604 }])
  t.equal(listeners.url, `unix:${path}`)
  t.equal(statSync(path).mode & 0o777, 0o604)
  t.match(await ask(path), /unix/)
  await listeners.stop()
  t.notOk(existsSync(path))
  t.notOk(existsSync(`${path}.new`))
})

t.test('clients that wait at a unix socket are answered, later ones find none', async (t) => {
  const path = join(directoryOf(t), 'http.sock')
  const listeners = await Listeners.open(httpServer(t), [{ path, mode: 0o600 }])
  const answers = Array.from({ length: 50 }, () => ask(path))
  // The kernel has their connections, and this thread has accepted none of them.
  await new Promise((resolve) => process.nextTick(resolve))
  await listeners.stop()
  for (const answer of await Promise.all(answers)) if (!answer.includes('unix')) t.fail(answer)
  t.equal(await ask(path), 'ENOENT')
})

t.test('a socket that nobody listens on is replaced; one in use, and another file, are errors', async (t) => {
  const directory = directoryOf(t)
  const path = join(directory, 'http.sock')
  const abandoned = spawn(process.execPath, [
    '-e',
    `net.createServer().listen(${JSON.stringify(path)}, () => console.log())`,
  ])
  await once(abandoned.stdout, 'data')
  abandoned.kill('SIGKILL')
  await once(abandoned, 'exit')
  t.ok(existsSync(path))
  const listeners = await Listeners.open(httpServer(t), [{ path, mode: 0o600 }])
  t.match(await ask(path), /unix/)
  const open = (path: string) => Listeners.open(httpServer(t), [{ path, mode: 0o600 }])
  await t.rejects(open(path), { message: `${path} is in use: another process listens there` })
  const file = join(directory, 'file')
  writeFileSync(file, '')
  await t.rejects(open(file), { message: `${file} is not a socket; remove it, or choose another path` })
  await t.rejects(open(join(directory, 'missing', 'http.sock')), /listen/)
  t.match(await ask(path), /unix/)
  await listeners.stop()
})

t.test('the socket of the next process is not removed', async (t) => {
  const path = join(directoryOf(t), 'http.sock')
  const before = await Listeners.open(httpServer(t), [{ path, mode: 0o600 }])
  rmSync(path)
  const next = await Listeners.open(httpServer(t), [{ path, mode: 0o600 }])
  await before.stop()
  t.match(await ask(path), /unix/)
  await next.stop()
})

t.test('if one place is taken, the server listens at none', async (t) => {
  const path = join(directoryOf(t), 'http.sock')
  const places = [
    { path, mode: 0o600 },
    { host: '127.0.0.1', port: await takenPort(t) },
  ]
  await t.rejects(Listeners.open(httpServer(t), places), { code: 'EADDRINUSE' })
  t.notOk(existsSync(path))
})

t.test('several places are one server, with an IPv6 address in brackets', async (t) => {
  const path = join(directoryOf(t), 'http.sock')
  const server = httpServer(t)
  const listeners = await Listeners.open(server, [
    { host: '::1', port: 0 },
    { path, mode: 0o600 },
  ])
  const { port } = server.address() as AddressInfo
  t.equal(listeners.url, `http://[::1]:${port}, unix:${path}`)
  t.match(await ask(path), /unix/)
  t.equal(await (await fetch(`http://[::1]:${port}/`)).text(), '::1')
  t.notOk(listeners.areKept)
  await listeners.stop()
  t.equal(await ask(path), 'ENOENT')
})

t.test(
  'while systemd keeps the socket, clients are accepted until the open connections are done',
  async (t) => {
    const server = httpServer(t)
    const { connections, listeners: own, port, join } = await openServer(t, server)
    const listeners = { areKept: true, stop: () => own.stop() } as unknown as Listeners
    const silent = await join()
    const options = {
      quiet: 300,
      timeout: 60_000,
      hurry: new AbortController().signal,
      listeners: [listeners],
    }
    const finished = finishClients(connections, options)
    t.match(await ask(port), /127\.0\.0\.1/)
    t.ok(server.listening)
    silent.resume()
    await Promise.all([finished, once(silent, 'close')])
    t.notOk(server.listening)
  },
)

t.test('a second signal ends the wait while systemd keeps the socket', async (t) => {
  const nothing = () => undefined
  let closeAll: () => void = nothing
  const closed = new Promise<void>((resolve) => {
    closeAll = resolve
  })
  const connections = { empty: () => closed, closeSilent: nothing, closeIdle: nothing, closeAll }
  const hurry = new AbortController()
  const listeners = { areKept: true, stop: async () => hurry.signal.aborted || t.fail('too early') }
  const finished = finishClients(connections as never, {
    ...{ quiet: 600_000, timeout: 600_000, hurry: hurry.signal },
    listeners: [listeners] as never,
  })
  await settle()
  hurry.abort()
  await finished
})

/** `serve` as systemd starts it: a process that is handed sockets with these names, one for each place. */
async function serveHanded(t: Test, config: string, names: string, places: readonly (number | string)[]) {
  const sockets: Server[] = []
  for (const place of places) {
    const socket = createServer()
    if (typeof place === 'string') socket.listen(place)
    else socket.listen(place, '127.0.0.1')
    await once(socket, 'listening')
    sockets.push(socket)
  }
  const descriptors = sockets.map((socket) => (socket as unknown as { _handle: { fd: number } })._handle.fd)
  const ports = sockets.map((socket) => (socket.address() as AddressInfo).port)
  const command = [process.execPath, ...process.execArgv, 'src/bin.ts', 'serve', '-c', config]
  const child = spawn('/bin/sh', ['-c', 'LISTEN_PID=$$ exec "$@"', 'sh', ...command], {
    stdio: ['ignore', 'pipe', 'pipe', ...descriptors],
    env: { ...process.env, LISTEN_FDS: String(sockets.length), LISTEN_FDNAMES: names },
  })
  t.teardown(() => child.kill('SIGKILL'))
  let log = ''
  child.stdout?.on('data', (chunk) => {
    log += chunk
  })
  await until(() => log.includes('"serving"'), 'the line "serving"')
  // The descriptors of this process are closed: only the child accepts.
  for (const socket of sockets) socket.close()
  const end = () => {
    child.kill('SIGTERM')
    return once(child, 'exit')
  }
  return { ports, log: () => log, end }
}

t.test('a server that systemd starts takes its sockets', async (t) => {
  const path = join(directoryOf(t), 'http.sock')
  const config = configFolder(t, example)
  const { ports, log, end } = await serveHanded(t, config, 'http:admin:http:https', [0, 0, path, 0])
  const [http, admin] = ports
  t.match(log(), `"clients":"http://127.0.0.1:${http}, unix:","admin":"http://127.0.0.1:${admin}"`)
  t.match(
    log(),
    /systemd hands over a socket for https, but the configuration has no tls:; add it and restart/,
  )
  t.equal((await fetch(`http://127.0.0.1:${http}/v1.1/example.org`)).status, 200)
  t.equal((await fetch(`http://127.0.0.1:${admin}/healthz`)).status, 200)
  t.strictSame(await end(), [0, null])
})

t.test('a socket for https takes the place of address and port', async (t) => {
  const { certificate, key, authority } = await issue('P-256', undefined, ['autoconfig.example.org'])
  const tls = { certificates: [{ certificate: 'cert.pem', key: 'key.pem' }] }
  const config = configFolder(t, { ...example, tls })
  writeFileSync(join(dirname(config), 'cert.pem'), certificate)
  writeFileSync(join(dirname(config), 'key.pem'), key)
  const { ports, log, end } = await serveHanded(t, config, 'http:admin:https', [0, 0, 0])
  const https = ports[2] as number
  t.match(log(), `"https":"https://127.0.0.1:${https}"`)
  t.notMatch(log(), 'systemd hands over')
  const options = {
    host: '127.0.0.1',
    port: https,
    servername: 'autoconfig.example.org',
    path: '/v1.1/example.org',
  }
  const status = await new Promise((resolve, reject) => {
    getSecurely({ ...options, ca: authority, agent: false }, (response) =>
      resolve(response.resume().statusCode),
    ).on('error', reject)
  })
  t.equal(status, 200)
  t.strictSame(await end(), [0, null])
})

t.test('sockets without known names are an error', async (t) => {
  const around = io()
  const env = { LISTEN_PID: String(process.pid), LISTEN_FDS: '2' }
  t.equal(await main(['serve', '-c', configFolder(t, example)], { ...around, env }), 1)
  t.match(
    around.stdout.text(),
    /cannot listen: systemd hands over 2 sockets, and 2 of them without a known name/,
  )
})

/** A request to a unix socket: status and body. */
const askPath = (socketPath: string, path: string, headers = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    get({ socketPath, path, headers }, async (response) =>
      resolve(`${response.statusCode} ${await text(response)}`),
    ).on('error', reject)
  })

t.test(
  'a server on unix sockets answers a proxy and the admin, and trusts the proxy if configured',
  async (t) => {
    const config = configFolder(t, { ...example, http: { rateLimit: { rate: 1, burst: 1 } } })
    const directory = directoryOf(t)
    const [socket, admin] = ['http.sock', 'admin.sock'].map((name) => join(directory, name)) as [
      string,
      string,
    ]
    const env = { SOCKET: socket, ADMIN_SOCKET: admin, SOCKET_MODE: '600', PORT: '1' }
    const { log, stop } = await serving(['-c', config], { env })
    t.match(log(), `"try":"curl --unix-socket '${socket}' 'http://localhost/mail/config-v1.1.xml`)
    t.equal(statSync(socket).mode & 0o777, 0o600)
    const forwarded = { 'x-forwarded-host': 'autoconfig.example.org', 'x-forwarded-for': '192.0.2.1' }
    const settings = '/mail/config-v1.1.xml'
    t.match(await askPath(socket, settings, forwarded), /^404/, 'no proxy is trusted by default')
    for (let count = 0; count < 5; count++)
      t.match(
        await askPath(socket, '/v1.1/example.org', forwarded),
        /^200/,
        'and a connection without an address has no limit',
      )
    t.match(await askPath(admin, '/explain?address=example.org'), /^200 .*maximusconfessor/s)
    const explain = ['explain', '--running', 'info@example.org', '-c', config, '--admin-socket', admin]
    t.match(await run(explain), { exitCode: 0, stdout: /maximusconfessor/ })
    t.match(
      await run(['explain', '--running', 'info@example.org', '-c', config], { ADMIN_SOCKET: `${admin}.x` }),
      {
        exitCode: 1,
        stderr:
          /no admin listener answers at unix:.*\.x: is the server running, and are --admin-socket and the permissions of the socket those of "serve"\?/,
      },
    )

    t.equal(await stop(), 0)
    t.notOk(existsSync(socket))
    t.notOk(existsSync(admin))
  },
)

t.test('each client behind a trusted proxy at a unix socket is limited', async (t) => {
  const http = { rateLimit: { rate: 1, burst: 1 } }
  const config = configFolder(t, { ...example, http, trustedProxies: ['unix'] })
  const socket = join(directoryOf(t), 'http.sock')
  const { stop } = await serving(['-c', config, '--socket', socket, '--admin-port', '0'])
  const forwarded = { 'x-forwarded-host': 'autoconfig.example.org', 'x-forwarded-for': '192.0.2.1' }
  const settings = '/mail/config-v1.1.xml'
  t.match(await askPath(socket, settings, forwarded), /^200/)
  t.match(await askPath(socket, settings, forwarded), /^429/)
  t.match(await askPath(socket, settings, { ...forwarded, 'x-forwarded-for': '192.0.2.2' }), /^200/)
  t.equal(await stop(), 0)
})

t.test('a flag for an address overrides the unix socket of the environment', async (t) => {
  const env = { SOCKET: '/nonexistent/http.sock', ADMIN_SOCKET: '/nonexistent/admin.sock' }
  const { stop } = await serving(['-c', configFolder(t, example), ...freePorts], { env })
  t.equal(await stop(), 0)
})

t.test('the second listener that cannot listen closes the first', async (t) => {
  const around = io()
  const config = configFolder(t, example)
  const directory = directoryOf(t)
  const socket = join(directory, 'http.sock')
  const args = ['serve', '-c', config, '--socket', socket, '--admin-socket', directory]
  t.equal(await main(args, { ...around, env: {} }), 1)
  t.match(around.stdout.text(), ' is not a socket; remove it, or choose another path')
  t.notOk(existsSync(socket))
})

t.test('paths and permissions of sockets are checked', async (t) => {
  const long = 'x'.repeat(longestPath + 1)
  t.match(await run(['serve', '--socket', long]), {
    exitCode: 2,
    stderr: `must be a path of at most ${longestPath} bytes.`,
  })
  for (const mode of ['rw', '888', '66', '1660'])
    t.match(await run(['serve', '--socket-mode', mode]), {
      exitCode: 2,
      stderr: 'must be permissions as an octal number, such as 660.',
    })
  t.match(await run(['serve', '--socket', 'x', '--port', '1']), {
    exitCode: 2,
    stderr: /cannot be used with/,
  })
})
