import type { Logger } from 'pino'

/** What is told of a request, and all that is told: nothing of the asker. */
export interface Answered {
  /** The path as the route has it, never as it was asked. */
  readonly route: string
  readonly format?: string | undefined
  /** The key of the mail host that was answered with. */
  readonly host?: string | undefined
  readonly status: number
}

/**
 * One line a request, and the counts behind the metrics. What repeats from line to line is made once: logging is the
 * dearest part of an answer.
 */
export class AccessLog {
  readonly #log: Logger
  readonly #loggers = new Map<string, Logger>()
  readonly #counts = new Map<string, { route: string; status: number; requests: number }>()

  constructor(log: Logger) {
    this.#log = log
  }

  /** `milliseconds` from the first look at the request to its answer. */
  record({ route, format, host, status }: Answered, milliseconds: number, written: boolean): void {
    const counted = this.#counts.get(`${route} ${status}`)
    if (counted) counted.requests++
    else this.#counts.set(`${route} ${status}`, { route, status, requests: 1 })
    if (!written || !this.#log.isLevelEnabled('info')) return
    const key = `${route} ${format} ${host}`
    let logger = this.#loggers.get(key)
    if (!logger) {
      logger = this.#log.child({ route, ...(format && { format }), ...(host && { host }) })
      this.#loggers.set(key, logger)
    }
    logger.info({ status, duration: Math.round(milliseconds * 1000) / 1000 })
  }

  counts(): Iterable<{ readonly route: string; readonly status: number; readonly requests: number }> {
    return this.#counts.values()
  }
}
