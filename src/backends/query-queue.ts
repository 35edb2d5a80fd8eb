/** A query that waits for its turn. */
export interface Job {
  /** Never rejects. */
  run(): Promise<void>
  /** Too many others wait. */
  refuse(): void
}

/**
 * Runs a limited number of queries at once; the others wait. The newest one is next, because its client is the most likely to be
 * still waiting: under a load that the backend cannot keep up with, first come, first served would answer everybody too late. If
 * too many wait, the oldest one is refused.
 */
export class QueryQueue {
  readonly #atOnce: number
  readonly #capacity: number
  readonly #waiting: Job[] = []
  #running = 0

  /** `atOnce`: how many may run at the same time. `capacity`: how many may wait. */
  constructor(atOnce: number, capacity: number) {
    this.#atOnce = atOnce
    this.#capacity = capacity
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting.length
  }

  add(job: Job): void {
    if (this.#running < this.#atOnce) this.#start(job)
    else {
      this.#waiting.push(job)
      if (this.#waiting.length > this.#capacity) this.#waiting.shift()?.refuse()
    }
  }

  /** Somebody asks for the same: it counts as new, if it still waits. */
  renew(job: Job): void {
    const at = this.#waiting.lastIndexOf(job)
    if (at >= 0) this.#waiting.push(...this.#waiting.splice(at, 1))
  }

  refuseAll(): void {
    for (const job of this.#waiting.splice(0)) job.refuse()
  }

  #start(job: Job): void {
    this.#running++
    void job.run().then(() => {
      this.#running--
      const next = this.#waiting.pop()
      if (next) this.#start(next)
    })
  }
}
