/** Counts latencies in steps of about 2 %, from a microsecond to an hour. */
export class Histogram {
  readonly #counts = new Uint32Array(32 * stepsPerDoubling)
  #total = 0
  #longest = 0

  add(milliseconds: number): void {
    const step = Math.floor(Math.log2(Math.max(milliseconds * 1000, 1)) * stepsPerDoubling)
    this.#counts[step] = (this.#counts[step] ?? 0) + 1
    this.#total++
    if (milliseconds > this.#longest) this.#longest = milliseconds
  }

  get longest(): number {
    return this.#longest
  }

  /** The latency in milliseconds that this share does not exceed; 0 if there are none. */
  quantile(share: number): number {
    let left = Math.ceil(this.#total * share)
    for (const [step, count] of this.#counts.entries()) {
      left -= count
      if (left <= 0 && this.#total > 0)
        return Math.min(2 ** ((step + 1) / stepsPerDoubling) / 1000, this.#longest)
    }
    return 0
  }
}

const stepsPerDoubling = 32
