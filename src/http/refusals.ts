import type { Logger } from 'pino'
import { QuietCounts } from './quiet-counts.ts'

/** Why a connection is closed, or a request is refused, that would cost the others too much. */
export const refusalKinds = [
  /** All connections are taken, and this one was the oldest without a request. */
  'no-request',
  /** All connections are taken, and all of them have sent requests. */
  'connections',
  /** Too many connections from one address. */
  'connections-of-address',
  /** Too many requests on a connection without reading the answers. */
  'pipelining',
  /** Too many requests from one address. */
  'rate',
] as const
export type RefusalKind = (typeof refusalKinds)[number]

/** Counts refusals. A line never contains the address. */
export const refusals = (log: Logger, now?: () => number): QuietCounts<RefusalKind> =>
  new QuietCounts({ kinds: refusalKinds, log, message: 'a limit was reached', now })
