import * as z from 'zod'
import type { Domain, EmailAddress } from '../model/address.ts'

/**
 * Somewhere outside that is asked who serves a domain, and what an address logs in with: a database, a directory, the DNS.
 * It keeps nothing: what it said is kept by those who ask (`cached-backend.ts`), who also bound how long it may take.
 */
export interface Backend {
  /**
   * The host of a domain: its key, its host name, or a Postfix transport. `undefined` if the source does not know the
   * domain. Rejects where it cannot say.
   */
  findHost?(domain: Domain, signal: AbortSignal): Promise<string | undefined>
  /** What an address logs in with; likewise. */
  findLogin?(address: EmailAddress, signal: AbortSignal): Promise<string | undefined>
  /** Every domain that it knows, as it spells them, and the host; absent where it cannot tell. */
  list?(signal: AbortSignal): AsyncIterable<{ readonly domain: string; readonly host: string }>
  /** A failure tells of the domain that was asked about, and not of the source: others may be asked all the same. */
  readonly failsByDomain?: true
  /** Connects and asks each of its questions once; rejects with what is wrong, in words for the admin. */
  check(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** What a source is opened with. */
export interface BackendContext {
  /** What stands in `passwordFile`, without the line break at its end. */
  readonly password?: string
  /** To be called when what was said before is no longer so: of one domain or address, or of all. */
  readonly onChange: (domainOrAddress?: string) => void
}

/** A kind of remote source: its key below `sources:`, what may stand there, and how it is opened. */
export interface BackendKind<Settings extends BackendSettings = BackendSettings> {
  readonly key: string
  readonly schema: z.ZodType<Settings>
  /** The npm package that it needs, which is not installed with ours; with the version that it has to be, as in `x@8`. */
  readonly driver?: (settings: Settings) => string
  /** Does not connect yet; a source that is down is opened all the same. */
  open(settings: Settings, context: BackendContext): Promise<Backend>
}

/** What each of them may say. */
export const backendSettings = {
  ttl: z.int().min(1).max(86_400).default(300).meta({
    description: 'How long an answer is kept, in seconds; then the source is asked again.',
  }),
  negativeTtl: z.int().min(1).max(86_400).default(60).meta({
    description: 'How long it is kept that a domain or an address is not known there, in seconds.',
  }),
  timeout: z.number().min(0.05).max(30).default(1).meta({
    description: 'How long one question may take, in seconds. Mail clients wait for about three.',
  }),
} as const

export interface BackendSettings {
  readonly ttl: number
  readonly negativeTtl: number
  readonly timeout: number
  readonly passwordFile?: string | undefined
}
