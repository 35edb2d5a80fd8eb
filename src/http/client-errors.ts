import type { Logger } from 'pino'

/** Why bytes are not an HTTP request. `target`: the URL of the request line, for example with unencoded letters beyond ASCII. */
export const clientErrorKinds = [
  'target',
  'request-line',
  'headers',
  'too-large',
  'timeout',
  'connection',
  'other',
] as const
export type ClientErrorKind = (typeof clientErrorKinds)[number]

/** The error codes of Node.js and its parser. */
const kinds: Readonly<Record<string, ClientErrorKind>> = {
  HPE_INVALID_URL: 'target',
  HPE_INVALID_METHOD: 'request-line',
  HPE_INVALID_CONSTANT: 'request-line',
  HPE_INVALID_VERSION: 'request-line',
  HPE_INVALID_HEADER_TOKEN: 'headers',
  HPE_INVALID_CONTENT_LENGTH: 'headers',
  HPE_UNEXPECTED_CONTENT_LENGTH: 'headers',
  HPE_INVALID_TRANSFER_ENCODING: 'headers',
  HPE_HEADER_OVERFLOW: 'too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'timeout',
  ECONNRESET: 'connection',
  EPIPE: 'connection',
  HPE_INVALID_EOF_STATE: 'connection',
}

/** In milliseconds, between two lines of one kind. */
const quietTime = 60_000

/**
 * Counts what the HTTP parser refuses, and logs at most one line a minute for each kind. The bytes are never logged: they may contain
 * an address or a password. A reset connection has no line, because health checks of load balancers reset theirs.
 */
export class ClientErrors {
  readonly counts: Readonly<Record<ClientErrorKind, number>>
  readonly #counts: Record<ClientErrorKind, number>
  readonly #lastLine = new Map<ClientErrorKind, number>()
  readonly #log: Logger
  readonly #now: () => number

  constructor(log: Logger, now: () => number = () => performance.now()) {
    this.#log = log
    this.#now = now
    this.#counts = Object.fromEntries(clientErrorKinds.map((kind) => [kind, 0])) as Record<
      ClientErrorKind,
      number
    >
    this.counts = this.#counts
  }

  /** Takes the `code` of a `clientError` event. */
  add(code: string | undefined): void {
    const kind = kinds[code ?? ''] ?? 'other'
    this.#counts[kind]++
    const last = this.#lastLine.get(kind)
    const now = this.#now()
    if (kind === 'connection' || (last !== undefined && now - last < quietTime)) return
    this.#lastLine.set(kind, now)
    this.#log.info({ kind, total: this.#counts[kind] }, 'refused bytes that are not an HTTP request')
  }
}
