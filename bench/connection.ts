import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, TLSSocket } from 'node:tls'

export interface Answer {
  readonly status: number
  /** As Latin-1: one character per byte. */
  readonly body: string
}

/** One keep-alive connection to a server on this machine. It implements only enough HTTP to cost less than the server. */
export class Connection {
  readonly #socket: Socket | TLSSocket
  #received = ''
  #onAnswer: ((answer: Answer | undefined) => void) | undefined

  /** Rejects if no server listens. */
  static async open(port: number): Promise<Connection> {
    const connection = new Connection(port)
    await once(connection.#socket, 'connect')
    return connection
  }

  /** The same over TLS. Rejects if there is no handshake. */
  static async openTls(port: number, options: TlsOptions): Promise<Connection> {
    const connection = new Connection(port, options)
    await once(connection.#socket, 'secureConnect', { signal: AbortSignal.timeout(patience) })
    return connection
  }

  private constructor(port: number, tls?: TlsOptions) {
    const buffer = Buffer.allocUnsafeSlow(65_536)
    const callback = (size: number): boolean => {
      this.#receive(buffer.toString('latin1', 0, size))
      return true
    }
    const options = { host: '127.0.0.1', port, noDelay: true, onread: { buffer, callback } }
    this.#socket = tls ? connectTls({ ...options, ...tls, rejectUnauthorized: false }) : connect(options)
    this.#socket.setTimeout(patience, () => this.#onAnswer && this.close())
    this.#socket.on('error', () => {}) // 'close' follows, and handles it
    this.#socket.on('close', () => this.#settle(undefined))
  }

  /** With TLS: the certificate of the server, and what is known of the session. */
  get tls(): TLSSocket | undefined {
    return this.#socket instanceof TLSSocket ? this.#socket : undefined
  }

  get isOpen(): boolean {
    return this.#socket.readyState === 'open'
  }

  /** The answer, or undefined if the connection broke or ten seconds passed. One request at a time. */
  ask(request: string): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      this.#onAnswer = resolve
      this.#socket.write(request, 'latin1')
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(text: string): void {
    this.#received += text
    const bodyStart = this.#received.indexOf('\r\n\r\n') + 4
    if (bodyStart < 4) return
    const length = Number(contentLength.exec(this.#received)?.[1])
    if (Number.isNaN(length)) this.close() // chunked: no candidate has a reason to use it
    if (!(this.#received.length >= bodyStart + length)) return
    const answer = { status: Number(this.#received.slice(9, 12)), body: this.#received.slice(bodyStart) }
    this.#received = ''
    this.#settle(answer)
  }

  #settle(answer: Answer | undefined): void {
    this.#onAnswer?.(answer)
    this.#onAnswer = undefined
  }
}

type TlsOptions = Pick<ConnectionOptions, 'servername' | 'session'>

const contentLength = /\r\ncontent-length: *(\d+)/i

/** Milliseconds. */
const patience = 10_000
