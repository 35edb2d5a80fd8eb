import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls'
import { anyCertificate } from './certificate.ts'
import type { Network } from './network.ts'

/** A server that sends more than this in one connection is not a mail server. */
const mostBytes = 262_144

/** The connection lasted longer than it may. */
export class TimedOut extends Error {}

/** The limits of a connection, as a `Network` has them. */
export type ConnectionLimits = Pick<Network, 'timeout' | 'signal'>

/** A connection in lines, in clear or over TLS, that ends when its time is over. */
export class Conversation {
  #socket: Socket
  #text = ''
  #received = 0
  #end: Error | undefined
  #wake = () => {}

  /** Rejects with the error of the socket, or with `TimedOut`. */
  static async open(
    address: string,
    port: number,
    { timeout, signal }: ConnectionLimits,
  ): Promise<Conversation> {
    signal?.throwIfAborted()
    const socket = connect({ host: address, port, ...(signal && { signal }) })
    const conversation = new Conversation(socket, timeout)
    await once(socket, 'connect')
    return conversation
  }

  /** Opens a connection, and closes it after its use. */
  static async use<T>(
    address: string,
    port: number,
    limits: ConnectionLimits,
    use: (conversation: Conversation) => Promise<T>,
  ): Promise<T> {
    const conversation = await Conversation.open(address, port, limits)
    try {
      return await use(conversation)
    } finally {
      conversation.close()
    }
  }

  private constructor(socket: Socket, timeout: number) {
    this.#socket = socket
    const timer = setTimeout(() => this.#socket.destroy(new TimedOut()), timeout)
    socket.once('close', () => clearTimeout(timer))
    this.#listen(socket)
  }

  /** Does the server see a connection from its own address? Servers trust these. */
  get isLocal(): boolean {
    return this.#socket.remoteAddress === this.#socket.localAddress
  }

  /** The connection; only after `secure`. */
  get secured(): TLSSocket {
    return this.#socket as TLSSocket
  }

  /** The IP address of this machine on the connection. */
  get localAddress(): string {
    return this.#socket.localAddress as string
  }

  /** The next line, without its end. Rejects when the connection ends before. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#text.indexOf('\n')
      if (end !== -1) {
        const line = this.#text.slice(0, end).replace(/\r$/, '')
        this.#text = this.#text.slice(end + 1)
        return line
      }
      if (this.#end) throw this.#end
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Lines up to the first that is the last one. */
  async linesUntil(isLast: (line: string) => boolean): Promise<readonly string[]> {
    const lines: string[] = []
    for (;;) {
      const line = await this.line()
      lines.push(line)
      if (isLast(line)) return lines
    }
  }

  send(line: string): void {
    this.#socket.write(`${line}\r\n`)
  }

  /** Begins TLS. The certificate is accepted, whatever it is: the caller looks at it. */
  async secure(servername: string, options: ConnectionOptions): Promise<TLSSocket> {
    const socket = this.#socket
    socket.removeAllListeners('data')
    this.#text = ''
    const secured = tlsConnect({ socket, servername, ...anyCertificate, ...options })
    this.#socket = secured
    this.#listen(secured)
    await once(secured, 'secureConnect')
    return secured
  }

  close(): void {
    this.#socket.destroy()
  }

  #listen(socket: Socket): void {
    const end = (error: Error) => {
      this.#end ??= error
      this.#wake()
    }
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      this.#received += text.length
      if (this.#received > mostBytes) socket.destroy(new Error('the server does not stop sending'))
      this.#text += text
      this.#wake()
    })
    socket.on('error', end)
    socket.on('close', () => end(new Error('the server closed the connection')))
  }
}
