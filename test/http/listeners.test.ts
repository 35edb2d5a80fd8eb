import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { finishClients } from '../../src/http/finish-clients.ts'
import { Listeners } from '../../src/http/listeners.ts'
import { openServer } from '../support/open-server.ts'
import { socketDirectory } from '../support/socket-directory.ts'
import { takenPort } from '../support/taken-port.ts'
import { settle } from '../support/test-clock.ts'

const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

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
  const path = join(socketDirectory(t), 'http.sock')
  const server = httpServer(t)
  const listeners = await Listeners.open(server, [{ path, mode: 0o604 }])
  t.equal(server.listenerCount('error'), 0, 'a later error is not swallowed')
  const before = server.listenerCount('connection')
  t.equal(listeners.url, `unix:${path}`)
  t.equal(statSync(path).mode & 0o777, 0o604)
  t.match(await ask(path), /unix/)
  await listeners.stop()
  t.equal(server.listenerCount('connection'), before)
  t.notOk(existsSync(path))
  t.notOk(existsSync(`${path}.new`))
})

t.test('clients that wait at a unix socket are answered, later ones find none', async (t) => {
  const path = join(socketDirectory(t), 'http.sock')
  const listeners = await Listeners.open(httpServer(t), [{ path, mode: 0o600 }])
  const answers = Array.from({ length: 50 }, () => ask(path))
  // The kernel has their connections, and this thread has accepted none of them.
  await new Promise((resolve) => process.nextTick(resolve))
  await listeners.stop()
  for (const answer of await Promise.all(answers)) if (!answer.includes('unix')) t.fail(answer)
  t.equal(await ask(path), 'ENOENT')
})

t.test('a socket that nobody listens on is replaced; one in use, and another file, are errors', async (t) => {
  const directory = socketDirectory(t)
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
  const path = join(socketDirectory(t), 'http.sock')
  const before = await Listeners.open(httpServer(t), [{ path, mode: 0o600 }])
  rmSync(path)
  const next = await Listeners.open(httpServer(t), [{ path, mode: 0o600 }])
  await before.stop()
  t.match(await ask(path), /unix/)
  await next.stop()
})

t.test('if one place is taken, the server listens at none', async (t) => {
  const path = join(socketDirectory(t), 'http.sock')
  const places = [
    { path, mode: 0o600 },
    { host: '127.0.0.1', port: await takenPort(t) },
  ]
  await t.rejects(Listeners.open(httpServer(t), places), { code: 'EADDRINUSE' })
  t.notOk(existsSync(path))
})

t.test('several places are one server, with an IPv6 address in brackets', async (t) => {
  const path = join(socketDirectory(t), 'http.sock')
  const server = httpServer(t)
  const listeners = await Listeners.open(server, [
    { host: '::1', port: 0 },
    { path, mode: 0o600 },
  ])
  const { port } = server.address() as AddressInfo
  t.equal(listeners.url, `http://[::1]:${port}, unix:${path}`)
  t.match(await ask(path), /unix/)
  // A client may close its side of the connection when it has sent its request.
  const half = connect({ path, allowHalfOpen: true })
  half.end(request)
  t.match(await text(half), /^HTTP\/1\.1 200 OK/)
  t.equal(await (await fetch(`http://[::1]:${port}/`)).text(), '::1')
  t.notOk(listeners.areKept)
  await listeners.stop()
  t.equal(await ask(path), 'ENOENT')
})

t.test('each place has the limit of connections of the server', async (t) => {
  const path = join(socketDirectory(t), 'http.sock')
  const server = httpServer(t)
  server.maxConnections = 1
  const listeners = await Listeners.open(server, [
    { host: '127.0.0.1', port: 0 },
    { path, mode: 0o600 },
  ])
  const { port } = server.address() as AddressInfo
  for (const where of [port, path]) {
    const first = typeof where === 'string' ? connect(where) : connect(where, '127.0.0.1')
    await once(first, 'connect')
    t.match(await ask(where), /^(?:|EPIPE|ECONNRESET)$/, 'the second is closed without an answer')
    first.destroy()
  }
  await listeners.stop()
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
