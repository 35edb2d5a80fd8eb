/** As Prometheus defines it: `within` has the number of all durations of at most `le` seconds. */
export interface DurationHistogram {
  readonly buckets: readonly { readonly le: number; readonly within: number }[]
  readonly count: number
  /** Seconds. */
  readonly sum: number
}

/** Counts how long something took. */
export class Durations {
  readonly #bounds: readonly number[]
  /** The last bucket has what is longer than every bound. */
  readonly #counts: number[]
  #sum = 0

  /** `bounds`: the upper bounds of the buckets, in seconds, ascending. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = new Array<number>(bounds.length + 1).fill(0)
  }

  add(seconds: number): void {
    this.#sum += seconds
    let bucket = 0
    // Beyond the last bound, this compares with undefined.
    while (seconds > (this.#bounds[bucket] as number)) bucket++
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1
  }

  get histogram(): DurationHistogram {
    let within = 0
    const totals = this.#counts.map((count) => (within += count))
    const buckets = this.#bounds.map((le, index) => ({ le, within: totals[index] as number }))
    return { buckets, count: within, sum: this.#sum }
  }
}
