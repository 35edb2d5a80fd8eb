import { keyOfStep, type Step } from './step.ts'

/** A step and its time, in milliseconds since 1970. */
export interface Entry {
  readonly at: number
  readonly step: Step
  /** Or does it only look again at something that has changed? */
  readonly isOfRun: boolean
}

/** The longest time until the first run, in milliseconds. */
const longestStart = 300_000

/**
 * When which step has its turn: one after the other, in runs. The steps of a run are spread over half of the interval, each at a random
 * moment of its share, and so is the start of each run, so that replicas do not check at once.
 */
export class Agenda {
  readonly #every: number
  readonly #random: () => number
  #entries: Entry[] = []
  #nextRun: number
  #isFirst = true

  /** `every` is in milliseconds. The first run begins soon, and is spread over a tenth of the interval. */
  constructor(every: number, random: () => number, now: number) {
    this.#every = every
    this.#random = random
    this.#nextRun = now + random() * Math.min(every / 10, longestStart)
  }

  get every(): number {
    return this.#every
  }

  /** When the next run begins, unless this one takes longer. */
  get nextRun(): number {
    return this.#nextRun
  }

  get isRunning(): boolean {
    return this.#entries.some(({ isOfRun }) => isOfRun)
  }

  /** The next entry, or the time of the next run, which begins when the one before has ended. */
  next(): Entry | { readonly at: number } {
    const [first] = this.#entries
    const run = { at: this.#nextRun }
    if (!first) return run
    return this.isRunning || first.at <= run.at ? first : run
  }

  /** Begins a run now. */
  startRun(steps: readonly Step[], now: number): void {
    const share = this.#every / (this.#isFirst ? 10 : 2) / Math.max(1, steps.length)
    this.#isFirst = false
    this.#add(
      steps.map((step, index) => ({ at: now + (index + this.#random()) * share, step, isOfRun: true })),
    )
    this.#nextRun = now + this.#every * (0.9 + this.#random() / 5)
  }

  /** Looks at a step again after some milliseconds, unless it has its turn before. */
  again(step: Step, milliseconds: number, now: number): void {
    const at = now + milliseconds
    const key = keyOfStep(step)
    if (!this.#entries.some((entry) => keyOfStep(entry.step) === key && entry.at <= at))
      this.#add([{ at, step, isOfRun: false }])
  }

  /** An entry is done. */
  remove(entry: Entry): void {
    this.#entries = this.#entries.filter((each) => each !== entry)
  }

  /** Removes the steps that the configuration no longer has. */
  keep(exists: (step: Step) => boolean): void {
    this.#entries = this.#entries.filter(({ step }) => exists(step))
  }

  #add(entries: readonly Entry[]): void {
    this.#entries = [...this.#entries, ...entries].sort((a, b) => a.at - b.at)
  }
}
