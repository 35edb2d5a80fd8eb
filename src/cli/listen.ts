import { Listeners, type Place } from '../http/listeners.ts'
import type { clientServer } from '../http/server.ts'
import { failure, type Result, success } from '../model/result.ts'
import { handedSockets } from './activation.ts'
import type { Io } from './io.ts'

export interface ListenOptions {
  readonly host: string
  readonly port: number
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
}

/** Where the servers listen. */
export interface Listening {
  readonly clients: Listeners
  readonly admin: Listeners
  readonly ask: Listeners
}

/** The sockets that systemd hands over come before a unix socket, and this before an address. */
export async function listen(
  { clients, admin, ask }: Servers,
  options: ListenOptions,
  { env, pid }: { readonly env: Io['env']; readonly pid: number },
): Promise<Result<Listening>> {
  const handed = handedSockets(env, pid)
  if (!handed.ok) return handed
  const { socketMode: mode, socket, adminSocket, askHost, askPort } = options
  const { http: clientSockets, admin: adminSockets } = handed.value
  const own = (path: string | undefined, host: string, port: number): Place =>
    path === undefined ? { host, port } : { path, mode }
  const opened: Listeners[] = []
  const open = async (server: Server, places: readonly Place[]): Promise<Listeners> => {
    await server.ready()
    const listeners = await Listeners.open(server.server, places)
    opened.push(listeners)
    return listeners
  }
  try {
    const clientPlaces = placesOf(clientSockets, own(socket, options.host, options.port))
    const adminPlaces = placesOf(adminSockets, own(adminSocket, options.adminHost, options.adminPort))
    return success({
      clients: await open(clients, clientPlaces),
      admin: await open(admin, adminPlaces),
      ask: ask ? await open(ask, [{ host: askHost, port: askPort as number }]) : new Listeners(),
    })
  } catch (error) {
    await Promise.all(opened.map((listeners) => listeners.stop()))
    return failure((error as Error).message)
  }
}

const placesOf = (descriptors: readonly number[], otherwise: Place): readonly Place[] =>
  descriptors.length === 0 ? [otherwise] : descriptors.map((fd) => ({ fd }))
