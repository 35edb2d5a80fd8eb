import { untilAborted } from '../until-aborted.ts'
import type { SqlConnection } from './database.ts'
import { SqlError } from './error.ts'

/** How long closing the idle connections may take, in milliseconds. Then they are dropped. */
const closeTimeout = 1000

/**
 * A limited number of connections, opened on demand. The pools of the drivers are not suitable: waiting for a connection has
 * to end with the signal, and a connection whose query was abandoned must not be used again, because its server may hang.
 */
export class SqlPool {
  readonly #connect: () => Promise<SqlConnection>
  readonly #limit: number
  readonly #idle: SqlConnection[] = []
  readonly #waiting = new Set<() => void>()
  #used = 0
  #closed = false

  constructor(connect: () => Promise<SqlConnection>, limit: number) {
    this.#connect = connect
    this.#limit = limit
  }

  async use<T>(signal: AbortSignal, work: (connection: SqlConnection) => Promise<T>): Promise<T> {
    await this.#acquire(signal)
    return untilAborted(this.#work(signal, work), signal)
  }

  /** Closes the idle connections. Those in use are dropped when their query ends. */
  async close(): Promise<void> {
    this.#closed = true
    const signal = AbortSignal.timeout(closeTimeout)
    const closeOrDestroy = async (connection: SqlConnection): Promise<void> => {
      await untilAborted(connection.close(), signal).catch(() => connection.destroy())
    }
    await Promise.all(this.#idle.splice(0).map(closeOrDestroy))
  }

  /** Releases the slot only after the server has answered or the connection is dropped, even if the caller has given up. */
  async #work<T>(signal: AbortSignal, work: (connection: SqlConnection) => Promise<T>): Promise<T> {
    let connection: SqlConnection | undefined
    try {
      connection = this.#takeIdle() ?? (await this.#connect())
      return await untilAborted(work(connection), signal)
    } finally {
      if (connection?.usable && !signal.aborted && !this.#closed) this.#idle.push(connection)
      else connection?.destroy()
      this.#release()
    }
  }

  #takeIdle(): SqlConnection | undefined {
    for (;;) {
      const connection = this.#idle.pop()
      if (connection === undefined || connection.usable) return connection
      connection.destroy()
    }
  }

  /** Takes one of the slots, of which there are as many as connections; waits for one if all are used. */
  async #acquire(signal: AbortSignal): Promise<void> {
    if (this.#used < this.#limit) {
      this.#used++
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
      // The slot may have been granted at the moment of the abort; then it is passed on.
      if (!this.#waiting.delete(enter as () => void)) this.#release()
      throw new SqlError(`timed out: all connections are busy (connections: ${this.#limit})`)
    }
  }

  /** Passes the slot to the caller that has waited longest. */
  #release(): void {
    const [next] = this.#waiting
    if (next === undefined) this.#used--
    else {
      this.#waiting.delete(next)
      next()
    }
  }
}
