import type { Logger } from 'pino'

export interface QuietCountsOptions<Kind extends string> {
  readonly kinds: readonly Kind[]
  readonly log: Logger
  /** The message of a line. */
  readonly message: string
  /** Kinds that are counted, but have no line. */
  readonly silent?: readonly Kind[]
  readonly now?: (() => number) | undefined
}

/** In milliseconds, between two lines of one kind. */
const quietTime = 60_000

/** Counts events that clients can cause in any number, and logs at most one line a minute for each kind. A line contains nothing of a client. */
export class QuietCounts<Kind extends string> {
  readonly counts: Readonly<Record<Kind, number>>
  readonly #counts: Record<Kind, number>
  readonly #lastLine = new Map<Kind, number>()
  readonly #options: QuietCountsOptions<Kind>

  constructor(options: QuietCountsOptions<Kind>) {
    this.#options = options
    this.#counts = Object.fromEntries(options.kinds.map((kind) => [kind, 0])) as Record<Kind, number>
    this.counts = this.#counts
  }

  add(kind: Kind): void {
    const { log, message, silent, now = () => performance.now() } = this.#options
    this.#counts[kind]++
    if (silent?.includes(kind)) return
    const last = this.#lastLine.get(kind)
    const time = now()
    if (last !== undefined && time - last < quietTime) return
    this.#lastLine.set(kind, time)
    log.info({ kind, total: this.#counts[kind] }, message)
  }
}
