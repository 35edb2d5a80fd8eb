import { createInterface, type Interface } from 'node:readline/promises'
import { failure, type Result, success } from '../../model/result.ts'
import type { Input, Output } from '../io.ts'

/** The input ended before the last answer. */
export class NoAnswer extends Error {}

/** Asks people on a terminal. */
export class Interview {
  readonly #output: Output
  readonly #readline: Interface
  readonly #lines: AsyncIterator<string>

  /** The terminal itself shows what is typed, and erases. */
  constructor(input: Input, output: Output) {
    this.#output = output
    this.#readline = createInterface({ input })
    this.#lines = this.#readline[Symbol.asyncIterator]()
  }

  /**
   * Asks until `read` accepts the answer. An empty answer is the default, if there is one. Rejects with `NoAnswer` if the input
   * ends.
   */
  async ask<T>(
    question: string,
    byDefault: string | undefined,
    read: (text: string) => Result<T> | Promise<Result<T>>,
  ): Promise<T> {
    for (;;) {
      this.#output.write(`${question}${byDefault === undefined ? '' : ` [${byDefault}]`}: `)
      const { done, value } = await this.#lines.next()
      if (done) throw new NoAnswer()
      const text = value.trim() || byDefault
      const answer = text === undefined ? failure('There is no default; type an answer.') : await read(text)
      if (answer.ok) return answer.value
      this.#output.write(`${answer.error}\n`)
    }
  }

  /** Asks whether to do something; yes is the default. */
  confirm(question: string): Promise<boolean> {
    return this.ask(question, 'yes', (text) =>
      /^(y|yes|n|no)$/i.test(text) ? success(/^y/i.test(text)) : failure('Type yes or no.'),
    )
  }

  close(): void {
    this.#readline.close()
  }
}
