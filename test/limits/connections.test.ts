import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Test } from 'tap'
import t from 'tap'
import { connectionLimits, openFilesLimit } from '../../src/http/connection-limits.ts'
import { Connections, type ConnectionsOptions } from '../../src/http/connections.ts'
import type { RefusalKind } from '../../src/http/refusals.ts'
import { clientServer } from '../../src/http/server.ts'
import { ProfileSigner } from '../../src/signing/profile-signer.ts'
import { openApp } from '../support/example.ts'

/** Limits of connections, and what they refuse. */
function limited(options: Partial<ConnectionsOptions>) {
  const refused: RefusalKind[] = []
  const connections = new Connections({
    ...{ most: 100, mostPerAddress: 100, sparesNearby: false, firstByteTimeout: 10_000 },
    isTrusted: () => false,
    onRefused: (kind) => refused.push(kind),
    ...options,
  })
  return { connections, refused }
}

/** A server on loopback with limits, and what it refuses. */
async function open(t: Test, options: Partial<ConnectionsOptions>) {
  const { live, log, accessLog, now } = await openApp(t)
  const { connections, refused } = limited(options)
  const signer = new ProfileSigner({ now, onProblem: () => undefined })
  const app = clientServer({ live, log, accessLog, signer, pages: undefined as never, connections })
  t.teardown(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const sockets: Socket[] = []
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
  })
  /** Resolves when the server has the connection. */
  const join = async (bytes = ''): Promise<Socket> => {
    const accepted = once(app.server, 'connection')
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    sockets.push(socket)
    await accepted
    if (bytes !== '') socket.write(bytes)
    return socket
  }
  return { app, port, connections, refused, join }
}

const request = 'GET /v1.1/example.org HTTP/1.1\r\nHost: a\r\n\r\n'

const isClosed = async (socket: Socket): Promise<boolean> => {
  socket.resume()
  if (!socket.closed) await once(socket, 'close')
  return true
}

t.test('if all connections are taken, the oldest without a request makes room', async (t) => {
  const { connections, refused, join } = await open(t, { most: 3 })
  const asking = await join(request)
  await once(asking, 'data')
  const oldest = await join()
  const next = await join()
  const client = await join(request)
  t.ok(await isClosed(oldest))
  t.match(String((await once(client, 'data'))[0]), /^HTTP\/1\.1 200 OK/)
  t.strictSame(refused, ['no-request'])
  t.notOk(next.closed)
  t.notOk(asking.closed, 'a connection that has sent a request stays')
  t.equal(connections.open, 3)
})

t.test('if all have sent requests, a new connection is closed, and so are the idle ones', async (t) => {
  const { refused, join } = await open(t, { most: 2 })
  const first = await join(request)
  await once(first, 'data')
  const second = await join(request)
  await once(second, 'data')
  t.ok(await isClosed(await join()))
  t.strictSame(refused, ['connections'])
  t.ok(await isClosed(first))
  t.ok(await isClosed(second))
  const next = await join(request)
  t.match(String((await once(next, 'data'))[0]), /^HTTP\/1\.1 200 OK/)
})

t.test('one address cannot take all connections; closed ones do not count', async (t) => {
  const { refused, join } = await open(t, { mostPerAddress: 2 })
  const first = await join()
  const second = await join()
  t.ok(await isClosed(await join()))
  t.strictSame(refused, ['connections-of-address'])
  t.notOk(second.closed)
  first.destroy()
  second.destroy()
  for (let tries = 0; tries < 500; tries++) {
    const again = await join(request)
    const [answer] = await Promise.race([once(again, 'data'), once(again, 'close')])
    if (Buffer.isBuffer(answer)) return
  }
  t.fail('still limited')
})

/** Connections without a network, of a server that does not listen. */
function watched(t: Test, server: Server, options: Partial<ConnectionsOptions>) {
  const { connections, refused } = limited(options)
  connections.watch(server)
  t.teardown(() => server.emit('close'))
  /** A connection of an address, from one port after the other. */
  let remotePort = 1024
  const socketOf = (remoteAddress: string | undefined = '192.0.2.1', port = remotePort++): Socket =>
    Object.defineProperties(new Socket(), {
      remoteAddress: { value: remoteAddress },
      remotePort: { value: port },
    })
  const accept = (remoteAddress?: string): Socket => {
    const socket = socketOf(remoteAddress)
    server.emit('connection', socket)
    return socket
  }
  return { connections, refused, accept, socketOf }
}

t.test('an IPv4 address and a network of 64 bits of IPv6 are one address each', async (t) => {
  const { refused, accept } = watched(t, createServer(), {
    ...{ mostPerAddress: 2, sparesNearby: true },
    isTrusted: (address) => address === '192.0.2.9',
  })
  const isRefused = (address: string): boolean => accept(address).destroyed
  const customers = [
    ['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:0:1::1', '2001:db8:0:1::2', '2001:db8:0:1:ffff::3'],
    ['2001:db8:0:2::1', '2001:db8:0:2::2', '2001:DB8:0:2::3'],
    ['192.0.2.2', '192.0.2.2', '192.0.2.2'],
  ]
  for (const addresses of customers)
    t.strictSame(addresses.map(isRefused), [false, false, true], addresses.join(' '))
  for (const spared of ['10.0.0.1', 'fd00::1', '192.0.2.9', 'unix', ''])
    t.strictSame([spared, spared, spared].map(isRefused), [false, false, false], spared)
  t.strictSame(refused, new Array(4).fill('connections-of-address'))
})

t.test('trusted proxies are not limited, nor by default are addresses nearby', async (t) => {
  for (const spared of [{ isTrusted: () => true }, { sparesNearby: true }]) {
    const { refused, join } = await open(t, { mostPerAddress: 1, ...spared })
    for (let count = 0; count < 3; count++) await once(await join(request), 'data')
    t.strictSame(refused, [])
  }
})

t.test('a connection must send something in time', async (t) => {
  const clock = { now: 0 }
  const { connections, refused, join } = await open(t, { firstByteTimeout: 10_000, now: () => clock.now })
  const silent = await join()
  const slow = await join('GET /v1')
  // Until the server has read the bytes.
  await once(await join(request), 'data')
  clock.now = 9_999
  const later = await join()
  connections.sweep()
  t.strictSame(refused, [])
  clock.now = 10_000
  connections.sweep()
  t.ok(await isClosed(silent))
  t.strictSame(refused, ['no-request'])
  t.notOk(slow.closed, 'the rest of a request has its own limit')
  t.notOk(later.closed)
})

t.test('the server looks at its connections by itself', async (t) => {
  const { refused, join } = await open(t, { firstByteTimeout: 1 })
  t.ok(await isClosed(await join()))
  t.strictSame(refused, ['no-request'])
})

t.test('a flood of connections is read in turns, and each is answered', async (t) => {
  const { port } = await open(t, { most: 1000 })
  const answers = Array.from({ length: 200 }, async () => {
    const socket = connect(port, '127.0.0.1')
    socket.write(request.replace('Host', 'Connection: close\r\nHost'))
    return text(socket)
  })
  for (const answer of await Promise.all(answers)) if (!answer.startsWith('HTTP/1.1 200 OK')) t.fail(answer)
})

t.test('it is known when the last connection is closed', async (t) => {
  const { connections, join } = await open(t, {})
  await connections.empty()
  const silent = await join()
  const asking = await join(request)
  await once(asking, 'data')
  const empty = connections.empty()
  connections.closeSilent()
  t.ok(await isClosed(silent))
  t.notOk(asking.closed)
  asking.destroy()
  await empty
  t.equal(connections.open, 0)
})

t.test('a server without limits has none', async (t) => {
  const { app } = await openApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  t.equal((await fetch(`http://127.0.0.1:${port}/v1.1/example.org`)).status, 200)
})

t.test('the limits follow from the number of files that the process may open', async (t) => {
  t.strictSame(connectionLimits({} as never, 120), { clients: 56, perAddress: 14, admin: 32 })
  t.strictSame(connectionLimits({} as never, 1024), { clients: 896, perAddress: 224, admin: 64 })
  t.strictSame(connectionLimits({} as never, Number.POSITIVE_INFINITY), {
    clients: 10_000,
    perAddress: 2500,
    admin: 512,
  })
  t.strictSame(connectionLimits({} as never, 20), { clients: 8, perAddress: 2, admin: 32 })
  t.strictSame(connectionLimits({ maxConnections: 5, maxConnectionsPerAddress: 3 } as never, 1024), {
    clients: 5,
    perAddress: 3,
    admin: 64,
  })
  t.match(connectionLimits({ maxConnections: 5000 } as never, 1024), {
    clients: 896,
    warning: /^http\.maxConnections is 5000, but the process may open only 1024 files; 896 connections/,
  })
  t.strictSame(
    connectionLimits({ maxConnections: 896 } as never, 1024),
    { clients: 896, perAddress: 224, admin: 64 },
    'no warning',
  )
  t.strictSame(connectionLimits({} as never), connectionLimits({} as never, openFilesLimit()))
})

t.test('the number of files that the process may open', async (t) => {
  const limits =
    'Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 4096                 files\n'
  const none = () => {
    throw new Error('ENOENT')
  }
  t.equal(
    openFilesLimit(() => limits),
    1024,
  )
  t.equal(openFilesLimit(), openFilesLimit(none), 'the file of Linux and the report of Node.js say the same')
  t.equal(
    openFilesLimit(() => limits.replace('1024', 'unlimited')),
    Number.POSITIVE_INFINITY,
  )
  t.equal(
    openFilesLimit(none, () => ({ userLimits: { open_files: { soft: 256 } } })),
    256,
  )
  t.equal(
    openFilesLimit(none, () => ({})),
    Number.POSITIVE_INFINITY,
    'a system without limits',
  )
  t.ok(openFilesLimit() > 0)
  t.ok(openFilesLimit(none) > 0)
})

t.test('after a flood of connections, those beyond the first 32 of a turn are read from later', async (t) => {
  // Without the listener of HTTP, which reads as well.
  const server = createServer()
  server.removeAllListeners('connection')
  const { accept } = watched(t, server, {})
  const calls: string[] = []
  const { pause, resume } = Socket.prototype
  t.teardown(() => Object.assign(Socket.prototype, { pause, resume }))
  const recorded = (name: string) =>
    function (this: Socket): Socket {
      calls.push(`${name} ${this.remotePort}`)
      return this
    }
  Object.assign(Socket.prototype, { pause: recorded('pause'), resume: recorded('resume') })
  const ports = Array.from({ length: 32 + 40 }, accept.bind(undefined, '192.0.2.1')).map(
    ({ remotePort }) => remotePort,
  )
  const late = ports.slice(32)
  t.strictSame(
    calls.splice(0),
    late.map((port) => `pause ${port}`),
  )
  await nextTurn()
  t.strictSame(
    calls.splice(0),
    late.slice(0, 32).map((port) => `resume ${port}`),
    'in the order of their arrival',
  )
  await nextTurn()
  t.strictSame(
    calls.splice(0),
    late.slice(32).map((port) => `resume ${port}`),
  )
  for (let count = 0; count < 32; count++) accept()
  t.strictSame(calls, [], 'a new turn has room for 32 again')
})

/** A server for https that calls a function in place of a handshake. */
function secureServer(handshake: (socket: Socket) => void) {
  const server = createSecureServer()
  for (const event of ['connection', 'secureConnection']) server.removeAllListeners(event)
  return server.on('connection', handshake)
}

t.test('four handshakes begin in a turn, and none of a connection that is gone', async (t) => {
  const begun: (number | undefined)[] = []
  const server = secureServer(({ remotePort }) => begun.push(remotePort))
  const { accept, connections } = watched(t, server, {})
  const sockets = Array.from({ length: 10 }, () => accept())
  const ports = sockets.map(({ remotePort }) => remotePort)
  sockets[1]?.destroy()
  sockets[2]?.emit('error', new Error('reset'))
  t.ok(sockets[2]?.destroyed, 'an error before the handshake ends only its connection')
  t.strictSame(begun, [])
  await nextTurn()
  t.strictSame(begun, [ports[0], ports[3]])
  await nextTurn()
  t.strictSame(begun, [ports[0], ...ports.slice(3, 8)])
  connections.closeAll()
  t.ok(
    sockets.every(({ destroyed }) => destroyed),
    'also those that wait for their handshake',
  )
  await nextTurn()
  t.equal(begun.length, 6)
  t.equal(connections.open, 0)
})

t.test('after its handshake, a client has the same time again to send a request', async (t) => {
  const server = secureServer(() => undefined)
  const clock = { now: 0 }
  const { accept, connections, refused, socketOf } = watched(t, server, { now: () => clock.now })
  const encrypt = (socket: Socket): Socket => {
    const encrypted = socketOf(socket.remoteAddress, socket.remotePort)
    server.emit('secureConnection', encrypted as never)
    return encrypted
  }
  const silent = accept()
  const [asking, leaving] = [accept(), accept()]
  clock.now = 9000
  const encrypted = encrypt(asking)
  const left = encrypt(leaving)
  leaving.destroy()
  clock.now = 10_000
  connections.sweep()
  t.strictSame([silent.destroyed, encrypted.destroyed], [true, false])
  await nextTurn()
  clock.now = 18_999
  connections.sweep()
  t.notOk(encrypted.destroyed)
  clock.now = 19_000
  connections.sweep()
  t.ok(encrypted.destroyed)
  t.notOk(left.destroyed, 'a connection that is gone is forgotten')
  t.strictSame(refused, ['no-request', 'no-request'])
})

t.test('connections that are silent for so long are closed, and others stay', async (t) => {
  const clock = { now: 0 }
  const server = createServer()
  server.removeAllListeners('connection')
  const { accept, connections, refused } = watched(t, server, { now: () => clock.now })
  const silent = accept()
  const sending = Object.defineProperty(accept(), 'bytesRead', { value: 1 })
  const asking = accept()
  connections.asks(asking)
  clock.now = 1
  const later = accept()
  clock.now = 100
  connections.closeSilent(100)
  t.strictSame(
    [silent, sending, asking, later].map(({ destroyed }) => destroyed),
    [true, false, false, false],
  )
  connections.closeSilent()
  t.ok(later.destroyed)
  t.strictSame(refused, [], 'a stop is no refusal')
})

t.test('the server looks at its connections at least once a second, until it is closed', async (t) => {
  const { setInterval: set, clearInterval: clear } = globalThis
  t.teardown(() => Object.assign(globalThis, { setInterval: set, clearInterval: clear }))
  const calls: string[] = []
  const timer = { unref: () => timer }
  Object.assign(globalThis, {
    setInterval: (_look: () => void, pause: number) => {
      calls.push(`every ${pause}`)
      return timer
    },
    clearInterval: (of: object) => calls.push(of === timer ? 'cleared' : 'another'),
  })
  for (const [firstByteTimeout, pause] of [
    [10_000, 1000],
    [1000, 500],
  ] as const) {
    const server = createServer()
    watched(t, server, { firstByteTimeout })
    t.strictSame(calls.splice(0), [`every ${pause}`])
    server.emit('close')
    t.strictSame(calls.splice(0), ['cleared'])
  }
})
