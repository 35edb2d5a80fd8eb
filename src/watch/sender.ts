import type { Result } from '../model/result.ts'
import type { Change } from './change.ts'
import type { Clock } from './clock.ts'
import { type Message, messageOf, mostChanges } from './message.ts'

/** Sends a message once; fails with the reason, which contains no secret, address or domain. */
export type Deliver = (message: Message, signal: AbortSignal) => Promise<Result<void>>

export interface SenderOptions {
  /** For the log and metrics. */
  readonly to: 'webhook' | 'command'
  readonly deliver: Deliver
  readonly service: string
  readonly clock: Clock
  readonly onFailure: (to: string, problem: string) => void
}

/** The pauses between the attempts for one message, in milliseconds. */
export const pauses: readonly number[] = [30_000, 120_000, 480_000]

/** So many changes wait, and the oldest are forgotten. */
const mostWaiting = 1000

/**
 * Sends changes, one message after the other, with a few attempts for each. Changes that could not be sent go with the next ones, so
 * none are lost while a receiver is down.
 */
export class Sender {
  readonly #options: SenderOptions
  readonly #closing = new AbortController()
  #waiting: Change[] = []
  #omitted = 0
  #running: Promise<void> | undefined
  readonly #counts = { sent: 0, failed: 0 }

  /** `waiting` has the changes that the sender before this one could not send. */
  constructor(options: SenderOptions, waiting: readonly Change[] = []) {
    this.#options = options
    this.#add(waiting)
  }

  get to(): SenderOptions['to'] {
    return this.#options.to
  }

  get waiting(): readonly Change[] {
    return this.#waiting
  }

  /** Messages that were sent, and attempts that failed. */
  get counts(): Readonly<Record<'sent' | 'failed', number>> {
    return this.#counts
  }

  send(changes: readonly Change[]): void {
    this.#add(changes)
    if (this.#waiting.length === 0 || this.#closing.signal.aborted) return
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  #add(changes: readonly Change[]): void {
    const all = [...this.#waiting, ...changes]
    this.#omitted += Math.max(0, all.length - mostWaiting)
    this.#waiting = all.slice(-mostWaiting)
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0 && (await this.#sendSome()));
  }

  async #sendSome(): Promise<boolean> {
    const { clock, service, to, onFailure } = this.#options
    const { signal } = this.#closing
    for (const pause of [0, ...pauses]) {
      if (pause > 0) await clock.sleep(pause, signal)
      if (signal.aborted) return false
      const changes = this.#waiting.slice(0, mostChanges)
      const omitted = this.#omitted
      const sent = await this.#options.deliver(
        messageOf(changes, { at: clock.now(), service, omitted }),
        signal,
      )
      if (sent.ok) {
        this.#counts.sent++
        this.#omitted -= omitted
        this.#waiting = this.#waiting.filter((change) => !changes.includes(change))
        return true
      }
      if (signal.aborted) return false
      this.#counts.failed++
      onFailure(to, sent.error)
    }
    return false
  }
}
