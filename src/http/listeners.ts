import type { Server as HttpServer } from 'node:http'
import { type AddressInfo, createServer, isIPv6, type Server, type Socket } from 'node:net'
import { Server as TlsServer } from 'node:tls'
import { startAccepting, stopAccepting } from './accepting.ts'
import { unixAddress } from './client-address.ts'
import { stopListening } from './stop-listening.ts'
import { listenOnPath, stopListeningOnPath, type UnixPlace } from './unix-socket.ts'

/** Where a server accepts connections: an address, a unix socket, or a descriptor of a socket that systemd keeps. */
export type Place = { readonly host: string; readonly port: number } | UnixPlace | { readonly fd: number }

interface Listener {
  readonly server: Server
  readonly place: Place
}

/** All places at which one HTTP server accepts connections. */
export class Listeners {
  readonly #listeners: Listener[] = []

  /** Rejects if it cannot listen at one of the places; then it listens at none. */
  static async open(server: HttpServer, places: readonly Place[]): Promise<Listeners> {
    const listeners = new Listeners()
    try {
      for (const [index, place] of places.entries())
        await listeners.#add(index === 0 ? server : feederOf(server), place)
    } catch (error) {
      await listeners.stop()
      throw error
    }
    return listeners
  }

  /** Such as `http://127.0.0.1:8080`, or `unix:/run/mail-autoconfig/http.sock`; several are separated by commas. */
  get url(): string {
    return this.#listeners.map(urlOf).join(', ')
  }

  /** Whether systemd keeps the sockets: those who connect while nobody accepts are answered by the next process. */
  get areKept(): boolean {
    return this.#listeners.some(({ place }) => 'fd' in place)
  }

  /** Accepts no more connections, and resets none. Open connections stay open. */
  async stop(): Promise<void> {
    await Promise.all(this.#listeners.splice(0).map(stop))
  }

  async #add(server: Server, place: Place): Promise<void> {
    this.#listeners.push({ server, place })
    const isUnix = () => server.prependListener('connection', nameUnixSocket)
    if ('path' in place) {
      isUnix()
      await listenOnPath(server, place)
    } else if ('fd' in place) {
      await startAccepting(server, { fd: place.fd })
      if (!server.address()) isUnix()
    } else await startAccepting(server, { host: place.host, port: place.port })
  }
}

function urlOf({ server, place }: Listener): string {
  if ('path' in place) return `unix:${place.path}`
  const address = server.address() as AddressInfo | null
  // Node.js does not know the path of a socket that systemd has made.
  if (!address) return 'unix:'
  const { address: ip, port } = address
  const scheme = server instanceof TlsServer ? 'https' : 'http'
  return `${scheme}://${isIPv6(ip) ? `[${ip}]` : ip}:${port}`
}

/** A server that hands its connections to the HTTP server (`connection` of http.Server), with the options that this one has. */
function feederOf(server: HttpServer): Server {
  const feeder = createServer({ allowHalfOpen: true, noDelay: true })
  feeder.maxConnections = server.maxConnections
  return feeder.on('connection', (socket) => server.emit('connection', socket))
}

/** A connection by a unix socket has no address, and neither has one that is gone. This name distinguishes them. */
function nameUnixSocket(socket: Socket): void {
  Object.defineProperty(socket, 'remoteAddress', { value: unixAddress })
}

async function stop({ server, place }: Listener): Promise<void> {
  // The backlog of a socket that systemd keeps is for the next process.
  if ('fd' in place) stopAccepting(server)
  else if ('path' in place) await stopListeningOnPath(server)
  else await stopListening(server)
}
