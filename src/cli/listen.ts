import type { Server as HttpServer } from 'node:http'
import { Listeners, type Place } from '../http/listeners.ts'
import type { clientServer } from '../http/server.ts'
import { failure, type Result, success } from '../model/result.ts'
import { handedSockets } from './activation.ts'
import type { Io } from './io.ts'

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** Where to listen for https, if the configuration has certificates; by default the same address, and port 8443. */
  readonly tlsHost?: string | undefined
  readonly tlsPort?: number | undefined
  readonly adminHost: string
  readonly adminPort: number
  readonly askHost: string
  /** Of a listener for `/ask` alone; `undefined` if there is none. */
  readonly askPort?: number | undefined
  /** The path of a unix socket in place of host and port. */
  readonly socket?: string | undefined
  readonly adminSocket?: string | undefined
  /** The permissions of both sockets. */
  readonly socketMode: number
}

type Server = ReturnType<typeof clientServer>

export interface Servers {
  readonly clients: Server
  readonly admin: Server
  readonly ask: Server | undefined
  readonly https: HttpServer | undefined
}

/** The port for https that needs no privileges. */
const defaultTlsPort = 8443

/** Where the servers listen. */
export interface Listening {
  readonly clients: Listeners
  readonly https: Listeners
  readonly admin: Listeners
  readonly ask: Listeners
  /** A message for the admin, which ends nothing. */
  readonly warning?: string | undefined
}

export const nowhere: Listening = {
  clients: new Listeners(),
  https: new Listeners(),
  admin: new Listeners(),
  ask: new Listeners(),
}

/** The sockets that systemd hands over come before a unix socket, and this before an address. */
export async function listen(
  { clients, admin, ask, https }: Servers,
  options: ListenOptions,
  { env, pid }: { readonly env: Io['env']; readonly pid: number },
): Promise<Result<Listening>> {
  const handed = handedSockets(env, pid)
  if (!handed.ok) return handed
  const { socketMode: mode, socket, adminSocket, askHost, askPort, tlsPort = defaultTlsPort } = options
  const { http: clientSockets, https: secureSockets, admin: adminSockets } = handed.value
  const own = (path: string | undefined, host: string, port: number): Place =>
    path === undefined ? { host, port } : { path, mode }
  const opened: Listeners[] = []
  const open = async (server: HttpServer | undefined, ...places: readonly Place[]): Promise<Listeners> => {
    if (!server) return new Listeners()
    const listeners = await Listeners.open(server, places)
    opened.push(listeners)
    return listeners
  }
  try {
    const clientPlaces = placesOf(clientSockets, own(socket, options.host, options.port))
    const adminPlaces = placesOf(adminSockets, own(adminSocket, options.adminHost, options.adminPort))
    const securePlaces = placesOf(secureSockets, { host: options.tlsHost ?? options.host, port: tlsPort })
    await Promise.all([clients.ready(), admin.ready(), ask?.ready()])
    return success({
      clients: await open(clients.server, ...clientPlaces),
      https: await open(https, ...securePlaces),
      admin: await open(admin.server, ...adminPlaces),
      ask: await open(ask?.server, { host: askHost, port: askPort as number }),
      warning: !https && secureSockets.length > 0 ? withoutTls : undefined,
    })
  } catch (error) {
    await Promise.all(opened.map((listeners) => listeners.stop()))
    return failure((error as Error).message)
  }
}

const withoutTls =
  'systemd hands over a socket for https, but the configuration has no tls:; add it and restart the server, or disable the socket unit'

const placesOf = (descriptors: readonly number[], otherwise: Place): readonly Place[] =>
  descriptors.length === 0 ? [otherwise] : descriptors.map((fd) => ({ fd }))
