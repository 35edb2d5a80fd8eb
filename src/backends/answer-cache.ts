import { LRUCache } from 'lru-cache'
import type { BackendAnswer } from './answer.ts'

/** How many known and unknown domains and addresses are kept. */
export interface CacheSizes {
  readonly cacheSize: number
  readonly negativeCacheSize: number
}

interface Entry {
  readonly answer: BackendAnswer
  /** Until when it is certain, in milliseconds since 1970. */
  readonly until: number
  /** The generation in which it was asked. */
  readonly generation: number
}

/**
 * The last known answers. One stays until newer ones need its place, also when it is outdated: then it is used while the backend
 * cannot answer. Known and unknown names have a cache each, so that no flood of made-up names drops a known domain.
 */
export class AnswerCache {
  readonly evicted = { known: 0, unknown: 0 }
  readonly #sizes: CacheSizes
  readonly #now: () => number
  readonly #known: LRUCache<string, Entry>
  readonly #unknown: LRUCache<string, Entry>
  /** Answers of earlier generations are outdated. */
  #generation = 0

  /** `now`: in milliseconds since 1970. */
  constructor(sizes: CacheSizes, now: () => number) {
    this.#sizes = sizes
    this.#now = now
    this.#known = this.#lru('known', sizes.cacheSize)
    this.#unknown = this.#lru('unknown', sizes.negativeCacheSize)
  }

  get size(): { readonly known: number; readonly unknown: number } {
    return { known: this.#known.size, unknown: this.#unknown.size }
  }

  get(key: string): BackendAnswer | undefined {
    const entry = this.#known.get(key) ?? this.#unknown.get(key)
    if (!entry) return undefined
    const isCertain = entry.generation === this.#generation && this.#now() < entry.until
    return isCertain ? entry.answer : { value: entry.answer.value, certainty: 'stale' }
  }

  /** Keeps an answer, which is certain for a number of seconds. */
  set(key: string, answer: BackendAnswer, seconds: number): void {
    const isKnown = answer.value !== undefined
    const [kept, other] = isKnown ? [this.#known, this.#unknown] : [this.#unknown, this.#known]
    other.delete(key)
    kept.set(key, { answer, until: this.#now() + seconds * 1000, generation: this.#generation })
  }

  /** Marks the answer about a domain or an address as outdated, or all answers. */
  outdate(key?: string): void {
    if (key === undefined) this.#generation++
    else {
      const answer = this.get(key)
      if (answer) this.set(key, answer, 0)
    }
  }

  /** The same answers in a cache of other sizes. */
  resized(sizes: CacheSizes): AnswerCache {
    const { cacheSize, negativeCacheSize } = this.#sizes
    if (sizes.cacheSize === cacheSize && sizes.negativeCacheSize === negativeCacheSize) return this
    const resized = new AnswerCache(sizes, this.#now)
    resized.#generation = this.#generation
    // The least recently used ones first, so that they are dropped first.
    resized.#known.load(this.#known.dump())
    resized.#unknown.load(this.#unknown.dump())
    return resized
  }

  #lru(kind: 'known' | 'unknown', max: number): LRUCache<string, Entry> {
    return new LRUCache({
      max,
      dispose: (_entry, _key, reason) => {
        if (reason === 'evict') this.evicted[kind]++
      },
    })
  }
}
