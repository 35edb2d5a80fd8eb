/**
 * Turns for costly work, such as drawing a picture: one starts in each turn of the event loop, so that all other requests are answered
 * in between, however many pictures are asked for.
 */
export class Turns {
  readonly #waiting: (() => void)[] = []
  #isScheduled = false

  /** Resolves when the earlier ones had their turn. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#waiting.shift()?.()
      if (this.#waiting.length > 0) this.#schedule()
    })
  }
}
