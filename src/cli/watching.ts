import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import type { WatchSettings } from '../config/read-watch.ts'
import { logBug } from '../http/logged-events.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { type Change, forLog } from '../watch/change.ts'
import type { Clock } from '../watch/clock.ts'
import type { Watch, WatchOptions } from '../watch/watch.ts'

export interface WatchingOptions extends Omit<WatchOptions, 'clock'> {
  readonly clock?: Clock
  /** The settings of a configuration; `undefined` if nothing is checked. */
  readonly settingsOf: (config: Config) => WatchSettings | undefined
}

/** The regular checks of a process whose configuration may be replaced. Their code is loaded when it is needed. */
export class Watching {
  readonly #options: WatchingOptions
  #watch: Watch | undefined
  #isClosed = false
  #turn: Promise<void> = Promise.resolve()

  constructor(options: WatchingOptions) {
    this.#options = options
  }

  /** `undefined` while nothing is checked. */
  get results(): Watch | undefined {
    return this.#watch
  }

  use(resolver: Resolver): void {
    this.#turn = this.#turn.then(() => this.#use(resolver))
  }

  /** Aborts everything. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#turn
    await this.#end()
  }

  async #use(resolver: Resolver): Promise<void> {
    const { settingsOf, clock: given, ...options } = this.#options
    const settings = settingsOf(resolver.config)
    if (!settings || this.#isClosed) return this.#end()
    const [{ Watch }, { watchedOf }, { systemClock }] = await Promise.all([
      import('../watch/watch.ts'),
      import('../watch/open-watch.ts'),
      import('../watch/clock.ts'),
    ])
    const clock = given ?? systemClock
    const watched = watchedOf(resolver, settings, clock)
    if (this.#watch) this.#watch.use(watched)
    else this.#watch = new Watch(watched, { ...options, clock })
  }

  async #end(): Promise<void> {
    const watch = this.#watch
    this.#watch = undefined
    await watch?.close()
  }
}

const texts: Readonly<Record<Change['change'], string>> = {
  'problem-appeared': 'a check has found a problem; docs/doctor.md explains the id',
  'problem-ended': 'a problem has ended',
  'certificate-alarm': 'a certificate ends soon',
}

/** The regular checks of the server, with a line in its log for each change. */
export const serverWatching = (log: Logger): Watching =>
  new Watching({
    settingsOf: ({ watch }) => (watch?.server ? watch : undefined),
    onChange: (change) =>
      log[change.change === 'problem-ended' ? 'info' : 'warn'](forLog(change), texts[change.change]),
    onFailure: (what, problem) => log.error({ problem }, failureText(what)),
    onBug: (error) => logBug(log)(error, undefined),
  })

/** The words for a failure; `what` is where changes are sent, or `check`. */
export const failureText = (what: string): string =>
  what === 'check'
    ? 'a check was given up'
    : `changes could not be sent by the ${what}; they are sent again, at the latest with the next change`
