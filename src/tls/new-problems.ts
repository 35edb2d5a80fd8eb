/** Ten lines show what happens; a thousand hide it. */
const mostAtOnce = 10

/** Passes on each problem once, and again if it comes back. Of many new ones at a time, only the first are passed on, and a count. */
export class NewProblems {
  readonly #onProblem: (problem: string) => void
  #known: ReadonlySet<string> = new Set()

  constructor(onProblem: (problem: string) => void) {
    this.#onProblem = onProblem
  }

  /** Takes all problems that there are now. */
  report(problems: readonly string[]): void {
    const fresh = problems.filter((problem) => !this.#known.has(problem))
    this.#known = new Set(problems)
    for (const problem of fresh.slice(0, mostAtOnce)) this.#onProblem(problem)
    const others = fresh.length - mostAtOnce
    if (others > 0) this.#onProblem(`${others} more certificates have problems; "check" lists them`)
  }
}
