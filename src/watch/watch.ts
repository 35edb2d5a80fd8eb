import { setMaxListeners } from 'node:events'
import type { WatchSettings } from '../config/read-watch.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { Agenda, type Entry } from './agenda.ts'
import { Certificates } from './certificates.ts'
import type { Change } from './change.ts'
import type { Clock } from './clock.ts'
import { Findings } from './findings.ts'
import { isStepOf, stepsOf } from './looks.ts'
import { Sample } from './sample.ts'
import { Sender, type SenderOptions } from './sender.ts'
import { numbersOf, statusOf, type WatchNumbers, type WatchStatus } from './status.ts'
import type { Look, Step } from './step.ts'

/** Where changes are sent. While the key is the same, the settings are. */
export interface Receiver extends Pick<SenderOptions, 'to' | 'deliver'> {
  readonly key: string
}

/** One configuration, and what it needs of the outside. */
export interface Watched {
  readonly resolver: Resolver
  readonly settings: WatchSettings
  /** Makes the checks of a step; rejects, or returns anything, when the signal aborts. */
  readonly look: (step: Step, signal: AbortSignal) => Promise<Look>
  /** Where changes are sent. */
  readonly receivers: readonly Receiver[]
}

export interface WatchOptions {
  readonly clock: Clock
  readonly onChange: (change: Change) => void
  /** A run has ended. */
  readonly onRun?: (run: { readonly looks: number; readonly nextRun: Date }) => void
  /** Something could not be sent, or a check did not end; nothing of a domain is in it. */
  readonly onFailure: (what: string, problem: string) => void
  /** A bug. */
  readonly onBug: (error: Error) => void
}

/** A look that takes longer is given up, in milliseconds: hundreds of connections may each wait for their time limit. */
const longestLook = 300_000

/** Makes the checks regularly, one step after the other, and says what has changed. */
export class Watch {
  readonly #options: WatchOptions
  readonly #sample: Sample
  readonly #findings: Findings
  readonly #certificates: Certificates
  #watched: Watched
  #agenda: Agenda
  #senders: readonly { readonly key: string; readonly sender: Sender }[] = []
  /** Aborts when the configuration is replaced, and at the end. */
  #current = new AbortController()
  #isClosed = false
  #looks = 0
  #lastFinished: number | undefined
  readonly #running: Promise<void>

  constructor(watched: Watched, options: WatchOptions) {
    const { clock } = options
    this.#options = options
    this.#watched = watched
    this.#sample = new Sample(clock.random)
    this.#findings = new Findings(watched.settings.ignore)
    this.#certificates = new Certificates(watched.settings.alarms)
    this.#agenda = this.#newAgenda()
    this.#openSenders()
    this.#running = this.#run()
  }

  get status(): WatchStatus {
    return statusOf(this.#parts, this.#agenda)
  }

  get numbers(): WatchNumbers {
    return numbersOf(this.#parts)
  }

  /**
   * Another configuration replaces the one in use. The step that runs is aborted and made again with the new one; what is known stays
   * known. So a configuration that is reloaded every minute is checked all the same.
   */
  use(watched: Watched): void {
    const { resolver, settings } = watched
    if (settings.every !== this.#watched.settings.every) {
      this.#watched = watched
      this.#agenda = this.#newAgenda()
    }
    this.#watched = watched
    const exists = (step: Step): boolean => isStepOf(resolver, step)
    const hosts = new Set(stepsOf(resolver).map(({ name }): string => name))
    this.#agenda.keep(exists)
    this.#certificates.keep(exists, hosts, settings.alarms)
    const ended = this.#findings.keep(exists, hosts, settings.ignore)
    this.#openSenders()
    this.#report(ended)
    this.#current.abort()
    this.#current = new AbortController()
  }

  /** Aborts everything that runs. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#current.abort()
    await Promise.all([this.#running, ...this.#senders.map(({ sender }) => sender.close())])
  }

  get #parts() {
    return {
      findings: this.#findings,
      certificates: this.#certificates,
      senders: this.#senders.map(({ sender }) => sender),
      lastFinished: this.#lastFinished,
      now: this.#options.clock.now(),
    }
  }

  #newAgenda(): Agenda {
    const { clock } = this.#options
    return new Agenda(this.#watched.settings.every, clock.random, clock.now())
  }

  /** A receiver whose settings have changed gets what the one before could not send. */
  #openSenders(): void {
    const { resolver, receivers } = this.#watched
    const { clock, onFailure } = this.#options
    const service = resolver.config.publicName ?? resolver.config.providerId
    const before = this.#senders
    this.#senders = receivers.map(({ to, deliver, key }) => {
      const same = before.find((each) => each.key === `${service} ${key}`)
      if (same) return same
      const waiting = before.find(({ sender }) => sender.to === to)?.sender.waiting ?? []
      return {
        key: `${service} ${key}`,
        sender: new Sender({ to, deliver, service, clock, onFailure }, waiting),
      }
    })
    for (const each of before) if (!this.#senders.includes(each)) void each.sender.close()
    for (const { sender } of this.#senders) sender.send([])
  }

  async #run(): Promise<void> {
    const { clock } = this.#options
    while (!this.#isClosed) {
      const { signal } = this.#current
      const next = this.#agenda.next()
      await clock.sleep(Math.max(0, next.at - clock.now()), signal)
      if (signal.aborted) continue
      if ('step' in next) await this.#take(next, signal)
      else await this.#startRun()
    }
  }

  async #startRun(): Promise<void> {
    const { resolver, settings } = this.#watched
    const agenda = this.#agenda
    // Half of the sample looks at the domains with problems, so that somebody hears when they are solved.
    const open = this.#findings.openDomains.slice(0, Math.ceil(settings.sample / 2))
    const names = new Set(open.map(({ name }) => name))
    const others = await this.#sample.next(resolver, settings.sample - open.length)
    const domains = others
      .filter((name) => !names.has(name))
      .map((name) => ({ kind: 'domain', name }) as const)
    const steps = [...stepsOf(resolver), ...open, ...domains].filter((step) =>
      isStepOf(this.#watched.resolver, step),
    )
    this.#looks = steps.length
    agenda.startRun(steps, this.#options.clock.now())
  }

  async #take(entry: Entry, signal: AbortSignal): Promise<void> {
    const look = await this.#look(entry.step, signal)
    // Its results mean nothing. If the configuration was replaced, it is made again.
    if (signal.aborted) return
    this.#agenda.remove(entry)
    if (look) this.#add(entry.step, look)
    if (entry.isOfRun && !this.#agenda.isRunning) this.#endRun()
  }

  /** `undefined` if the look could not be made. */
  async #look(step: Step, replaced: AbortSignal): Promise<Look | undefined> {
    const { clock, onFailure, onBug } = this.#options
    const ended = new AbortController()
    const tooLong = new AbortController()
    void clock.sleep(longestLook, ended.signal).then(() => tooLong.abort())
    const signal = AbortSignal.any([replaced, tooLong.signal])
    // Every connection and query of the look listens to it; Node.js warns at eleven.
    setMaxListeners(0, signal)
    try {
      const looking = this.#watched.look(step, signal)
      const look = await Promise.race([looking, aborted(signal)])
      if (look) return look
      if (!replaced.aborted)
        onFailure('check', `a check of a ${step.kind} did not end within ${longestLook / 1000} s`)
    } catch (error) {
      if (!signal.aborted) onBug(error as Error)
    } finally {
      ended.abort()
    }
    return undefined
  }

  #add(step: Step, look: Look): void {
    const { clock } = this.#options
    const now = clock.now()
    const { changes, again } = this.#findings.add(step, look, now)
    const alarms = this.#certificates.add(step, look, now)
    const { confirm } = this.#watched.settings
    if (again) this.#agenda.again(step, confirm * (0.9 + clock.random() / 5), now)
    this.#report([...changes, ...alarms])
  }

  #endRun(): void {
    const { clock, onRun } = this.#options
    this.#lastFinished = clock.now()
    onRun?.({ looks: this.#looks, nextRun: new Date(this.#agenda.nextRun) })
  }

  #report(changes: readonly Change[]): void {
    for (const change of changes) this.#options.onChange(change)
    if (changes.length > 0) for (const { sender } of this.#senders) sender.send(changes)
  }
}

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
