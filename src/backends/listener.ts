import { setTimeout as sleep } from 'node:timers/promises'
import { untilAborted } from './until-aborted.ts'

/** A connection that receives notifications. */
export interface ListeningConnection {
  /** Aborts when the connection is lost, with the reason. */
  readonly lost: AbortSignal
  /** Rejects if the server does not answer. */
  ping(): Promise<void>
  destroy(): void
}

export interface ListenerOptions {
  /** Rejects with an error for the admin. */
  readonly connect: () => Promise<ListeningConnection>
  /** It listens again. Notifications may have been missed before. */
  readonly onListening: () => void
  /** Called when it no longer listens, with the reason, and without one when it listens again. */
  readonly onProblem: (problem: string | undefined) => void
  /** Waits for a number of milliseconds, or until the signal aborts. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** How long to wait before connecting again, in milliseconds. The time doubles after each attempt that fails. */
const backoff = { initial: 250, maximum: 30_000 } as const

/** Milliseconds between two pings: a connection that a firewall has dropped looks like one without notifications. */
const heartbeat = 10_000

/** Listens on a connection of its own, which is watched, and opened again whenever it is lost. */
export class Listener {
  readonly #options: Required<ListenerOptions>
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #isListening = false
  #problem: string | undefined

  constructor(options: ListenerOptions) {
    this.#options = { pause: unrefSleep, ...options }
    this.#running = this.#run(this.#closing.signal)
  }

  get status(): { readonly listening: boolean; readonly problem?: string } {
    return { listening: this.#isListening, ...(this.#problem !== undefined && { problem: this.#problem }) }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #run(closing: AbortSignal): Promise<void> {
    for (let wait: number = backoff.initial; !closing.aborted; wait = Math.min(2 * wait, backoff.maximum)) {
      const begin = () => {
        wait = backoff.initial
      }
      await this.#listen(closing, begin).catch((error: Error) => {
        if (!closing.aborted) this.#failed(error.message)
      })
      await this.#options.pause(wait, closing)
    }
  }

  /** Rejects when it no longer listens. */
  async #listen(closing: AbortSignal, onSuccess: () => void): Promise<never> {
    const { connect, onListening, onProblem, pause } = this.#options
    const connecting = connect()
    try {
      const connection = await untilAborted(connecting, closing)
      onSuccess()
      this.#isListening = true
      if (this.#problem !== undefined) onProblem(undefined)
      this.#problem = undefined
      onListening()
      const over = AbortSignal.any([closing, connection.lost])
      for (;;) {
        await pause(heartbeat, over)
        over.throwIfAborted()
        await untilAborted(connection.ping(), over)
      }
    } finally {
      this.#isListening = false
      connecting.then(
        (connection) => connection.destroy(),
        () => undefined,
      )
    }
  }

  #failed(problem: string): void {
    const isNew = this.#problem === undefined
    this.#problem = problem
    if (isNew) this.#options.onProblem(problem)
  }
}

const unrefSleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined)
