/** Counts checks, and says what each of them found, as `checks.sh` does for the scripts beside it. */
export class Checks {
  #passed = 0
  #failed = 0

  /** `problems` returns what is wrong, a line each. */
  async check(description: string, problems: () => Promise<readonly string[]>): Promise<void> {
    const found = await problems().catch((error: Error) => [error.stack ?? error.message])
    if (found.length === 0) this.#passed++
    else this.#failed++
    console.log(`${found.length === 0 ? 'ok' : 'not ok'} - ${description}`)
    for (const line of found.flatMap((text) => text.split('\n'))) console.log(`#   ${line}`)
  }

  /** The last line of a script. */
  tellCount(): boolean {
    console.log(`${this.#passed} passed, ${this.#failed} failed`)
    return this.#failed === 0
  }
}

/** For `check`: each statement that does not hold. */
export const untrue = (statements: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(statements).flatMap(([statement, holds]) => (holds === true ? [] : [`${statement}: no`]))

/** For `check`: the difference of two values. */
export const different = (found: unknown, wanted: unknown): string[] =>
  JSON.stringify(found) === JSON.stringify(wanted)
    ? []
    : [`found  ${JSON.stringify(found)}`, `wanted ${JSON.stringify(wanted)}`]
