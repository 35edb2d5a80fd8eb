import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Domain, EmailAddress } from '../model/address.ts'
import { formatEmailAddress } from '../model/address.ts'
import { type DurationHistogram, Durations } from '../model/durations.ts'
import { type BackendAnswer, type Certainty, isAnswer, refused, uncertain, unknown } from './answer.ts'
import { AnswerCache } from './answer-cache.ts'
import { type Backend, BackendBusy, type BackendSettings, type BackendStatus, probe } from './backend.ts'
import { Inquiry } from './inquiry.ts'
import { Outage } from './outage.ts'
import { QueryQueue } from './query-queue.ts'
import { Question } from './question.ts'
import { answerWithin } from './until-aborted.ts'

/** The state of a backend, for `/readyz`, metrics and the log. */
export interface BackendState extends BackendStatus {
  readonly name: string
  readonly available: boolean
  /** Why the last query failed; contains no address or domain. */
  readonly problem?: string
  /** It has answered at least once since it was opened. */
  readonly hasAnswered: boolean
  /** How many queries were sent, by result. */
  readonly queries: Readonly<Record<'found' | 'unknown' | 'failed', number>>
  /** How many answers lookups got. */
  readonly answers: Readonly<Record<Certainty, number>>
  readonly running: number
  readonly waiting: number
  /** How many answers are kept, and how many had to make room. */
  readonly cache: Readonly<Record<'known' | 'unknown' | 'evictedKnown' | 'evictedUnknown', number>>
  /** How many answers it had when a reload opened it, from the source with the same queries before the reload. */
  readonly keptAnswers?: number
}

export interface CachedBackendOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Called when a backend becomes unavailable, and without a problem when it is available again. */
  readonly onProblem?: (name: string, problem: string | undefined) => void
  /** The same for its announcements of changes. */
  readonly onNotifyProblem?: (name: string, problem: string | undefined) => void
}

/** How many queries run at once, if the backend does not say. */
const defaultConcurrency = 64
/** Until a new backend has answered once, it is asked again after this pause, in milliseconds. */
const greetingPause = 1000

type RunQuery = (signal: AbortSignal) => Promise<string | undefined>

/** The upper bounds of the buckets of the histogram, in seconds. */
const durationBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * A backend, the cache of its answers, and the queue in front of it. A cached answer is returned at once, without a promise. If the
 * backend is down or busy, its last known answer is returned. Queries go on when their clients have left, so that the answer is known next time.
 */
export class CachedBackend {
  readonly name: string
  /** The key of its kind, such as `sql`. */
  readonly kind: string
  readonly backend: Backend
  readonly #settings: BackendSettings
  readonly #answers: AnswerCache
  readonly #keptAnswers: number | undefined
  readonly #queue: QueryQueue
  readonly #outage: Outage
  readonly #questions = new Map<string, Question>()
  readonly #durations = new Durations(durationBounds)
  readonly #queries = { found: 0, unknown: 0, failed: 0 }
  readonly #given = { certain: 0, stale: 0, uncertain: 0, refused: 0 }
  readonly #closing = new AbortController()

  /** `kept`: the answers of a source with the same queries that this one replaces. */
  constructor(
    { name, kind }: { readonly name: string; readonly kind: string },
    backend: Backend,
    settings: BackendSettings,
    { now, onProblem }: CachedBackendOptions,
    kept?: AnswerCache,
  ) {
    this.name = name
    this.kind = kind
    this.backend = backend
    this.#settings = settings
    this.#answers = kept?.resized(settings) ?? new AnswerCache(settings, now)
    this.#keptAnswers = kept && this.#answers.size.known + this.#answers.size.unknown
    this.#queue = new QueryQueue(backend.concurrency ?? defaultConcurrency, settings.queue)
    this.#outage = new Outage(now, (problem) => onProblem?.(name, problem))
  }

  get state(): BackendState {
    const { isDown, problem, hasAnswered } = this.#outage
    const { known, unknown } = this.#answers.evicted
    return {
      name: this.name,
      available: !isDown,
      ...(problem !== undefined && { problem }),
      hasAnswered,
      queries: { ...this.#queries },
      answers: { ...this.#given },
      running: this.#queue.running,
      waiting: this.#queue.waiting,
      cache: { ...this.#answers.size, evictedKnown: known, evictedUnknown: unknown },
      ...(this.#keptAnswers !== undefined && { keptAnswers: this.#keptAnswers }),
      ...this.backend.status?.(),
    }
  }

  /** How long queries took, without their time in the queue. */
  get durations(): DurationHistogram {
    return this.#durations.histogram
  }

  get hasLogins(): boolean {
    return this.backend.findLogin !== undefined
  }

  /** The host of a domain, as the backend spells it. Never rejects. */
  findHost(domain: Domain, inquiry = new Inquiry()): BackendAnswer | Promise<BackendAnswer> {
    const { backend } = this
    if (!backend.findHost) return unknown
    return this.#lookUp(domain, async (signal) => backend.findHost?.(domain, signal), inquiry)
  }

  /** The login name of an address. Never rejects. */
  findLogin(address: EmailAddress, inquiry = new Inquiry()): BackendAnswer | Promise<BackendAnswer> {
    const { backend } = this
    if (!backend.findLogin) return unknown
    const key = { ...address, localPart: address.localPart.toLowerCase() }
    return this.#lookUp(formatEmailAddress(key), async (signal) => backend.findLogin?.(key, signal), inquiry)
  }

  /** Marks the answers about a domain or an address as outdated, or all answers. They are still used while the backend is down. */
  forget(key?: string): void {
    const changed = key?.toLowerCase()
    this.#answers.outdate(changed)
    for (const each of changed === undefined ? [...this.#questions.keys()] : [changed]) {
      const question = this.#questions.get(each)
      if (!question?.hasBegun) continue
      question.isOutdated = true
      this.#questions.delete(each)
    }
  }

  /** The answers, for a source with the same queries that replaces this one. They are outdated: it may know better. */
  handOver(): AnswerCache {
    this.forget()
    return this.#answers
  }

  /** Asks about a name that never exists, until the backend has answered once. */
  async greet(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted && !this.#outage.hasAnswered) {
      await (this.backend.findHost ? this.findHost(probe.domain) : this.findLogin(probe))
      if (!this.#outage.hasAnswered)
        await sleep(greetingPause, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#queue.refuseAll()
    await this.backend.close().catch(() => undefined)
  }

  #lookUp(key: string, query: RunQuery, inquiry: Inquiry): BackendAnswer | Promise<BackendAnswer> {
    const known = this.#answers.get(key)
    if (known?.certainty === 'certain') return this.#give(known)
    const question = this.#ask(key, query)
    // A client does not wait in a queue for what is already known.
    if (!question || (known && !question.hasBegun)) return this.#give(known ?? uncertain)
    return inquiry.wait(question.answer).then((answer) => {
      const given = answer ?? (question.hasBegun ? uncertain : refused)
      return this.#give(isAnswer(given) ? given : (known ?? given))
    })
  }

  #give(answer: BackendAnswer): BackendAnswer {
    this.#given[answer.certainty]++
    return answer
  }

  /** Returns `undefined` if no query is sent now, because the backend is down. */
  #ask(key: string, query: RunQuery): Question | undefined {
    const asked = this.#questions.get(key)
    if (asked) this.#queue.renew(asked)
    if (asked || this.#outage.isHopeless(this.#queue.running)) return asked
    const question = new Question(
      (self) => this.#run(key, query, self),
      () => (this.#outage.isDown ? uncertain : refused),
    )
    this.#questions.set(key, question)
    void question.answer.then(() => {
      if (this.#questions.get(key) === question) this.#questions.delete(key)
    })
    this.#queue.add(question)
    return question
  }

  async #run(key: string, query: RunQuery, question: Question): Promise<BackendAnswer> {
    const { round } = this.#outage
    const began = performance.now()
    const took = () => this.#durations.add((performance.now() - began) / 1000)
    try {
      const value = await answerWithin(this.#settings.timeout, query)
      took()
      this.#queries[value === undefined ? 'unknown' : 'found']++
      this.#outage.answered()
      return this.#keep(key, value, question)
    } catch (error) {
      if (error instanceof BackendBusy) return refused
      took()
      this.#queries.failed++
      if (!this.backend.failsByDomain) this.#outage.failed((error as Error).message, round)
      if (this.#outage.isDown) this.#queue.refuseAll()
      return uncertain
    }
  }

  /** An answer that a change has outdated on its way is better than none, and worse than any other. */
  #keep(key: string, value: string | undefined, { isOutdated }: Question): BackendAnswer {
    const { ttl, negativeTtl } = this.#settings
    const answer: BackendAnswer = { value, certainty: 'certain' }
    if (!isOutdated) this.#answers.set(key, answer, value === undefined ? negativeTtl : ttl)
    else if (!this.#answers.get(key)) this.#answers.set(key, answer, 0)
    return isOutdated ? { value, certainty: 'stale' } : answer
  }
}
