import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { type TLSSocket, Server as TlsServer } from 'node:tls'
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

/** Handshakes of TLS that begin in each turn: each takes more than a millisecond. */
const handshakesPerTurn = 4

/** The most milliseconds between two looks at the connections that are silent. */
const longestSweepInterval = 1000

/** A connection without a request. */
interface Fresh {
  /** When it was accepted, or encrypted. */
  readonly since: number
  /** The bytes that it had sent then: those of the handshake. */
  readonly bytesRead: number
}

/**
 * The connections of clients, with TLS or without. There are never more than the process can open, so that files and the admin listener work under attack.
 * If all are taken, the oldest without a request makes room: a client sends its request at once, an attacker often nothing.
 */
export class Connections {
  readonly #options: ConnectionsOptions
  readonly #perAddress = new Map<string, number>()
  /** The oldest is the first. */
  readonly #fresh = new Map<Socket, Fresh>()
  /** Those whose handshake has not ended, by the address and port of the client. */
  readonly #handshaking = new Map<string, Socket>()
  readonly #servers: Server[] = []
  readonly #turns = new Turns(newPerTurn)
  readonly #handshakes = new Turns(handshakesPerTurn)
  #open = 0
  #newInTurn = 0
  #onEmpty: (() => void) | undefined

  constructor(options: ConnectionsOptions) {
    this.#options = options
  }

  /** Limits the connections of a server, which may be one with TLS. May be called for several: they are counted together. */
  watch(server: Server): void {
    this.#servers.push(server)
    if (server instanceof TlsServer) this.#watchHandshakes(server)
    else server.on('connection', (socket: Socket) => this.#add(socket))
    const interval = Math.min(longestSweepInterval, this.#options.firstByteTimeout / 2)
    const timer = setInterval(() => this.sweep(), interval).unref()
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
    for (const [socket, fresh] of this.#fresh) {
      if (fresh.since > before) return
      // Node.js limits the time for the rest of a request, or of a handshake.
      if (socket.bytesRead === fresh.bytesRead) this.#refuse(socket, 'no-request')
    }
  }

  /** Closes the connections that have sent nothing at all, for so many milliseconds. */
  closeSilent(age = 0): void {
    const before = this.#now() - age
    for (const [socket, { since, bytesRead }] of this.#fresh)
      if (since <= before && socket.bytesRead === bytesRead) socket.destroy()
  }

  /** Closes all connections. */
  closeAll(): void {
    for (const server of this.#servers) server.closeAllConnections()
    // Node.js does not count those whose handshake has not ended.
    for (const socket of this.#handshaking.values()) socket.destroy()
  }

  /** Closes the connections that wait for their next request. */
  closeIdle(): void {
    for (const server of this.#servers) server.closeIdleConnections()
  }

  /** Resolves when no connection is open. */
  async empty(): Promise<void> {
    if (this.#open === 0) return
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve
    })
  }

  /** Takes the place of Node's own listener, so that a handshake begins when its turn has come. */
  #watchHandshakes(server: TlsServer): void {
    const [begin] = server.listeners('connection') as [(this: TlsServer, socket: Socket) => void]
    server.removeAllListeners('connection')
    server.on('connection', (socket: Socket) => {
      // Node.js listens for errors as soon as the handshake begins.
      socket.on('error', () => socket.destroy())
      this.#add(socket, () => begin.call(server, socket))
    })
    server.on('secureConnection', (encrypted) => this.#encrypt(encrypted))
  }

  #encrypt(encrypted: TLSSocket): void {
    const client = peerOf(encrypted)
    const socket = this.#handshaking.get(client) as Socket
    this.#handshaking.delete(client)
    // Otherwise it is gone, or was refused.
    if (this.#fresh.delete(socket)) {
      this.#fresh.set(encrypted, { since: this.#now(), bytesRead: encrypted.bytesRead })
      socket.once('close', () => this.#fresh.delete(encrypted))
    }
  }

  /** `begin` begins the handshake. */
  #add(socket: Socket, begin?: () => void): void {
    this.#open++
    const address = this.#limitedAddress(socket)
    if (address !== undefined) this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1)
    socket.once('close', () => this.#remove(socket, address))
    const { most, mostPerAddress } = this.#options
    if (address !== undefined && (this.#perAddress.get(address) as number) > mostPerAddress) {
      this.#refuse(socket, 'connections-of-address')
    } else if (this.#open <= most || this.#makeRoom()) this.#welcome(socket, begin)
    else this.#refuse(socket, 'connections')
  }

  /** After a flood of connections, the others need not wait until each of them is answered. */
  #welcome(socket: Socket, begin?: () => void): void {
    this.#fresh.set(socket, { since: this.#now(), bytesRead: 0 })
    if (begin) {
      const client = peerOf(socket)
      this.#handshaking.set(client, socket)
      socket.once('close', () => this.#handshaking.delete(client))
      this.#handshakes.add(() => socket.destroyed || begin())
      return
    }
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
    this.closeIdle()
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

/** Different for each open connection of a listener. */
const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`
