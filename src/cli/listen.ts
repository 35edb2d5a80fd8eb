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
  /** The path of a unix socket in place of host and port. */
  readonly socket?: string | undefined
  readonly adminSocket?: string | undefined
  /** The permissions of both sockets. */
  readonly socketMode: number
}

type Server = ReturnType<typeof clientServer>

/** Where both servers listen. */
export interface Listening {
  readonly clients: Listeners
  readonly admin: Listeners
}

/** The sockets that systemd hands over come before a unix socket, and this before an address. */
export async function listen(
  clients: Server,
  admin: Server,
  options: ListenOptions,
  { env, pid }: { readonly env: Io['env']; readonly pid: number },
): Promise<Result<Listening>> {
  const handed = handedSockets(env, pid)
  if (!handed.ok) return handed
  const { socketMode: mode, socket, adminSocket } = options
  const { http: clientSockets, admin: adminSockets } = handed.value
  const own = (path: string | undefined, host: string, port: number): Place =>
    path === undefined ? { host, port } : { path, mode }
  let listening: Listeners | undefined
  try {
    await Promise.all([clients.ready(), admin.ready()])
    listening = await Listeners.open(
      clients.server,
      placesOf(clientSockets, own(socket, options.host, options.port)),
    )
    const adminPlaces = placesOf(adminSockets, own(adminSocket, options.adminHost, options.adminPort))
    return success({ clients: listening, admin: await Listeners.open(admin.server, adminPlaces) })
  } catch (error) {
    await listening?.stop()
    return failure((error as Error).message)
  }
}

const placesOf = (descriptors: readonly number[], otherwise: Place): readonly Place[] =>
  descriptors.length === 0 ? [otherwise] : descriptors.map((fd) => ({ fd }))
