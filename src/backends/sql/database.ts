import type { ErrorTexts } from '../driver-errors.ts'
import type { ListeningConnection } from '../listener.ts'
import type { TlsFiles } from '../tls-files.ts'
import type { Query } from './query.ts'

/** A connection to a database. It runs one query at a time. */
export interface SqlConnection {
  /** False once the server has closed the connection. */
  readonly usable: boolean
  /** Binds the parameter and returns the first column of the first row. */
  first(query: Query, parameter: string): Promise<unknown>
  /** Yields all rows, reading them in batches. The connection cannot be used for another query afterwards. */
  rows(query: Query): AsyncIterable<readonly unknown[]>
  /** Closes the connection. */
  close(): Promise<void>
  /** Drops the connection immediately, even during a query. */
  destroy(): void
}

/** A database that can be connected to. */
export interface SqlDatabase {
  readonly errorTexts: ErrorTexts
  /**
   * `limit`: how long the server may work on one query, in milliseconds. Connecting itself is always limited by the timeout
   * of the server.
   */
  connect(limit?: number): Promise<SqlConnection>
  /** Opens a connection that calls back with the payload of each notification. */
  listen?(channel: string, onNotification: (payload?: string) => void): Promise<ListeningConnection>
}

/** How to connect to a database server. */
export interface SqlServer {
  readonly host: string
  readonly port: number
  /** A Unix socket instead of host and port; for PostgreSQL the directory that contains it. */
  readonly socket?: string
  readonly user?: string
  readonly password?: string
  readonly database?: string
  /** TLS always verifies the certificate. */
  readonly tls: false | TlsFiles
  /** The time limit for connecting, in milliseconds. */
  readonly timeout: number
}
