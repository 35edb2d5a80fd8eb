import type { SecureContext } from 'node:tls'
import type { Ask } from './dns-query.ts'
import type { NameServer } from './name-server.ts'

/** The outside, as the checks see it. */
export interface Network {
  readonly names: NameServer
  /** The same name servers, with what DNSSEC says. */
  readonly ask: Ask
  /** `--connect`: hosts whose address is given instead of asked for. */
  readonly connect: ReadonlyMap<string, Place>
  /** The trusted authorities. */
  readonly trust: SecureContext
  /** How long a connection may last, in milliseconds. */
  readonly timeout: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Ends all connections when it aborts. The results of what runs then mean nothing. */
  readonly signal?: AbortSignal
}

/** Where to connect to. Without a port, the advertised one. */
export interface Place {
  readonly address: string
  readonly port?: number
}
