/**
 * Lets work that clients can cause in any amount wait for its turn: a number of pieces in each turn of the event loop, so that all
 * other requests are answered in between.
 */
export class Turns {
  readonly #perTurn: number
  readonly #waiting: (() => void)[] = []
  #isScheduled = false

  constructor(perTurn: number) {
    this.#perTurn = perTurn
  }

  /** Calls a function when the earlier ones had their turn. */
  add(work: () => void): void {
    this.#waiting.push(work)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      for (const work of this.#waiting.splice(0, this.#perTurn)) work()
      if (this.#waiting.length > 0) this.#schedule()
    })
  }
}
