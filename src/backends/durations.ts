/** The upper bounds of the buckets of the histogram, in seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** As Prometheus defines it: `within` has the number of all queries that took at most `le` seconds. */
export interface DurationHistogram {
  readonly buckets: readonly { readonly le: number; readonly within: number }[]
  readonly count: number
  /** Seconds. */
  readonly sum: number
}

/** How long queries took. */
export class Durations {
  readonly #within = bounds.map(() => 0)
  #count = 0
  #sum = 0

  add(seconds: number): void {
    this.#count++
    this.#sum += seconds
    for (const [index, le] of bounds.entries()) if (seconds <= le) this.#within[index] = this.#at(index) + 1
  }

  get histogram(): DurationHistogram {
    const buckets = bounds.map((le, index) => ({ le, within: this.#at(index) }))
    return { buckets, count: this.#count, sum: this.#sum }
  }

  #at(index: number): number {
    return this.#within[index] as number
  }
}
