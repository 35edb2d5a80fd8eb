import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { type IsTrusted, isNearby, limitedForm } from './client-address.ts'
import type { RefusalKind } from './refusals.ts'
import { Turns } from './turns.ts'

export interface ConnectionsOptions {
  readonly most: number
  readonly mostPerAddress: number
  /** Addresses of private networks are not limited: all clients may come from one of them. */
  readonly sparesNearby: boolean
  /** Milliseconds until a connection must have sent something. */
  readonly firstByteTimeout: number
  readonly isTrusted: IsTrusted
  readonly onRefused: (kind: RefusalKind) => void
  /** In milliseconds. */
  readonly now?: () => number
}

/** Connections that are read from for the first time, in each turn of the event loop. */
const newPerTurn = 32

/** Milliseconds between two looks at the connections that are silent. */
const sweepInterval = 1000

/**
 * The connections of clients. There are never more than the process can open, so that files and the admin listener work under attack.
 * If all are taken, the oldest without a request makes room: a client sends its request at once, an attacker often nothing.
 */
export class Connections {
  readonly #options: ConnectionsOptions
  readonly #perAddress = new Map<string, number>()
  /** The connections without a request, and since when; the oldest is the first. */
  readonly #fresh = new Map<Socket, number>()
  #server: Server | undefined
  readonly #turns = new Turns(newPerTurn)
  #open = 0
  #newInTurn = 0
  #onEmpty: (() => void) | undefined

  constructor(options: ConnectionsOptions) {
    this.#options = options
  }

  watch(server: Server): void {
    this.#server = server
    server.on('connection', (socket) => this.#add(socket))
    const timer = setInterval(() => this.sweep(), sweepInterval).unref()
    server.once('close', () => clearInterval(timer))
  }

  get open(): number {
    return this.#open
  }

  /** Called for every request. */
  asks(socket: Socket): void {
    if (this.#fresh.size > 0) this.#fresh.delete(socket)
  }

  /** Closes the connections that have sent nothing in time. */
  sweep(): void {
    const { firstByteTimeout } = this.#options
    const before = this.#now() - firstByteTimeout
    for (const [socket, since] of this.#fresh) {
      if (since > before) return
      // Node.js limits the time for the rest of a request.
      if (socket.bytesRead === 0) this.#refuse(socket, 'no-request')
    }
  }

  /** Closes the connections that have sent nothing at all, for so many milliseconds. */
  closeSilent(age = 0): void {
    const before = this.#now() - age
    for (const [socket, since] of this.#fresh) if (since <= before && socket.bytesRead === 0) socket.destroy()
  }

  /** Resolves when no connection is open. */
  async empty(): Promise<void> {
    if (this.#open === 0) return
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve
    })
  }

  #add(socket: Socket): void {
    this.#open++
    const address = this.#limitedAddress(socket)
    if (address !== undefined) this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1)
    socket.once('close', () => this.#remove(socket, address))
    const { most, mostPerAddress } = this.#options
    if (address !== undefined && (this.#perAddress.get(address) as number) > mostPerAddress) {
      this.#refuse(socket, 'connections-of-address')
    } else if (this.#open <= most || this.#makeRoom()) this.#welcome(socket)
    else this.#refuse(socket, 'connections')
  }

  /** After a flood of connections, the others need not wait until each of them is answered. */
  #welcome(socket: Socket): void {
    this.#fresh.set(socket, this.#now())
    if (this.#newInTurn === 0) setImmediate(() => (this.#newInTurn = 0))
    if (++this.#newInTurn <= newPerTurn) return
    socket.pause()
    this.#turns.add(() => socket.resume())
  }

  #makeRoom(): boolean {
    const [oldest] = this.#fresh.keys()
    if (oldest) {
      this.#refuse(oldest, 'no-request')
      return true
    }
    // Those that wait for their next request can connect again.
    this.#server?.closeIdleConnections()
    return false
  }

  #refuse(socket: Socket, kind: RefusalKind): void {
    this.#fresh.delete(socket)
    this.#options.onRefused(kind)
    socket.destroy()
  }

  #remove(socket: Socket, address: string | undefined): void {
    this.#open--
    this.#fresh.delete(socket)
    if (address !== undefined) {
      const others = (this.#perAddress.get(address) as number) - 1
      if (others === 0) this.#perAddress.delete(address)
      else this.#perAddress.set(address, others)
    }
    if (this.#open === 0) this.#onEmpty?.()
  }

  #limitedAddress({ remoteAddress }: Socket): string | undefined {
    const { isTrusted, sparesNearby } = this.#options
    if (isTrusted(remoteAddress)) return undefined
    const address = limitedForm(remoteAddress)
    return address !== undefined && sparesNearby && isNearby(address) ? undefined : address
  }

  #now(): number {
    return (this.#options.now ?? (() => performance.now()))()
  }
}
