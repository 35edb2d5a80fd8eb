import { BackendBusy } from '../backend.ts'
import { untilAborted } from '../until-aborted.ts'
import type { SqlConnection } from './database.ts'

/** How long closing the idle connections may take, in milliseconds. Then they are dropped. */
const closeTimeout = 1000
/** After a connection was refused, those that are open are enough for this many milliseconds. */
const refusalPause = 1000

export interface SqlPoolOptions {
  readonly connect: () => Promise<SqlConnection>
  /** How many connections may be open at once. */
  readonly limit: number
  /** In milliseconds. */
  readonly now: () => number
}

/** A query that waits for a connection. It gets none if it may open one. */
interface Waiting {
  readonly take: (connection: SqlConnection | undefined) => void
  readonly fail: (error: unknown) => void
}

/**
 * A limited number of connections, opened on demand. The pools of the drivers are not suitable: waiting for a connection has
 * to end with the signal, a connection whose query was abandoned must not be used again, because its server may hang, and a server
 * that refuses more connections still answers on those that it has accepted.
 */
export class SqlPool {
  readonly #options: SqlPoolOptions
  readonly #idle: SqlConnection[] = []
  readonly #waiting = new Set<Waiting>()
  /** Connections that are open or being opened. */
  #open = 0
  #refusedAt = Number.NEGATIVE_INFINITY
  #closed = false

  constructor(options: SqlPoolOptions) {
    this.#options = options
  }

  get connections(): { readonly open: number; readonly idle: number } {
    return { open: this.#open, idle: this.#idle.length }
  }

  /** Rejects with `BackendBusy` if no connection is free before the signal aborts. */
  async use<T>(signal: AbortSignal, work: (connection: SqlConnection) => Promise<T>): Promise<T> {
    const connection = await this.#acquire(signal)
    try {
      return await untilAborted(work(connection), signal)
    } finally {
      if (signal.aborted) {
        // The server hangs, or the network is gone. Then the idle connections are no better.
        this.#drop(connection)
        for (const idle of this.#idle.splice(0)) this.#drop(idle)
      } else this.#release(connection)
    }
  }

  /** Closes the idle connections. Those in use are dropped when their query ends. */
  async close(): Promise<void> {
    this.#closed = true
    const signal = AbortSignal.timeout(closeTimeout)
    const closeOrDestroy = async (connection: SqlConnection): Promise<void> => {
      await untilAborted(connection.close(), signal).catch(() => connection.destroy())
    }
    const idle = this.#idle.splice(0)
    this.#open -= idle.length
    await Promise.all(idle.map(closeOrDestroy))
  }

  async #acquire(signal: AbortSignal): Promise<SqlConnection> {
    for (;;) {
      signal.throwIfAborted()
      const idle = this.#takeIdle()
      if (idle) return idle
      if (this.#mayOpen) {
        const opened = await this.#connect(signal)
        if (opened) return opened
      } else {
        const released = await this.#released(signal)
        if (released) return released
      }
    }
  }

  get #mayOpen(): boolean {
    const { limit, now } = this.#options
    return this.#open === 0 || (this.#open < limit && now() >= this.#refusedAt + refusalPause)
  }

  /** Returns `undefined` if the server refuses one more connection while others are open. */
  async #connect(signal: AbortSignal): Promise<SqlConnection | undefined> {
    this.#open++
    const connecting = this.#options.connect()
    try {
      return await untilAborted(connecting, signal)
    } catch (error) {
      if (signal.aborted) {
        // The next query uses it.
        connecting.then(
          (connection) => this.#release(connection),
          () => this.#close(),
        )
        throw error
      }
      this.#refusedAt = this.#options.now()
      this.#open--
      if (this.#open > 0) return undefined
      for (const { fail } of this.#waiting) fail(error)
      this.#waiting.clear()
      throw error
    }
  }

  #takeIdle(): SqlConnection | undefined {
    for (;;) {
      const connection = this.#idle.pop()
      if (connection === undefined || connection.usable) return connection
      this.#drop(connection)
    }
  }

  /** Waits until another query ends. */
  async #released(signal: AbortSignal): Promise<SqlConnection | undefined> {
    let waiting: Waiting | undefined
    const released = new Promise<SqlConnection | undefined>((take, fail) => {
      waiting = { take, fail }
      this.#waiting.add(waiting)
    })
    try {
      return await untilAborted(released, signal)
    } catch (error) {
      if (!signal.aborted) throw error
      // It may have been granted at the moment of the abort; then it is passed on.
      if (!this.#waiting.delete(waiting as Waiting)) this.#release(await released)
      throw new BackendBusy(`timed out: all connections are busy (connections: ${this.#options.limit})`)
    }
  }

  /** `undefined` is the place for a new one. */
  #release(connection: SqlConnection | undefined): void {
    if (connection === undefined || (connection.usable && !this.#closed)) this.#pass(connection)
    else this.#drop(connection)
  }

  #drop(connection: SqlConnection): void {
    connection.destroy()
    this.#close()
  }

  #close(): void {
    this.#open--
    this.#pass(undefined)
  }

  /** Passes a connection, or the place for a new one, to the query that has waited longest. */
  #pass(connection: SqlConnection | undefined): void {
    const [next] = this.#waiting
    if (next) {
      this.#waiting.delete(next)
      next.take(connection)
    } else if (connection) this.#idle.push(connection)
  }
}
