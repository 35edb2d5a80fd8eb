import { type AddressInfo, createServer, type Server, type Socket, connect as socketTo } from 'node:net'
import { TLSSocket } from 'node:tls'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import type { Test } from 'tap'

/** Databases for tests, on loopback. */

/** PostgreSQL itself, compiled to WebAssembly. It has one session for all, and asks nobody for a password. */
export async function postgresqlServer(t: Test, schema: string): Promise<{ port: number; db: PGlite }> {
  const db = await PGlite.create()
  await db.exec(schema)
  const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: 50 })
  await server.start()
  t.teardown(async () => {
    await server.stop()
    await db.close()
  })
  return { port: Number(server.getServerConn().split(':').at(-1)), db }
}

/** Stands between a client and a server, and does what networks and servers do. */
export class Faults {
  readonly #upstream: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #holding = false
  #deaf = false
  #greeting: Buffer | undefined
  #isPooler = false
  #certificate: { cert: string; key: string } | undefined
  #port = 0
  /** What was ever written to the server. */
  written = ''
  connections = 0

  constructor(upstream: number) {
    this.#upstream = upstream
    this.#server = createServer((client) => this.#join(client))
  }

  static async before(t: Test, upstream: number): Promise<Faults> {
    const errors = new Faults(upstream)
    await errors.revive()
    t.teardown(() => errors.kill())
    return errors
  }

  get port(): number {
    return this.#port
  }

  get open(): number {
    return this.#sockets.size
  }

  /** The server hears, and says nothing more. */
  hold(): void {
    this.#holding = true
  }

  /** Not even a farewell is answered. */
  deaf(): void {
    this.#holding = true
    this.#deaf = true
  }

  letGo(): void {
    this.#holding = false
    this.#deaf = false
  }

  /** The server says this to whoever connects, and hangs up. */
  refuseWith(greeting: Buffer | undefined): void {
    this.#greeting = greeting
  }

  /** Like PgBouncer, which gives its clients process numbers of its own (BackendKeyData in the manual of PostgreSQL). */
  pool(): void {
    this.#isPooler = true
  }

  /** PostgreSQL, asked for TLS, says yes, and begins. */
  encryptWith(certificate: { cert: string; key: string }): void {
    this.#certificate = certificate
  }

  /** The server says this to everybody, unasked. */
  say(bytes: Buffer): void {
    for (const socket of this.#sockets) socket.write(bytes)
  }

  /** Every connection is cut, and nobody listens any more. */
  async kill(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.cut()
    await closed
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** At the same port as before. */
  async revive(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (this.#server.address() as AddressInfo).port
  }

  #join(client: Socket): void {
    this.connections++
    this.#sockets.add(client)
    const upstream = socketTo(this.#upstream, '127.0.0.1')
    const { cert, key } = this.#certificate ?? {}
    if (cert !== undefined) {
      client.once('data', () => {
        client.write('S')
        new TLSSocket(client, { isServer: true, cert, key }).on('error', () => {})
      })
      client.on('close', () => upstream.destroy())
      return
    }
    client.on('data', (bytes) => {
      this.written += bytes.toString('latin1')
      if (this.#greeting) client.end(this.#greeting)
      else if (!this.#deaf) upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      const keyData = this.#isPooler ? bytes.indexOf('K\0\0\0\x0c') : -1
      if (keyData >= 0) bytes.writeInt32BE(4711, keyData + 5)
      if (!this.#holding) client.write(bytes)
    })
    client.on('close', () => {
      this.#sockets.delete(client)
      upstream.destroy()
    })
    upstream.on('close', () => client.destroy())
    for (const socket of [client, upstream]) socket.on('error', () => {})
  }
}

/** An ErrorResponse of PostgreSQL (its manual, "Message Formats"). */
export function postgresqlError(code: string, message: string): Buffer {
  return postgresqlMessage('E', `SFATAL\0VFATAL\0C${code}\0M${message}\0\0`)
}

/** A NotificationResponse. */
export function postgresqlNotification(channel: string, payload: string): Buffer {
  return postgresqlMessage('A', `\0\0\0\0${channel}\0${payload}\0`)
}

function postgresqlMessage(type: string, body: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(4 + Buffer.byteLength(body))
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body)])
}

/** What a MySQL server gives: rows of texts, an error, or nothing at all. */
export type MysqlAnswer =
  | readonly (readonly (string | null)[])[]
  | { readonly code: number; readonly message: string }

const text = (value: string): Buffer => Buffer.from(value)
const numbers = (...bytes: number[]): Buffer => Buffer.from(bytes)
const short = (value: number): Buffer => numbers(value & 0xff, value >> 8)
/** Here a text is never longer than 250 bytes. */
const counted = (value: string): Buffer => Buffer.concat([numbers(Buffer.byteLength(value)), text(value)])

/**
 * As much of MySQL's protocol as a client needs that asks prepared statements: a reader without a password, who is answered
 * what the test says. `undefined` is no answer at all.
 */
export async function mysqlServer(
  t: Test,
  answer: (sql: string, values: readonly string[]) => MysqlAnswer | undefined,
): Promise<{ port: number; queries: string[] }> {
  const queries: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    let sequence = 0
    const send = (...parts: Buffer[]): void => {
      const body = Buffer.concat(parts)
      socket.write(
        Buffer.concat([numbers(body.length & 0xff, (body.length >> 8) & 0xff, 0, sequence++ & 0xff), body]),
      )
    }
    const ok = () => send(numbers(0, 0, 0, 2, 0, 0, 0))
    const end = () => send(numbers(0xfe, 0, 0, 2, 0))
    const error = (code: number, message: string) =>
      send(numbers(0xff), short(code), text(`#HY000${message}`))
    const column = () =>
      send(
        counted('def'),
        ...['', '', '', 'column', 'column'].map(counted),
        numbers(0x0c, 45, 0, 0, 1, 0, 0, 0xfd, 0, 0, 0, 0, 0),
      )

    function respond(sql: string, values: readonly string[], binary: boolean): void {
      queries.push(sql)
      const given = answer(sql, values)
      if (given === undefined) return
      if ('code' in given) {
        error(given.code, given.message)
        return
      }
      const columns = given[0]?.length ?? 1
      send(numbers(columns))
      for (let i = 0; i < columns; i++) column()
      end()
      for (const row of given) {
        const nulls = row.reduce((bits, value, index) => (value === null ? bits | (4 << index) : bits), 0)
        const nothing = numbers(...(binary ? [] : [0xfb]))
        send(
          ...(binary ? [numbers(0, nulls)] : []),
          ...row.map((value) => (value === null ? nothing : counted(value))),
        )
      }
      end()
    }

    const statements: string[] = []
    let greeted = false
    const hear = (packet: Buffer): void => {
      sequence = 1
      if (!greeted) {
        greeted = true
        sequence = 2
        const user = packet.toString('utf8', 32, packet.indexOf(0, 32))
        if (user === 'reader') ok()
        else error(1045, `Access denied for user '${user}'@'localhost' (using password: YES)`)
        return
      }
      const [command] = packet
      if (command === 0x01) socket.end()
      if (command === 0x03) {
        const sql = packet.toString('utf8', 1)
        if (sql.startsWith('SET')) {
          queries.push(sql)
          ok()
        } else respond(sql, [], false)
      }
      if (command === 0x16) {
        const sql = packet.toString('utf8', 1)
        const parameters = sql.split('?').length - 1
        const faulty = /SELEC /.test(sql)
        if (faulty) {
          error(1064, `You have an error in your SQL syntax; check the manual near 'SELEC host' at line 1`)
          return
        }
        send(numbers(0, statements.push(sql), 0, 0, 0, 0, 0), short(parameters), numbers(0, 0, 0))
        for (let i = 0; i < parameters; i++) column()
        if (parameters > 0) end()
      }
      if (command === 0x17) {
        const sql = statements[packet.readUInt32LE(1) - 1] ?? ''
        const parameters = sql.split('?').length - 1
        let at = 10 + Math.ceil(parameters / 8) + 1 + 2 * parameters
        const values = Array.from({ length: parameters }, () => {
          let length = packet[at++] ?? 0
          if (length === 0xfc) {
            length = packet.readUInt16LE(at)
            at += 2
          }
          at += length
          return packet.toString('utf8', at - length, at)
        })
        respond(sql, values, true)
      }
    }

    let heard = Buffer.alloc(0)
    socket.on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes])
      while (heard.length >= 4 && heard.length >= 4 + heard.readUIntLE(0, 3)) {
        const length = 4 + heard.readUIntLE(0, 3)
        const packet = heard.subarray(4, length)
        heard = heard.subarray(length)
        hear(packet)
      }
    })
    // Handshake of protocol 10; what it can: 4.1, a database, a password that is hashed, and the name of the hash.
    send(
      numbers(10),
      text('8.0.0\0'),
      numbers(1, 0, 0, 0),
      text('saltsalt\0'),
      short(0xa209),
      numbers(45, 2, 0),
      short(0x0008),
      numbers(21),
      Buffer.alloc(10),
      text('saltsaltsalt\0mysql_native_password\0'),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return { port: (server.address() as AddressInfo).port, queries }
}
