import { createHmac } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { Listener } from '../backends/listener.ts'
import type { Bucket, Limit } from './bucket.ts'
import type { LimitStore } from './read-store.ts'
import { connectToStore, type LoadRedis, loadRedis, type StoreConnection } from './redis.ts'

/** Milliseconds between two exchanges with the store. */
const exchangeInterval = 100

/** Buckets in one command: the store does nothing else meanwhile. */
const perCommand = 200

/** Buckets that wait for the next exchange. Further ones are counted only here. */
const mostWaiting = 20_000

export interface SharedLimitsOptions {
  /** The limit in use; `undefined` if there is none. */
  readonly limit: () => Limit | undefined
  /** Called when the store is no longer used, with the reason, and without one when it is used again. */
  readonly onProblem: (problem: string | undefined) => void
  readonly load?: LoadRedis
  /** In milliseconds, of the clock that fills the buckets. */
  readonly now?: () => number
  /** Waits before connecting again: the milliseconds, or until the signal aborts. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** The store as /readyz and /metrics show it. */
export interface StoreState {
  readonly address: string
  readonly available: boolean
  readonly problem?: string
}

/**
 * Counts together with other servers, in a store. No request waits for the store: each server decides by its own buckets, adds what it
 * has accepted to those of the store in batches, and takes over how full they are. While the store does not answer, or answers
 * wrongly, each server counts alone.
 */
export class SharedLimits {
  readonly #options: SharedLimitsOptions & Required<Pick<SharedLimitsOptions, 'now'>>
  #store: LimitStore | undefined
  #listener: Listener | undefined
  #connection: StoreConnection | undefined
  #waiting: Bucket[] = []
  #timer: NodeJS.Timeout | undefined
  #exchange: Promise<void> | undefined

  constructor(options: SharedLimitsOptions) {
    this.#options = { now: () => performance.now(), ...options }
  }

  /** Uses the store of a configuration from now on. The connection stays open if the store is the same. */
  async use(store: LimitStore | undefined): Promise<void> {
    if (isDeepStrictEqual(store, this.#store)) return
    const closed = this.close()
    this.#store = store
    if (store) this.#open(store)
    await closed
  }

  /** `undefined` if the configuration has no store. */
  get state(): StoreState | undefined {
    if (!this.#store || !this.#listener) return undefined
    const { host, port } = this.#store
    const { listening, problem } = this.#listener.status
    return { address: `${host}:${port}`, available: listening, ...(problem !== undefined && { problem }) }
  }

  /** Counts an accepted request of a bucket, for the next exchange. */
  accepted(bucket: Bucket): void {
    if (!this.#connection) return
    if (bucket.unsent === 0) {
      if (this.#waiting.length >= mostWaiting) return
      this.#waiting.push(bucket)
    }
    bucket.unsent++
  }

  /** Exchanges what was counted. Resolves also if it fails. Called by a timer. */
  exchange(): Promise<void> {
    this.#exchange ??= this.#exchangeAll().finally(() => {
      this.#exchange = undefined
    })
    return this.#exchange
  }

  /** Closes the connection to the store. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    const listener = this.#listener
    this.#store = this.#listener = undefined
    this.#countAlone()
    await listener?.close()
  }

  #open(store: LimitStore): void {
    const { onProblem, pause, load = loadRedis } = this.#options
    let opened: StoreConnection
    const listener = new Listener({
      connect: async () => {
        opened = await connectToStore(store, load)
        return opened
      },
      onListening: () => {
        this.#connection = opened
        opened.lost.addEventListener('abort', () => this.#countAlone())
      },
      onProblem,
      ...(pause && { pause }),
    })
    this.#listener = listener
    this.#timer = setInterval(() => void this.exchange(), exchangeInterval).unref()
  }

  #countAlone(): void {
    this.#connection = undefined
    for (const bucket of this.#waiting.splice(0)) bucket.unsent = 0
  }

  async #exchangeAll(): Promise<void> {
    const buckets = this.#waiting
    this.#waiting = []
    for (let at = 0; at < buckets.length; at += perCommand)
      await this.#exchangeSome(buckets.slice(at, at + perCommand))
  }

  async #exchangeSome(buckets: readonly Bucket[]): Promise<void> {
    const [connection, store, limit] = [this.#connection, this.#store, this.#options.limit()]
    const additions = buckets.map(({ name, unsent }) => ({ name, requests: unsent }))
    for (const bucket of buckets) bucket.unsent = 0
    if (!connection || !store || !limit) return
    const perRequest = 1000 / limit.rate
    const { secret } = store
    const answer = await connection
      .add(
        additions.map(({ name, requests }) => ({ key: digestOf(name, secret), requests })),
        // A surplus is paid back, but no more than one burst of it.
        { perRequest, most: 2 * limit.burst * perRequest },
      )
      // The listener has the reason.
      .catch(() => undefined)
    const time = this.#options.now()
    for (const [index, fill] of answer?.entries() ?? []) {
      const bucket = buckets[index] as Bucket
      bucket.tokens = limit.burst - fill / perRequest - bucket.unsent
      bucket.at = time
    }
  }
}

/** 128 bits. */
const digestOf = (name: string, secret: Uint8Array): string =>
  createHmac('sha256', secret).update(name).digest().toString('base64url', 0, 16)
