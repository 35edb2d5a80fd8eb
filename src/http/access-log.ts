import type { Logger } from 'pino'
import type { HttpSettings } from '../config/schema.ts'
import { ClientErrors } from './client-errors.ts'
import { ClientRequests } from './client-requests.ts'
import type { DurationSeries } from './histogram.ts'
import { type DurationsByOutcome, durationsByOutcome, outcomeOf } from './outcome.ts'
import type { QuietCounts } from './quiet-counts.ts'
import { type RefusalKind, refusals } from './refusals.ts'
import type { Subject } from './response.ts'
import { TlsErrors } from './tls-errors.ts'

/**
 * One line a request, and the counters behind the metrics. A line contains the path of the route (never the requested path), the
 * format, the key of the mail host, the status and the duration, and if the admin wants it the domain, if it is served; nothing else of
 * the request. Logging is the most expensive part of
 * an answer, so the parts that repeat are prepared.
 */
export class AccessLog {
  /** Requests that no route sees. */
  readonly clientErrors: ClientErrors
  /** Connections and requests beyond a limit. */
  readonly refusals: QuietCounts<RefusalKind>
  readonly tlsErrors: TlsErrors
  readonly clients = new ClientRequests()
  /** Handshakes of TLS that succeeded: with a new session, or one that the client had kept. */
  readonly handshakes = { new: 0, resumed: 0 }
  readonly #log: Logger
  readonly #routes = new Map<string, RouteLog>()
  readonly #durations = new Map<string, DurationsByOutcome>()

  constructor(log: Logger) {
    this.#log = log
    this.clientErrors = new ClientErrors(log)
    this.refusals = refusals(log)
    this.tlsErrors = new TlsErrors(log)
  }

  addHandshake(isResumed: boolean): void {
    this.handshakes[isResumed ? 'resumed' : 'new']++
  }

  /** The log of a route, by its path. */
  route(route: string, format?: string): RouteLog {
    let log = this.#routes.get(route)
    if (!log) {
      log = new RouteLog(this.#log.child({ route, format }), route, this.#durationsOf(format))
      this.#routes.set(route, log)
    }
    return log
  }

  *counts(): Generator<{ readonly route: string; readonly status: number; readonly requests: number }> {
    for (const { route, counts } of this.#routes.values()) {
      for (const [status, requests] of counts.entries()) if (requests > 0) yield { route, status, requests }
    }
  }

  /** How long requests took, by format and outcome, without those that did not occur. */
  durations(): readonly DurationSeries[] {
    return [...this.#durations].flatMap(([format, byOutcome]) =>
      Object.entries(byOutcome).flatMap(([outcome, { histogram }]) =>
        histogram.count === 0 ? [] : [{ labels: { format, outcome }, histogram }],
      ),
    )
  }

  /** Several routes may have one format. */
  #durationsOf(format = 'none'): DurationsByOutcome {
    let durations = this.#durations.get(format)
    if (!durations) {
      durations = durationsByOutcome()
      this.#durations.set(format, durations)
    }
    return durations
  }
}

/** Requests by status, and by how long they took. */
export class RouteLog {
  readonly route: string
  /** The number of requests by status; an array, since every request changes it. */
  readonly counts = new Array<number>(600).fill(0)
  readonly #log: Logger
  readonly #durations: DurationsByOutcome
  readonly #loggers = new Map<string, Logger>()

  constructor(log: Logger, route: string, durations: DurationsByOutcome) {
    this.#log = log
    this.route = route
    this.#durations = durations
  }

  /** Counts a request, and writes its line if the configuration wants it. */
  add(
    status: number,
    milliseconds: number,
    accessLog: HttpSettings['accessLog'],
    subject: Subject = {},
  ): void {
    this.counts[status] = (this.counts[status] as number) + 1
    this.#durations[outcomeOf(status)].add(milliseconds / 1000)
    if (!accessLog) return
    const { mailHost, domain } = subject
    this.#loggerFor(mailHost).info({
      ...(accessLog.domains && domain !== undefined && { domain }),
      status,
      durationMs: Math.round(milliseconds * 1000) / 1000,
    })
  }

  #loggerFor(host: string | undefined): Logger {
    if (host === undefined) return this.#log
    let logger = this.#loggers.get(host)
    if (!logger) {
      logger = this.#log.child({ host })
      this.#loggers.set(host, logger)
    }
    return logger
  }
}
