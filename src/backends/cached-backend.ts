import { LRUCache } from 'lru-cache'
import type { Domain, EmailAddress } from '../model/address.ts'
import { formatEmailAddress } from '../model/address.ts'
import type { Backend, BackendSettings } from './backend.ts'
import { answerWithin } from './until-aborted.ts'

/** An answer of a backend. */
export interface BackendAnswer {
  /** `undefined` for "unknown". */
  readonly value: string | undefined
  /** `false` if the backend could not be asked and has no earlier answer. */
  readonly answered: boolean
}

/** The state of a backend, for `/readyz`, metrics and the log. */
export interface BackendState {
  readonly name: string
  readonly available: boolean
  /** Why it is not available; contains no address or domain. */
  readonly problem?: string
  /** How many queries were sent, by result. */
  readonly queries: { readonly found: number; readonly unknown: number; readonly failed: number }
}

export interface CachedBackendOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Called when a backend becomes unavailable, and without a problem when it is available again. */
  readonly onProblem?: (name: string, problem: string | undefined) => void
}

/** The largest number of answers in the cache of a backend. */
const largestCache = 100_000
/** The largest number of concurrent queries. Requests beyond the limit get the cached answer immediately. */
const maxQueries = 64
/** After this many failures in a row, no query is sent for a while. */
const failuresUntilBackoff = 3
/** Milliseconds. */
const backoff = 5000

const notAnswered: BackendAnswer = { value: undefined, answered: false }
const unknown: BackendAnswer = { value: undefined, answered: true }

type RunQuery = (signal: AbortSignal) => Promise<string | undefined>

/**
 * A backend and the cache of its answers. An answer is used for its time to live, and longer while the backend is unavailable.
 * Cached answers are returned at once, without a promise. Concurrent requests for the same key share one query.
 */
export class CachedBackend {
  readonly name: string
  /** The key of its kind, such as `sql`. */
  readonly kind: string
  readonly backend: Backend
  readonly #settings: BackendSettings
  readonly #options: CachedBackendOptions
  readonly #cache: LRUCache<string, BackendAnswer, RunQuery>
  readonly #counts = { found: 0, unknown: 0, failed: 0 }
  #runningQueries = 0
  #problem: string | undefined
  #failuresInARow = 0
  #backoffUntil = 0

  constructor(
    { name, kind }: { readonly name: string; readonly kind: string },
    backend: Backend,
    settings: BackendSettings,
    options: CachedBackendOptions,
  ) {
    this.name = name
    this.kind = kind
    this.backend = backend
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
      fetchMethod: async (_key, _stale, { options: entry, context: query }) => {
        const value = await this.#run(query)
        entry.ttl = (value === undefined ? settings.negativeTtl : settings.ttl) * 1000
        return { value, answered: true }
      },
    })
  }

  get state(): BackendState {
    const problem = this.#problem
    return {
      name: this.name,
      available: problem === undefined,
      ...(problem === undefined ? {} : { problem }),
      queries: { ...this.#counts },
    }
  }

  get hasLogins(): boolean {
    return this.backend.findLogin !== undefined
  }

  /** The host of a domain, as the backend spells it. Never rejects. */
  findHost(domain: Domain): BackendAnswer | Promise<BackendAnswer> {
    const { backend } = this
    if (!backend.findHost) return unknown
    return this.#lookUp(domain, (signal) =>
      (backend.findHost as NonNullable<Backend['findHost']>)(domain, signal),
    )
  }

  /** The login name of an address. Never rejects. */
  findLogin(address: EmailAddress): BackendAnswer | Promise<BackendAnswer> {
    const { backend } = this
    if (!backend.findLogin) return unknown
    const key = { ...address, localPart: address.localPart.toLowerCase() }
    return this.#lookUp(formatEmailAddress(key), (signal) =>
      (backend.findLogin as NonNullable<Backend['findLogin']>)(key, signal),
    )
  }

  /** Marks the answers about a domain or an address as outdated, or all answers. They are still used while the backend is down. */
  forget(key?: string): void {
    for (const each of key === undefined ? [...this.#cache.keys()] : [key.toLowerCase()]) {
      const answer = this.#cache.get(each, { allowStale: true })
      // Expired from the next millisecond on.
      if (answer) this.#cache.set(each, answer, { ttl: 1, start: this.#options.now() - 2 })
    }
  }

  #lookUp(key: string, query: RunQuery): BackendAnswer | Promise<BackendAnswer> {
    const cached = this.#cache.get(key)
    if (cached) return cached
    if (this.#options.now() < this.#backoffUntil || this.#runningQueries >= maxQueries) {
      return this.#cache.get(key, { allowStale: true }) ?? notAnswered
    }
    return this.#cache.fetch(key, { context: query }).then(
      (answer) => answer ?? notAnswered,
      () => notAnswered,
    )
  }

  #run(query: RunQuery): Promise<string | undefined> {
    this.#runningQueries++
    return this.#count(answerWithin(this.#settings.timeout, query)).finally(() => {
      this.#runningQueries--
    })
  }

  async #count(running: Promise<string | undefined>): Promise<string | undefined> {
    try {
      const value = await running
      this.#counts[value === undefined ? 'unknown' : 'found']++
      this.#failuresInARow = 0
      this.#report(undefined)
      return value
    } catch (error) {
      this.#counts.failed++
      if (!this.backend.failsByDomain) {
        if (++this.#failuresInARow >= failuresUntilBackoff) this.#backoffUntil = this.#options.now() + backoff
        this.#report((error as Error).message)
      }
      throw error
    }
  }

  #report(problem: string | undefined): void {
    const hasChanged = (problem === undefined) !== (this.#problem === undefined)
    this.#problem = problem
    if (hasChanged) this.#options.onProblem?.(this.name, problem)
  }
}
