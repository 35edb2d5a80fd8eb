import type { Config, LoadResult } from '../config/config.ts'
import type { Extent } from '../config/extent.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { ReadFile } from '../reading/files.ts'

/** The result of the last attempts to load the configuration. At most one of `lastError` and `held` is present. */
export interface LoadState {
  readonly loadedAt: Date
  readonly reloads: { readonly succeeded: number; readonly failed: number; readonly held: number }
  /** Why the last attempt failed; absent if it succeeded. */
  readonly lastError?: { readonly at: Date; readonly errors: readonly Diagnostic[] }
  /** Why the last attempt waits until somebody confirms it (`lossesBetween`). */
  readonly held?: { readonly at: Date; readonly losses: readonly string[] }
  /** The configuration in use was not read from its files but from copies of this time. */
  readonly savedAt?: Date
}

export type ReloadResult =
  | {
      readonly config: Config
      /** The sources that the reload has opened again, and how many answers each has kept. */
      readonly reopened: readonly { readonly source: string; readonly keptAnswers: number }[]
    }
  | { readonly errors: readonly Diagnostic[] }
  /** It waits until somebody confirms it, by SIGHUP. */
  | { readonly held: readonly string[] }

/** The state after a reload. */
export function stateAfter(state: LoadState, result: ReloadResult, at: Date): LoadState {
  const { reloads, lastError: _error, held: _held, ...inUse } = state
  if ('config' in result) return { loadedAt: at, reloads: { ...reloads, succeeded: reloads.succeeded + 1 } }
  if ('held' in result)
    return {
      ...inUse,
      reloads: { ...reloads, held: reloads.held + 1 },
      held: { at, losses: result.held },
    }
  const { errors } = result
  return { ...inUse, reloads: { ...reloads, failed: reloads.failed + 1 }, lastError: { at, errors } }
}

/** Keeps the last good configuration, for a start with one that cannot be used. */
export interface SavedConfig {
  /** The time and extent of the saved configuration; `undefined` if nothing is saved. */
  readonly saved: { readonly at: Date; readonly extent: Extent } | undefined
  /** Where it is, for messages. */
  readonly directory: string
  /** Loads it; `undefined` if nothing is saved, or the copies cannot be used. Never rejects. */
  load(): Promise<Extract<LoadResult, { config: Config }> | undefined>
  /** The content of the last good version of a file; `undefined` if there is none. Never rejects. */
  read(file: string): Promise<Uint8Array | undefined>
  /** Saves the configuration in use, and the files that it was read from. Never rejects. */
  save(config: Config, files: readonly ReadFile[]): Promise<void>
  /** Ends saving as soon as possible. */
  stop(): void
}
