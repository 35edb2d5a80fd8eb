import { BackendBusy } from '../backend.ts'
import { describeError } from '../driver-errors.ts'
import { untilAborted } from '../until-aborted.ts'
import type { SqlConnection } from './database.ts'
import type { SqlEndpoint } from './endpoints.ts'
import { SqlError } from './error.ts'
import { SqlPool } from './pool.ts'
import type { Query } from './query.ts'

/** How long a server that could not be reached is tried only after the others, in milliseconds. */
const demotion = 30_000

export interface SqlQueriesOptions {
  /** In the order in which they are tried. */
  readonly endpoints: readonly [SqlEndpoint, ...SqlEndpoint[]]
  /** How long the server may work on one query, in milliseconds. */
  readonly timeout: number
  readonly connections: number
  /** In milliseconds. */
  readonly now: () => number
}

/**
 * Runs the queries of one backend. Each query is named by its key in the configuration, and its error messages begin with
 * that key.
 */
export class SqlQueries {
  readonly #options: SqlQueriesOptions
  readonly #pool: SqlPool
  readonly #failedAt = new Map<SqlEndpoint, number>()

  constructor(options: SqlQueriesOptions) {
    this.#options = options
    const { timeout, connections: limit, now } = options
    this.#pool = new SqlPool({ connect: () => this.#connect(timeout), limit, now })
  }

  get connections(): { readonly open: number; readonly idle: number } {
    return this.#pool.connections
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

  async close(): Promise<void> {
    await this.#pool.close()
  }

  /** Connects to the first server that can be reached. */
  async #connect(limit?: number): Promise<SqlConnection> {
    const errors: string[] = []
    for (const endpoint of this.#inOrder()) {
      const { database, address } = endpoint
      try {
        const connection = await database.connect(limit)
        this.#failedAt.delete(endpoint)
        return connection
      } catch (error) {
        this.#failedAt.set(endpoint, this.#options.now())
        errors.push(`cannot connect to ${address}: ${describeError(error, database.errorTexts)}`)
      }
    }
    throw new SqlError(errors.join('; '))
  }

  /** Those that failed recently come last. */
  #inOrder(): SqlEndpoint[] {
    const { endpoints, now } = this.#options
    const time = now()
    const isDemoted = (endpoint: SqlEndpoint) =>
      time < (this.#failedAt.get(endpoint) ?? Number.NEGATIVE_INFINITY) + demotion
    return endpoints.toSorted((one, other) => Number(isDemoted(one)) - Number(isDemoted(other)))
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

  #errorOf(key: string, signal: AbortSignal, error: unknown, query?: Query): Error {
    if (error instanceof BackendBusy) return error
    if (error instanceof SqlError) return new SqlError(error.message)
    if (signal.aborted) return new SqlError(`${key}: timed out`)
    return new SqlError(
      `${key}: ${describeError(error, this.#options.endpoints[0].database.errorTexts, query)}`,
    )
  }
}

/** The value of a column as a string: it may also be a number, or the bytes of a string. */
function stringOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  const bytes = value instanceof Uint8Array || value instanceof ArrayBuffer
  return (bytes ? new TextDecoder().decode(value) : String(value)).trim() || undefined
}
