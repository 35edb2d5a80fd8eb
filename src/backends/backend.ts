import * as z from 'zod'
import type { Domain, EmailAddress } from '../model/address.ts'

/**
 * A database, an LDAP server or the DNS, asked for the host of a domain and the login name of an address. It does not cache:
 * `CachedBackend` caches its answers and limits the time of its queries.
 */
export interface Backend {
  /**
   * The host of a domain: its key, its host name, or a Postfix transport. `undefined` for an unknown domain. Rejects if the
   * backend cannot answer.
   */
  findHost?(domain: Domain, signal: AbortSignal): Promise<string | undefined>
  /** The login name of an address; `undefined` for an unknown address. Rejects if the backend cannot answer. */
  findLogin?(address: EmailAddress, signal: AbortSignal): Promise<string | undefined>
  /** Every domain and its host, as the backend spells them. Absent if it cannot list them. */
  list?(signal: AbortSignal): AsyncIterable<{ readonly domain: string; readonly host: string }>
  /** A failure concerns one domain only (such as a broken delegation), so other domains are still looked up. */
  readonly failsByDomain?: true
  /** Connects and runs each query once. Rejects with an error message for the admin. */
  check(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

export interface BackendContext {
  /** The content of `passwordFile`, without the line break at its end. */
  readonly password?: string
  /**
   * Called when earlier answers about a domain or an address are outdated. Without an argument, all earlier answers are
   * outdated.
   */
  readonly onChange: (domainOrAddress?: string) => void
}

/** A kind of backend: its key below `sources:`, the schema of its settings, and how to open it. */
export interface BackendKind<Settings extends BackendSettings = BackendSettings> {
  readonly key: string
  readonly schema: z.ZodType<Settings>
  /** The npm package that it requires and that the admin must install, with a version if only that one works, as in `x@8`. */
  readonly driver?: (settings: Settings) => string
  /** Do the settings contain a password? Then the configuration file is a secret. */
  readonly hasPassword?: (settings: Settings) => boolean
  /** Does not connect yet, so a backend that is down can be opened. */
  open(settings: Settings, context: BackendContext): Promise<Backend>
}

/** The settings that all kinds share. */
export const backendSettings = {
  ttl: z.int().min(1).max(86_400).default(300).meta({
    description: 'How long to cache an answer, in seconds.',
  }),
  negativeTtl: z.int().min(1).max(86_400).default(60).meta({
    description: 'How long to cache "unknown", in seconds.',
  }),
  timeout: z.number().min(0.05).max(30).default(1).meta({
    description: 'How long one query may take, in seconds. Mail clients wait for about three.',
  }),
} as const

export interface BackendSettings {
  readonly ttl: number
  readonly negativeTtl: number
  readonly timeout: number
  readonly passwordFile?: string | undefined
}
