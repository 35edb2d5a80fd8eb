import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Test } from 'tap'
import { Connections } from '../../src/http/connections.ts'
import { Listeners } from '../../src/http/listeners.ts'

/** Listens on a free port of the loopback, and knows the connections as our server does. */
export async function openServer(t: Test, server: Server) {
  const connections = new Connections({
    ...{ most: 100, mostPerAddress: 100, sparesNearby: false, firstByteTimeout: 60_000 },
    isTrusted: () => false,
    onRefused: () => undefined,
  })
  connections.watch(server)
  server.on('request', ({ socket }) => connections.asks(socket))
  const listeners = await Listeners.open(server, [{ host: '127.0.0.1', port: 0 }])
  t.teardown(() => server.closeAllConnections())
  const { port } = server.address() as AddressInfo
  /** A connection that the server has accepted, on which these bytes are sent. */
  const join = async (bytes = '') => {
    const accepted = once(server, 'connection')
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    await accepted
    if (bytes !== '') socket.write(bytes)
    return socket
  }
  return { listeners, connections, port, join }
}
