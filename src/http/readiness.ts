import type { LiveResolver } from '../resolver/live-resolver.ts'
import { plainText } from './headers.ts'

/**
 * Whether a balancer may send clients here: as soon as every source has answered once, and until the server stops. A source that goes
 * down later does not change it, and neither does a reload: all replicas would leave at once, although each has its last known answers.
 */
export class Readiness {
  readonly #live: LiveResolver
  readonly #isStopping: () => boolean
  #wasReady = false

  constructor(live: LiveResolver, isStopping = (): boolean => false) {
    this.#live = live
    this.#isStopping = isStopping
  }

  /** Why no client may be sent here; `undefined` if it is ready. */
  get problem(): string | undefined {
    if (this.#isStopping()) return 'stopping'
    const silent = this.#wasReady ? [] : this.#silentSources()
    this.#wasReady = silent.length === 0
    return this.#wasReady ? undefined : `waiting for the first answer of: ${silent.join(', ')}`
  }

  #silentSources(): string[] {
    const states = this.#live.current.backends?.states ?? []
    return states.filter(({ hasAnswered }) => !hasAnswered).map(({ name }) => name)
  }
}

/** For clients of the public port: it reveals nothing of the configuration. */
export const publicAnswer = ({ problem }: Readiness) =>
  ({
    status: problem === undefined ? 200 : 503,
    headers: { 'content-type': plainText, 'cache-control': 'no-store' },
    body: problem === undefined ? 'ready\n' : 'not ready\n',
  }) as const
