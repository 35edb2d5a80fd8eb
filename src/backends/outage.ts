/** After this many failures in a row, no query is sent for a while. */
const failuresUntilRest = 3
/** Milliseconds. */
const rest = 5000
/** A failure this long after the last answer means that the backend is down, in milliseconds. A single one in between does not. */
const grace = 5000

/** Whether a backend is down, why, and when to ask it again. */
export class Outage {
  readonly #now: () => number
  readonly #onChange: (problem: string | undefined) => void
  #isDown = false
  #problem: string | undefined
  #answeredAt: number | undefined
  #round = 0
  #failuresInARow = 0
  #restsUntil = Number.NEGATIVE_INFINITY

  /** `now`: in milliseconds. `onChange`: called when the backend goes down, with the reason, and when it is up again. */
  constructor(now: () => number, onChange: (problem: string | undefined) => void) {
    this.#now = now
    this.#onChange = onChange
  }

  get isDown(): boolean {
    return this.#isDown
  }

  /** The newest reason, if the last query failed. */
  get problem(): string | undefined {
    return this.#problem
  }

  get hasAnswered(): boolean {
    return this.#answeredAt !== undefined
  }

  /** Queries that begin in the same round and fail together count as one failure: they may share a cause, such as a lost network. */
  get round(): number {
    return this.#round
  }

  /** Is it useless to send a query now? While the backend is down, one query at a time finds out whether it is up again. */
  isHopeless(running: number): boolean {
    return this.#now() < this.#restsUntil || (this.#isDown && running > 0)
  }

  answered(): void {
    this.#answeredAt = this.#now()
    this.#failuresInARow = 0
    this.#restsUntil = Number.NEGATIVE_INFINITY
    this.#problem = undefined
    this.#setDown(false)
  }

  failed(problem: string, round: number): void {
    this.#problem = problem
    if (round !== this.#round) return
    this.#round++
    this.#failuresInARow++
    const isOver = this.#failuresInARow >= failuresUntilRest
    if (isOver) this.#restsUntil = this.#now() + rest
    if (isOver || this.#now() - (this.#answeredAt ?? Number.NEGATIVE_INFINITY) > grace) this.#setDown(true)
  }

  #setDown(isDown: boolean): void {
    if (isDown === this.#isDown) return
    this.#isDown = isDown
    this.#onChange(this.#problem)
  }
}
