import type { Logger } from 'pino'
import { QuietCounts } from './quiet-counts.ts'

/** Why a handshake of TLS failed. */
export const tlsErrorKinds = [
  /** The client offers only TLS 1.1 or older. */
  'version',
  /** Client and server have no cipher in common; or there is no certificate at all. */
  'no-cipher',
  /** The client does not accept the certificate: its name, its date or its authority. */
  'certificate-refused',
  /** The client has not finished in time. */
  'timeout',
  /** The client has closed the connection. */
  'connection',
  /** The bytes are not TLS, such as those of an http request. */
  'not-tls',
  'other',
] as const
export type TlsErrorKind = (typeof tlsErrorKinds)[number]

/** The error codes of Node.js and OpenSSL. The alerts are those that a client sends (RFC 8446, section 6.2). */
const kinds: Readonly<Record<string, TlsErrorKind>> = {
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'version',
  ERR_SSL_VERSION_TOO_LOW: 'version',
  ERR_SSL_WRONG_SSL_VERSION: 'version',
  ERR_SSL_NO_SHARED_CIPHER: 'no-cipher',
  ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: 'no-cipher',
  ERR_SSL_NO_SUITABLE_KEY_SHARE: 'no-cipher',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'certificate-refused',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'certificate-refused',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'certificate-refused',
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: 'certificate-refused',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'certificate-refused',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'timeout',
  ECONNRESET: 'connection',
  EPIPE: 'connection',
  ERR_SSL_UNEXPECTED_EOF_WHILE_READING: 'connection',
  ERR_SSL_HTTP_REQUEST: 'not-tls',
  ERR_SSL_WRONG_VERSION_NUMBER: 'not-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'not-tls',
}

/**
 * Counts handshakes that fail. Clients can cause any number of them, so each kind has at most one line a minute. A closed connection has no
 * line, because health checks of balancers only connect.
 */
export class TlsErrors {
  readonly #counts: QuietCounts<TlsErrorKind>

  constructor(log: Logger, now?: () => number) {
    const message = 'a TLS handshake failed'
    this.#counts = new QuietCounts({ kinds: tlsErrorKinds, log, message, silent: ['connection'], now })
  }

  get counts(): Readonly<Record<TlsErrorKind, number>> {
    return this.#counts.counts
  }

  /** Takes the `code` of a `tlsClientError` event. */
  add(code: string | undefined): void {
    this.#counts.add(kinds[code ?? ''] ?? 'other')
  }
}
