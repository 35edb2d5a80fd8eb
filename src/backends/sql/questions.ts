import { untilAborted } from '../until-aborted.ts'
import type { SqlConnection, SqlDatabase } from './database.ts'
import { SqlFailure, tell } from './failure.ts'
import { SqlPool } from './pool.ts'
import type { Query } from './query.ts'

/** Puts the queries of one source to its database. Each has a key, that of the configuration, for when it fails. */
export class SqlQuestions {
  readonly #database: SqlDatabase
  readonly #address: string
  readonly #pool: SqlPool

  /** `address`: where the database is, for messages; `timeout` in milliseconds. */
  constructor(database: SqlDatabase, address: string, timeout: number, connections: number) {
    this.#database = database
    this.#address = address
    this.#pool = new SqlPool(() => this.#connect(timeout), connections)
  }

  /** The first column of the first row as a text; `undefined` where there is none, or nothing in it. */
  async first(
    key: string,
    query: Query,
    parameter: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    // No database has a NUL in a text, and PostgreSQL takes none.
    if (parameter.includes('\0')) return undefined
    try {
      return textOf(await this.#pool.use(signal, (connection) => connection.first(query, parameter)))
    } catch (error) {
      throw this.#failure(key, signal, error, query)
    }
  }

  /** The first two columns of all rows, but those where one has nothing in it. */
  async *pairs(key: string, query: Query, signal: AbortSignal): AsyncIterable<readonly [string, string]> {
    for await (const row of this.#alone(key, signal, (connection) => connection.rows(query), query)) {
      if (row.length < 2) throw new SqlFailure(`${key}: it must give two columns, the domain and its host`)
      const [one, other] = [textOf(row[0]), textOf(row[1])]
      if (one !== undefined && other !== undefined) yield [one, other]
    }
  }

  /** Whether a channel can be listened to. */
  async tryToListen(key: string, channel: string, signal: AbortSignal): Promise<void> {
    async function* once(connection: SqlConnection) {
      yield await connection.first({ text: `LISTEN ${channel}`, parameters: 0 }, '')
    }
    for await (const _ of this.#alone(key, signal, once));
  }

  async close(): Promise<void> {
    await this.#pool.close()
  }

  async #connect(limit?: number): Promise<SqlConnection> {
    try {
      return await this.#database.connect(limit)
    } catch (error) {
      throw new SqlFailure(`cannot connect to ${this.#address}: ${tell(error, this.#database.meanings)}`)
    }
  }

  /** On a connection of its own, since it may take longer than others wait, and leaves the connection in another state. */
  async *#alone<T>(
    key: string,
    signal: AbortSignal,
    work: (connection: SqlConnection) => AsyncIterable<T>,
    query?: Query,
  ): AsyncIterable<T> {
    const connecting = this.#connect()
    try {
      const rows = work(await untilAborted(connecting, signal))[Symbol.asyncIterator]()
      for (;;) {
        const { done, value } = await untilAborted(rows.next(), signal)
        if (done) break
        yield value
      }
    } catch (error) {
      throw this.#failure(key, signal, error, query)
    } finally {
      connecting.then(
        (connection) => connection.destroy(),
        () => {},
      )
    }
  }

  #failure(key: string, signal: AbortSignal, error: unknown, query?: Query): SqlFailure {
    if (error instanceof SqlFailure) return new SqlFailure(error.message)
    if (signal.aborted) return new SqlFailure(`${key}: no answer in time`)
    return new SqlFailure(`${key}: ${tell(error, this.#database.meanings, query)}`)
  }
}

/** What a column holds: text, a number, or the bytes of a text. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  const bytes = value instanceof Uint8Array || value instanceof ArrayBuffer
  return (bytes ? new TextDecoder().decode(value) : String(value)).trim() || undefined
}
