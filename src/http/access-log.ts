import type { Logger } from 'pino'

/**
 * One line a request, and the counts behind the metrics. All that is told of a request: the route as it is written here
 * (never the path as it was asked), the format, the key of the mail host, the status, and how long it took.
 * What repeats from line to line is made once: logging is the dearest part of an answer.
 */
export class AccessLog {
  readonly #log: Logger
  readonly #routes: RouteLog[] = []

  constructor(log: Logger) {
    this.#log = log
  }

  /** The log of one route, to be made when the route is. */
  route(route: string, format?: string): RouteLog {
    const made = new RouteLog(this.#log.child({ route, ...(format !== undefined && { format }) }), route)
    this.#routes.push(made)
    return made
  }

  *counts(): Generator<{ readonly route: string; readonly status: number; readonly requests: number }> {
    for (const { route, counts } of this.#routes) {
      for (const [status, requests] of counts.entries()) if (requests > 0) yield { route, status, requests }
    }
  }
}

export class RouteLog {
  readonly route: string
  /** Requests by status; an array, since it is written for every request. */
  readonly counts = new Array<number>(600).fill(0)
  readonly #log: Logger
  readonly #loggers = new Map<string, Logger>()

  constructor(log: Logger, route: string) {
    this.#log = log
    this.route = route
  }

  /** Counts a request, whether its line is written or not. */
  count(status: number): void {
    this.counts[status] = (this.counts[status] as number) + 1
  }

  /** Writes its line: how long the answer took, and the mail host it was. */
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
