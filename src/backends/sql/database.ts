import type { Meanings } from './failure.ts'
import type { Query } from './query.ts'

/** One connection to a database; asked one thing at a time. */
export interface SqlConnection {
  /** Not so any more when the server has gone. */
  readonly usable: boolean
  /** The first column of the first row, the parameter bound. */
  first(query: Query, parameter: string): Promise<unknown>
  /** All rows, some at a time; the connection is good for nothing else afterwards. */
  rows(query: Query): AsyncIterable<readonly unknown[]>
  /** Takes leave of the server. */
  close(): Promise<void>
  /** At once, whatever is under way. */
  destroy(): void
}

/** A database, and the language that it is spoken to in. */
export interface SqlDatabase {
  readonly meanings: Meanings
  /** `limit`: how long the server may work at one query, in milliseconds. It has `timeout` to let us in, in any case. */
  connect(limit?: number): Promise<SqlConnection>
  /** Calls back with each payload of the channel, and with none when something may have been missed. */
  listen?(channel: string, onChange: (payload?: string) => void): { close(): Promise<void> }
}

/** Where a database is, and who asks it. */
export interface SqlServer {
  readonly host: string
  readonly port: number
  /** A Unix socket (PostgreSQL: the folder of it) in place of host and port. */
  readonly socket?: string
  readonly user?: string
  readonly password?: string
  readonly database?: string
  /** With the certificate verified. */
  readonly tls: boolean
  /** How long it may take to connect, in milliseconds. */
  readonly timeout: number
}
