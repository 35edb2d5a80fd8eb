import { untilAborted } from '../until-aborted.ts'
import type { SqlConnection } from './database.ts'
import { SqlFailure } from './failure.ts'

/** How long a server may take over a farewell, in milliseconds. */
const closeTimeout = 1000

/**
 * So many connections at most, opened when they are needed. One for all databases, since waiting for a connection has to end
 * with the signal, and a connection whose query was given up must not come back: its server may hang for good.
 */
export class SqlPool {
  readonly #connect: () => Promise<SqlConnection>
  readonly #limit: number
  readonly #idle: SqlConnection[] = []
  readonly #waiting = new Set<() => void>()
  #taken = 0
  #closed = false

  constructor(connect: () => Promise<SqlConnection>, limit: number) {
    this.#connect = connect
    this.#limit = limit
  }

  async use<T>(signal: AbortSignal, work: (connection: SqlConnection) => Promise<T>): Promise<T> {
    await this.#place(signal)
    return untilAborted(this.#work(signal, work), signal)
  }

  /** Who has a connection keeps it until he is done. */
  async close(): Promise<void> {
    this.#closed = true
    const signal = AbortSignal.timeout(closeTimeout)
    const leave = async (connection: SqlConnection): Promise<void> => {
      await untilAborted(connection.close(), signal).catch(() => connection.destroy())
    }
    await Promise.all(this.#idle.splice(0).map(leave))
  }

  /** The place is free again when the server has been heard or left, even if nobody waits for the answer any more. */
  async #work<T>(signal: AbortSignal, work: (connection: SqlConnection) => Promise<T>): Promise<T> {
    let connection: SqlConnection | undefined
    try {
      connection = this.#takeIdle() ?? (await this.#connect())
      return await untilAborted(work(connection), signal)
    } finally {
      if (connection?.usable && !signal.aborted && !this.#closed) this.#idle.push(connection)
      else connection?.destroy()
      this.#free()
    }
  }

  #takeIdle(): SqlConnection | undefined {
    for (;;) {
      const connection = this.#idle.pop()
      if (connection === undefined || connection.usable) return connection
      connection.destroy()
    }
  }

  async #place(signal: AbortSignal): Promise<void> {
    if (this.#taken < this.#limit) {
      this.#taken++
      return
    }
    let enter: (() => void) | undefined
    const entered = new Promise<void>((resolve) => {
      enter = resolve
      this.#waiting.add(resolve)
    })
    try {
      await untilAborted(entered, signal)
    } catch {
      // It may have been given the place in this very moment.
      if (!this.#waiting.delete(enter as () => void)) this.#free()
      throw new SqlFailure(`no answer in time: all ${this.#limit} connections are busy`)
    }
  }

  /** A place goes to whoever has waited longest. */
  #free(): void {
    const [next] = this.#waiting
    if (next === undefined) this.#taken--
    else {
      this.#waiting.delete(next)
      next()
    }
  }
}
