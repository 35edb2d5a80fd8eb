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
  /** How many queries it can answer at once. Further ones wait in a queue in front of it. */
  readonly concurrency?: number
  /** A failure concerns one domain only (such as a broken delegation), so other domains are still looked up. */
  readonly failsByDomain?: true
  /** Connects and runs each query once. Rejects with an error message for the admin. */
  check(signal: AbortSignal): Promise<void>
  status?(): BackendStatus
  close(): Promise<void>
}

/** The state of the connections of a backend, for `/readyz` and metrics. */
export interface BackendStatus {
  readonly connections?: { readonly open: number; readonly idle: number }
  /** Absent if it announces no changes. */
  readonly notify?: { readonly listening: boolean; readonly problem?: string }
}

/** There is no time to send a query, because of our own limits. The backend did not fail. */
export class BackendBusy extends Error {}

/** The address that is asked for to see whether a backend answers. It never exists (RFC 6761, section 6.4). */
export const probe = { localPart: 'nobody', domain: 'example.invalid' as Domain } as const

export type SourceFiles = Readonly<Record<string, string | undefined>>

export interface BackendContext {
  /** The content of `passwordFile`, without the line break at its end. */
  readonly password?: string
  /** The contents of the files that the kind lists, by the key of the setting. */
  readonly files?: SourceFiles
  /**
   * Called when earlier answers about a domain or an address are outdated. Without an argument, all earlier answers are
   * outdated.
   */
  readonly onChange: (domainOrAddress?: string) => void
  /** Called when changes are no longer announced, with the reason, and without one when they are again. */
  readonly onNotifyProblem?: (problem: string | undefined) => void
}

/** A kind of backend: its key below `sources:`, the schema of its settings, and how to open it. */
export interface BackendKind<Settings extends BackendSettings = BackendSettings> {
  readonly key: string
  readonly schema: z.ZodType<Settings>
  /** The npm package that it requires and that the admin must install, with a version if only that one works, as in `x@8`. */
  readonly driver?: (settings: Settings) => string
  /** Do the settings contain a password? Then the configuration file is a secret. */
  readonly hasPassword?: (settings: Settings) => boolean
  /** The settings that name a file with text. */
  readonly files?: readonly string[]
  /** The settings that decide what it answers. As long as they stay the same, its answers outlive a reload. */
  readonly queriesOf?: (settings: Settings) => unknown
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
    description:
      'How long one query may take, in seconds, without its time in the queue. No client waits for longer than four seconds.',
  }),
  queue: z.int().min(0).max(1_000_000).default(10_000).meta({
    description:
      'How many queries may wait for their turn. Beyond that, the one that has waited longest is answered with what is known.',
  }),
  cacheSize: z.int().min(1).max(10_000_000).default(100_000).meta({
    description: 'How many known domains and addresses to cache.',
  }),
  negativeCacheSize: z.int().min(1).max(10_000_000).default(50_000).meta({
    description: 'How many unknown domains and addresses to cache.',
  }),
} as const

/** For backends without connections of their own: how many queries run at once. */
export const concurrencySetting = z.int().min(1).max(1000).default(64).meta({
  description: 'How many queries may run at once. Others wait in the queue.',
})

export interface BackendSettings {
  readonly ttl: number
  readonly negativeTtl: number
  readonly timeout: number
  readonly queue: number
  readonly cacheSize: number
  readonly negativeCacheSize: number
  readonly passwordFile?: string | undefined
}
