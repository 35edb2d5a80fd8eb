import type { Logger } from 'pino'
import { ClientErrors } from './client-errors.ts'
import type { QuietCounts } from './quiet-counts.ts'
import { type RefusalKind, refusals } from './refusals.ts'
import { TlsErrors } from './tls-errors.ts'

/**
 * One line a request, and the counters behind the metrics. A line contains the path of the route (never the requested path), the
 * format, the key of the mail host, the status and the duration; nothing else of the request. Logging is the most expensive part of
 * an answer, so the parts that repeat are prepared.
 */
export class AccessLog {
  /** Requests that no route sees. */
  readonly clientErrors: ClientErrors
  /** Connections and requests beyond a limit. */
  readonly refusals: QuietCounts<RefusalKind>
  readonly tlsErrors: TlsErrors
  /** Handshakes of TLS that succeeded: with a new session, or one that the client had kept. */
  readonly handshakes = { new: 0, resumed: 0 }
  readonly #log: Logger
  readonly #routes = new Map<string, RouteLog>()

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
      log = new RouteLog(this.#log.child({ route, ...(format !== undefined && { format }) }), route)
      this.#routes.set(route, log)
    }
    return log
  }

  *counts(): Generator<{ readonly route: string; readonly status: number; readonly requests: number }> {
    for (const { route, counts } of this.#routes.values()) {
      for (const [status, requests] of counts.entries()) if (requests > 0) yield { route, status, requests }
    }
  }
}

export class RouteLog {
  readonly route: string
  /** The number of requests by status; an array, since every request changes it. */
  readonly counts = new Array<number>(600).fill(0)
  readonly #log: Logger
  readonly #loggers = new Map<string, Logger>()

  constructor(log: Logger, route: string) {
    this.#log = log
    this.route = route
  }

  /** Counts a request, whether or not its line is written. */
  count(status: number): void {
    this.counts[status] = (this.counts[status] as number) + 1
  }

  /** `host`: the key of the mail host. */
  write(status: number, milliseconds: number, host?: string): void {
    this.#loggerFor(host).info({ status, duration: Math.round(milliseconds * 1000) / 1000 })
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
