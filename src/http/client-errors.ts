import type { Logger } from 'pino'
import { QuietCounts } from './quiet-counts.ts'

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

/**
 * Counts what the HTTP parser refuses. The bytes are never logged: they may contain an address or a password. A reset connection has no
 * line, because health checks of load balancers reset theirs.
 */
export class ClientErrors {
  readonly #counts: QuietCounts<ClientErrorKind>

  constructor(log: Logger, now?: () => number) {
    const message = 'refused bytes that are not an HTTP request'
    this.#counts = new QuietCounts({ kinds: clientErrorKinds, log, message, silent: ['connection'], now })
  }

  get counts(): Readonly<Record<ClientErrorKind, number>> {
    return this.#counts.counts
  }

  /** Takes the `code` of a `clientError` event. */
  add(code: string | undefined): void {
    this.#counts.add(kinds[code ?? ''] ?? 'other')
  }
}
