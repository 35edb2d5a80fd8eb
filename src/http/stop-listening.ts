import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, type Server, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { stopAccepting } from './accepting.ts'

/** The parts of libuv's handles that Node.js does not document. */
interface Handle {
  listen?(backlog: number): number
  getsockname(out: { port?: number }): number
  getpeername(out: object): number
}

const handleOf = (of: object): Handle | undefined => (of as { readonly _handle?: Handle })._handle

export interface StopListeningOptions {
  /** Milliseconds until the listener is closed in any case. */
  readonly patience?: number
  /** Reads a table of the kernel. */
  readonly read?: (file: string) => string
}

/**
 * Stops listening without resetting a client; resolves when nobody can connect any more. A plain `close` resets every connection that
 * waits in the backlog of the kernel, although its client may have sent its request. So the backlog is shortened to one place, and a
 * connection of our own takes it as soon as it is free: then the backlog contains no client, and no client can get in.
 */
export async function stopListening(
  server: Server,
  { patience = 2000, read = (file) => readFileSync(file, 'latin1') }: StopListeningOptions = {},
): Promise<void> {
  const address = server.address() as AddressInfo | null
  if (!address) return
  const isShort = handleOf(server)?.listen?.(0) === 0
  const deadline = performance.now() + patience
  let isAlone = false
  while (isShort && !isAlone && performance.now() < deadline) {
    // Before the next turn of the event loop, no connection is accepted.
    await nextTurn()
    const own = connect(address.port, loopbackOf(address.address)).on('error', () => undefined)
    await connectionStarts()
    isAlone = waitsInBacklog(own, address.port, read)
    if (isAlone) stopAccepting(server)
    own.destroy()
  }
  if (!isAlone) stopAccepting(server)
}

/** Node.js connects in the next tick. */
const connectionStarts = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))

const anyAddress: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }
const loopbackOf = (address: string): string => anyAddress[address] ?? address

/**
 * Whether a connection is complete at the end of the server as well. At its own end, it is complete even if there was no place for
 * it in the backlog. Only the kernel's tables show the difference (proc(5), `/proc/pid/net/tcp`; 01 is ESTABLISHED).
 */
function waitsInBacklog(own: Socket, port: number, read: (file: string) => string): boolean {
  const handle = handleOf(own)
  if (handle?.getpeername({}) !== 0) return false
  const name: { port?: number } = {}
  handle.getsockname(name)
  const line = new RegExp(`:${hex(port)} [0-9A-F]+:${hex(name.port as number)} 01 `)
  try {
    return line.test(read('/proc/self/net/tcp')) || line.test(read('/proc/self/net/tcp6'))
  } catch {
    // A system without these tables, or without IPv6.
    return false
  }
}

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0')
