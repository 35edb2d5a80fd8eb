import type { BackendAnswer } from './answer.ts'
import type { Job } from './query-queue.ts'

/** A query that waits or runs. All lookups that ask for the same share its answer. */
export class Question implements Job {
  /** Never rejects. */
  readonly answer: Promise<BackendAnswer>
  /** The backend has announced a change since the query was sent. */
  isOutdated = false
  readonly #ask: (question: Question) => Promise<BackendAnswer>
  readonly #refusal: () => BackendAnswer
  #resolve!: (answer: BackendAnswer) => void
  #hasBegun = false

  /** `ask` never rejects. `refusal`: the answer if there is no time to ask. */
  constructor(ask: (question: Question) => Promise<BackendAnswer>, refusal: () => BackendAnswer) {
    this.#ask = ask
    this.#refusal = refusal
    this.answer = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  get hasBegun(): boolean {
    return this.#hasBegun
  }

  async run(): Promise<void> {
    this.#hasBegun = true
    this.#resolve(await this.#ask(this))
  }

  refuse(): void {
    this.#resolve(this.#refusal())
  }
}
