import { execFile } from 'node:child_process'
import type { Io } from './io.ts'

/** Sends the lines of one message (sd_notify(3)). Rejects if they cannot be sent. */
export type Send = (lines: readonly string[]) => Promise<void>

/** Milliseconds until a message is given up. */
const sendTimeout = 5000

/**
 * Sends with systemd-notify(1): Node.js has no datagram sockets of the unix family. A process takes a few milliseconds, and there is one
 * every few seconds at most, so a native library would cost more than it saves. It waits until systemd has read the message: otherwise
 * systemd could not see any more which service it comes from. It needs `NotifyAccess=all`.
 */
export const sendWith =
  (env: Io['env']): Send =>
  (lines) =>
    new Promise((resolve, reject) => {
      const options = { env: { ...env }, timeout: sendTimeout }
      execFile('systemd-notify', [...lines], options, (error) => (error ? reject(error) : resolve()))
    })

export interface ServiceNotifierOptions {
  readonly env: Io['env']
  readonly pid: number
  /** Called once if messages cannot be sent. */
  readonly onProblem: (problem: string) => void
  readonly send?: Send
  /** In microseconds, of the clock CLOCK_MONOTONIC. */
  readonly monotonic?: () => bigint
}

/**
 * Reports the state of the service to systemd, if it started this process with `Type=notify` (`NOTIFY_SOCKET`); without it, nothing
 * happens. Messages are sent one after the other. A failure never affects the server.
 */
export class ServiceNotifier {
  readonly #options: ServiceNotifierOptions
  readonly #isOn: boolean
  #sent: Promise<void> = Promise.resolve()
  #hasFailed = false
  #isAliveWaiting = false
  #timer: NodeJS.Timeout | undefined

  constructor(options: ServiceNotifierOptions) {
    this.#options = options
    this.#isOn = Boolean(options.env['NOTIFY_SOCKET'])
  }

  /** The service serves, from the start or after a reload. `status` is shown by `systemctl status`. */
  ready(status: string): Promise<void> {
    this.#watch()
    return this.#notify('READY=1', statusLine(status))
  }

  /** A reload begins; `ready` is its end. */
  reloading(): Promise<void> {
    const { monotonic = () => process.hrtime.bigint() / 1000n } = this.#options
    return this.#notify('RELOADING=1', `MONOTONIC_USEC=${monotonic()}`)
  }

  status(status: string): Promise<void> {
    return this.#notify(statusLine(status))
  }

  /** The service stops, within so many milliseconds. */
  stopping(timeout: number): Promise<void> {
    return this.#notify('STOPPING=1', statusLine('Stopping'), `EXTEND_TIMEOUT_USEC=${timeout * 1000}`)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** Reports twice in each period of `WatchdogSec=` that the event loop runs (sd_watchdog_enabled(3)). */
  #watch(): void {
    const { env, pid } = this.#options
    const { WATCHDOG_USEC, WATCHDOG_PID = pid } = env
    const period = Number(WATCHDOG_USEC) / 1000
    if (!this.#isOn || this.#timer || !(period > 0) || Number(WATCHDOG_PID) !== pid) return
    this.#timer = setInterval(() => this.#alive(), period / 2).unref()
  }

  #alive(): void {
    if (this.#isAliveWaiting) return
    this.#isAliveWaiting = true
    void this.#notify('WATCHDOG=1').then(() => {
      this.#isAliveWaiting = false
    })
  }

  #notify(...lines: readonly string[]): Promise<void> {
    const { env, send = sendWith(env), onProblem } = this.#options
    if (!this.#isOn) return this.#sent
    this.#sent = this.#sent
      .then(() => send(lines))
      .catch((error: NodeJS.ErrnoException) => {
        if (!this.#hasFailed)
          onProblem(
            `systemd cannot be notified (${error.code ?? error.message}): is systemd-notify installed?`,
          )
        this.#hasFailed = true
      })
    return this.#sent
  }
}

/** A status is one line. */
const statusLine = (status: string): string => `STATUS=${status.replace(/\s+/g, ' ').slice(0, 500)}`
