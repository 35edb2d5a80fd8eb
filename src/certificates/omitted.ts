/** The names that are shown for each reason. The others are counted. */
const shown = 5

/** Collects the names that have no certificate, and why. It keeps a few of them, since there may be a million. */
export class Omitted {
  readonly #byReason = new Map<string, { readonly names: string[]; total: number }>()

  readonly add = (name: string, reason: string): void => {
    const known = this.#byReason.get(reason) ?? { names: [], total: 0 }
    this.#byReason.set(reason, known)
    known.total++
    if (known.names.length < shown) known.names.push(name)
  };

  /** A line for each reason. */
  *lines(): Generator<string> {
    for (const [reason, { names, total }] of this.#byReason) {
      const others = total > names.length ? ` and ${total - names.length} more` : ''
      yield `omitted: ${names.join(', ')}${others}: ${reason}\n`
    }
  }
}
