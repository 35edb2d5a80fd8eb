import { LRUCache } from 'lru-cache'
import type { Domain, EmailAddress } from '../model/address.ts'
import { formatEmailAddress } from '../model/address.ts'
import type { Backend, BackendSettings } from './backend.ts'
import { answerWithin } from './until-aborted.ts'

/** What a source said: a text, or that it does not know. */
export interface Said {
  readonly text: string | undefined
}

/** It could not be asked, and has not said anything before. */
export const noAnswer = Symbol('no answer')

export type Answer = Said | typeof noAnswer

/** How a source is doing; for readiness, metrics and the log. */
export interface BackendState {
  readonly name: string
  readonly available: boolean
  /** Why it is not, without anything of the askers. */
  readonly problem?: string
  readonly questions: { readonly found: number; readonly unknown: number; readonly failed: number }
}

export interface CachedBackendOptions {
  readonly now: () => number
  /** Told when the source begins not to answer, and `undefined` when it does again. */
  readonly onProblem?: (name: string, problem: string | undefined) => void
}

/** Answers that are kept of each source: domains, and addresses. */
const largestCache = 100_000
/** Questions that are under way at once; who comes on top is told what is known, at once. */
const mostQuestions = 64
/** After so many failures on end a source is left alone for a while, in milliseconds: what was said before holds meanwhile. */
const failures = 3
const rest = 5000

/**
 * Asks one source, and keeps what it says: for its time, and beyond that for as long as the source does not answer. What
 * is known is told at once, and not in a promise. However many ask for the same, one question goes out.
 */
export class CachedBackend {
  readonly name: string
  /** The key of its kind. */
  readonly kind: string
  readonly source: Backend
  readonly #settings: BackendSettings
  readonly #options: CachedBackendOptions
  readonly #cache: LRUCache<string, Said, (signal: AbortSignal) => Promise<string | undefined>>
  readonly #counts = { found: 0, unknown: 0, failed: 0 }
  #underWay = 0
  #problem: string | undefined
  #failedOnEnd = 0
  #restsUntil = 0

  constructor(
    { name, kind }: { readonly name: string; readonly kind: string },
    source: Backend,
    settings: BackendSettings,
    options: CachedBackendOptions,
  ) {
    this.name = name
    this.kind = kind
    this.source = source
    this.#settings = settings
    this.#options = options
    this.#cache = new LRUCache({
      max: largestCache,
      ttl: settings.ttl * 1000,
      perf: { now: options.now },
      ttlResolution: 0,
      noDeleteOnStaleGet: true,
      noDeleteOnFetchRejection: true,
      allowStaleOnFetchRejection: true,
      fetchMethod: async (_key, _stale, { options: entry, context: question }) => {
        const text = await this.#ask(question)
        entry.ttl = (text === undefined ? settings.negativeTtl : settings.ttl) * 1000
        return { text }
      },
    })
  }

  get state(): BackendState {
    const problem = this.#problem
    return {
      name: this.name,
      available: problem === undefined,
      ...(problem === undefined ? {} : { problem }),
      questions: { ...this.#counts },
    }
  }

  /** Does it know logins? */
  get tellsLogins(): boolean {
    return this.source.findLogin !== undefined
  }

  host(domain: Domain): Answer | Promise<Answer> {
    const { source } = this
    if (!source.findHost) return { text: undefined }
    return this.#lookUp(domain, (signal) =>
      (source.findHost as NonNullable<Backend['findHost']>)(domain, signal),
    )
  }

  login(address: EmailAddress): Answer | Promise<Answer> {
    const { source } = this
    if (!source.findLogin) return { text: undefined }
    const asked = { ...address, localPart: address.localPart.toLowerCase() }
    return this.#lookUp(formatEmailAddress(asked), (signal) =>
      (source.findLogin as NonNullable<Backend['findLogin']>)(asked, signal),
    )
  }

  /** What was said of a domain or an address is no longer so; or of all. What is known still serves while it cannot be asked. */
  forget(key?: string): void {
    for (const each of key === undefined ? [...this.#cache.keys()] : [key.toLowerCase()]) {
      const said = this.#cache.get(each, { allowStale: true })
      // In the past from the next moment on.
      if (said) this.#cache.set(each, said, { ttl: 1, start: this.#options.now() - 2 })
    }
  }

  #lookUp(
    key: string,
    question: (signal: AbortSignal) => Promise<string | undefined>,
  ): Answer | Promise<Answer> {
    const known = this.#cache.get(key)
    if (known) return known
    if (this.#options.now() < this.#restsUntil || this.#underWay >= mostQuestions) {
      return this.#cache.get(key, { allowStale: true }) ?? noAnswer
    }
    return this.#cache.fetch(key, { context: question }).then(
      (said) => said ?? noAnswer,
      () => noAnswer,
    )
  }

  #ask(question: (signal: AbortSignal) => Promise<string | undefined>): Promise<string | undefined> {
    this.#underWay++
    return this.#hear(answerWithin(this.#settings.timeout, question)).finally(() => {
      this.#underWay--
    })
  }

  /** Keeps account of what comes of a question. */
  async #hear(saying: Promise<string | undefined>): Promise<string | undefined> {
    try {
      const text = await saying
      this.#counts[text === undefined ? 'unknown' : 'found']++
      this.#failedOnEnd = 0
      this.#tell(undefined)
      return text
    } catch (error) {
      this.#counts.failed++
      if (!this.source.failsByDomain) {
        if (++this.#failedOnEnd >= failures) this.#restsUntil = this.#options.now() + rest
        this.#tell((error as Error).message)
      }
      throw error
    }
  }

  #tell(problem: string | undefined): void {
    const isNews = (problem === undefined) !== (this.#problem === undefined)
    this.#problem = problem
    if (isNews) this.#options.onProblem?.(this.name, problem)
  }
}
