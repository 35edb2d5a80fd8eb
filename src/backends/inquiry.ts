import { performance } from 'node:perf_hooks'

/** How long a client waits for all backends together, in milliseconds: Thunderbird and Horde give up after five seconds. */
const patience = 4000

/**
 * Everything that one lookup asks the backends, about the domain and the account together. It waits for a limited time, which
 * begins when it first has to wait, and it is certain as long as every answer is.
 */
export class Inquiry {
  readonly #limit: number
  readonly #now: () => number
  #endsAt: number | undefined
  #isCertain = true

  /** Both in milliseconds. */
  constructor(limit = patience, now = () => performance.now()) {
    this.#limit = limit
    this.#now = now
  }

  get isCertain(): boolean {
    return this.#isCertain
  }

  /** An answer was not certain. */
  doubt(): void {
    this.#isCertain = false
  }

  /** Returns the value of a promise that never rejects, or `undefined` if the time is over first. */
  wait<T>(promise: Promise<T>): Promise<T | undefined> {
    const now = this.#now()
    this.#endsAt ??= now + this.#limit
    const left = Math.max(0, this.#endsAt - now)
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, left, undefined)
      void promise.then((value) => {
        clearTimeout(timer)
        resolve(value)
      })
    })
  }
}
