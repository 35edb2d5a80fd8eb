import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Test } from 'tap'
import type { Issued } from './certificates.ts'

/** As much of Redis (RESP 2) as the limits ask for. It does what the script says, without Lua, and can be made to fail. */
export class RedisServer {
  /** What it answers to EVAL instead: a whole reply. `silent`: nothing to any command. */
  evalReply: string | undefined
  password: string | undefined
  /** By key: when the bucket is empty, in milliseconds. */
  readonly empty = new Map<string, number>()
  readonly commands: string[][] = []
  /** In milliseconds. */
  now = 1_000_000
  connections = 0
  port = 0
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined

  /** Starts a server, on its earlier port if it had one. */
  async start(t?: Test, tls?: Issued): Promise<this> {
    const serve = (socket: Socket) => this.#serve(socket)
    this.#server = tls ? createTlsServer({ cert: tls.certificate, key: tls.key }, serve) : createServer(serve)
    this.#server.listen(this.port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.port = (this.#server.address() as AddressInfo).port
    t?.teardown(() => this.stop())
    return this
  }

  get open(): number {
    return this.#sockets.size
  }

  /** Ends all connections, and accepts no more. */
  stop(): void {
    this.#server?.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #serve(socket: Socket): void {
    this.connections++
    this.#sockets.add(socket)
    let received = ''
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket))
    socket.setEncoding('latin1').on('data', (bytes) => {
      received += bytes
      for (;;) {
        const [length, command] = commandIn(received)
        if (!command) return
        received = received.slice(length)
        this.commands.push(command)
        socket.write(this.#reply(command))
      }
    })
  }

  #reply([name = '', ...args]: string[]): string {
    if (this.evalReply === 'silent') return ''
    switch (name.toUpperCase()) {
      case 'AUTH':
        return args.at(-1) === this.password ? '+OK\r\n' : '-WRONGPASS invalid username-password pair\r\n'
      case 'EVAL':
        if (this.evalReply !== undefined) return this.evalReply
        return this.#add(args.slice(2, 2 + Number(args[1])), args.slice(2 + Number(args[1])).map(Number))
      case 'PING':
        return '+PONG\r\n'
      default:
        return '+OK\r\n'
    }
  }

  #add(keys: readonly string[], [perRequest = 0, most = 0, ...requests]: readonly number[]): string {
    const fills = keys.map((key, index) => {
      const empty = Math.max(this.empty.get(key) ?? 0, this.now) + perRequest * (requests[index] as number)
      this.empty.set(key, Math.min(empty, this.now + most))
      return ((this.empty.get(key) as number) - this.now).toFixed(3)
    })
    return `*${fills.length}\r\n${fills.map((fill) => `$${fill.length}\r\n${fill}\r\n`).join('')}`
  }
}

/** The first command, if it is complete, and its length. */
function commandIn(received: string): [length: number, command?: string[]] {
  const [head, count] = /^\*(\d+)\r\n/.exec(received) ?? []
  if (head === undefined) return [0]
  let at = head.length
  const words: string[] = []
  for (let index = 0; index < Number(count); index++) {
    const [start, length] = /^\$(\d+)\r\n/.exec(received.slice(at, at + 20)) ?? []
    if (start === undefined || received.length < at + start.length + Number(length) + 2) return [0]
    at += start.length
    words.push(received.slice(at, at + Number(length)))
    at += Number(length) + 2
  }
  return [at, words]
}
