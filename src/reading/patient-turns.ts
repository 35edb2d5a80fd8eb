/** Why there is no result, in words for people. */
export const noAnswer = 'the file system does not answer'

/**
 * Runs operations on files, a few at a time. An operation can hang for hours if its file is on a network file system, and it
 * occupies one of the four threads that all of the process shares, for DNS and cryptography as well.
 */
export class PatientTurns {
  readonly #limit: number
  readonly #count: number
  /** Operations that have begun and have not ended. */
  #running = 0
  /** Those of them that have exceeded the limit. */
  #stuck = 0
  readonly #waiting: ((hasTurn: boolean) => void)[] = []

  /** `limit`: how long an operation may take, in milliseconds. */
  constructor(limit: number, count = 2) {
    this.#limit = limit
    this.#count = count
  }

  /**
   * The result of the operation, or `undefined` if it takes too long. If all running operations take too long, the next ones
   * are not started, and their result is `undefined` as well. Rejects if the operation does.
   */
  async run<T>(operation: () => Promise<T>): Promise<T | undefined> {
    if (!(await this.#turn())) return undefined
    let isStuck = false
    const done = operation().finally(() => {
      if (isStuck) this.#stuck--
      this.#release()
    })
    return new Promise<T | undefined>((resolve, reject) => {
      const timer = setTimeout(() => {
        isStuck = true
        this.#stuck++
        if (this.#areAllStuck) for (const next of this.#waiting.splice(0)) next(false)
        resolve(undefined)
      }, this.#limit)
      done.finally(() => clearTimeout(timer)).then(resolve, reject)
    })
  }

  get #areAllStuck(): boolean {
    return this.#stuck === this.#count
  }

  async #turn(): Promise<boolean> {
    if (this.#areAllStuck) return false
    if (this.#running < this.#count) {
      this.#running++
      return true
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #release(): void {
    const next = this.#waiting.shift()
    if (next) next(true)
    else this.#running--
  }
}
