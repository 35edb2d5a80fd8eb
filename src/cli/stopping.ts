import { setTimeout as sleep } from 'node:timers/promises'
import type { Io } from './io.ts'

const stopSignals = ['SIGTERM', 'SIGINT'] as const

/** Waits for the signal to stop. A second signal means: at once. */
export class Stopping {
  /** Resolves with the name of the signal. */
  readonly requested: Promise<string>
  readonly #signals: Io['signals']
  readonly #hurry = new AbortController()
  readonly #onSignal: (signal: string) => void
  #isStopping = false

  constructor(signals: Io['signals']) {
    this.#signals = signals
    let request: (signal: string) => void
    this.requested = new Promise((resolve) => {
      request = resolve
    })
    this.#onSignal = (signal) => {
      if (this.#isStopping) this.#hurry.abort()
      this.#isStopping = true
      request(signal)
    }
    for (const signal of stopSignals) signals.on(signal, this.#onSignal)
  }

  readonly isStopping = (): boolean => this.#isStopping

  get hurry(): AbortSignal {
    return this.#hurry.signal
  }

  /** Waits, unless there is a hurry. */
  async delay(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.hurry }).catch(() => undefined)
  }

  close(): void {
    for (const signal of stopSignals) this.#signals.off(signal, this.#onSignal)
  }
}
