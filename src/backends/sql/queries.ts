import { untilAborted } from '../until-aborted.ts'
import type { SqlConnection, SqlDatabase } from './database.ts'
import { describeError, SqlError } from './error.ts'
import { SqlPool } from './pool.ts'
import type { Query } from './query.ts'

/**
 * Runs the queries of one backend. Each query is named by its key in the configuration, and its error messages begin with
 * that key.
 */
export class SqlQueries {
  readonly #database: SqlDatabase
  readonly #address: string
  readonly #pool: SqlPool

  /** `address`: where the database is, for messages. `timeout`: in milliseconds. */
  constructor(database: SqlDatabase, address: string, timeout: number, connections: number) {
    this.#database = database
    this.#address = address
    this.#pool = new SqlPool(() => this.#connect(timeout), connections)
  }

  /** The first column of the first row as a string; `undefined` if there is no row or the column is empty. */
  async first(
    key: string,
    query: Query,
    parameter: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    // No database stores a NUL in a string, and PostgreSQL rejects it.
    if (parameter.includes('\0')) return undefined
    try {
      return stringOf(await this.#pool.use(signal, (connection) => connection.first(query, parameter)))
    } catch (error) {
      throw this.#errorOf(key, signal, error, query)
    }
  }

  /** The first two columns of all rows, except rows in which one of them is empty. */
  async *pairs(key: string, query: Query, signal: AbortSignal): AsyncIterable<readonly [string, string]> {
    for await (const row of this.#separately(key, signal, (connection) => connection.rows(query), query)) {
      if (row.length < 2) {
        throw new SqlError(`${key}: the query must return two columns: the domain and its host`)
      }
      const [one, other] = [stringOf(row[0]), stringOf(row[1])]
      if (one !== undefined && other !== undefined) yield [one, other]
    }
  }

  /** Rejects if it is not possible to listen on the channel. */
  async checkListen(key: string, channel: string, signal: AbortSignal): Promise<void> {
    async function* once(connection: SqlConnection) {
      yield await connection.first({ text: `LISTEN ${channel}`, parameters: 0 }, '')
    }
    for await (const _ of this.#separately(key, signal, once));
  }

  async close(): Promise<void> {
    await this.#pool.close()
  }

  async #connect(limit?: number): Promise<SqlConnection> {
    try {
      return await this.#database.connect(limit)
    } catch (error) {
      const { errorTexts } = this.#database
      throw new SqlError(`cannot connect to ${this.#address}: ${describeError(error, errorTexts)}`)
    }
  }

  /**
   * Uses a connection outside the pool: the work may take longer than other queries may wait, and it changes the state of
   * the connection.
   */
  async *#separately<T>(
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
      throw this.#errorOf(key, signal, error, query)
    } finally {
      connecting.then(
        (connection) => connection.destroy(),
        () => {},
      )
    }
  }

  #errorOf(key: string, signal: AbortSignal, error: unknown, query?: Query): SqlError {
    if (error instanceof SqlError) return new SqlError(error.message)
    if (signal.aborted) return new SqlError(`${key}: timed out`)
    return new SqlError(`${key}: ${describeError(error, this.#database.errorTexts, query)}`)
  }
}

/** The value of a column as a string: it may also be a number, or the bytes of a string. */
function stringOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  const bytes = value instanceof Uint8Array || value instanceof ArrayBuffer
  return (bytes ? new TextDecoder().decode(value) : String(value)).trim() || undefined
}
