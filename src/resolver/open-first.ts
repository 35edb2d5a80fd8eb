import type { LoadResult } from '../config/config.ts'
import { lossesBetween } from '../config/losses.ts'
import { ConfigError } from '../model/diagnostic.ts'
import { failure, type Result, success } from '../model/result.ts'
import type { ReadFile } from '../reading/files.ts'
import type { LoadState, SavedConfig } from './load-state.ts'
import { type OpenConfig, type OpenOptions, openConfig } from './open-config.ts'

/** The configuration that a start uses. */
export interface FirstConfig {
  readonly inUse: OpenConfig
  /** The files of the configuration on disk, even if a saved one is in use. */
  readonly files: readonly ReadFile[]
  readonly state: LoadState
}

export interface OpenFirstOptions extends OpenOptions {
  readonly load: () => Promise<LoadResult>
  readonly saved?: SavedConfig | undefined
}

/**
 * Opens the configuration on disk. If it cannot be used, or has lost most domains since it was saved, opens the saved one, so that a
 * start is not worse than a reload. Rejects with the `ConfigError` of the configuration on disk if there is no other.
 */
export async function openFirst(options: OpenFirstOptions): Promise<FirstConfig> {
  const { load, saved, now } = options
  const loadedAt = now()
  const reloads = { succeeded: 0, failed: 0, held: 0 }
  const result = await load()
  const { files } = result
  const opened = await openConfig(result, options).then(success, expected)
  const losses = opened.ok && saved?.saved ? lossesBetween(saved.saved.extent, opened.value.extent) : []
  if (opened.ok && losses.length === 0) return { inUse: opened.value, files, state: { loadedAt, reloads } }

  const inUse = await openSaved(options)
  if (!inUse || !saved?.saved) {
    if (!opened.ok) throw opened.error
    return { inUse: opened.value, files, state: { loadedAt, reloads } }
  }
  const common = { loadedAt, reloads, savedAt: saved.saved.at }
  if (opened.ok) {
    void opened.value.backends.close()
    return { inUse, files, state: { ...common, held: { at: loadedAt, losses } } }
  }
  return { inUse, files, state: { ...common, lastError: { at: loadedAt, errors: opened.error.errors } } }
}

/** Anything but a `ConfigError` is a bug. */
function expected(error: Error): Result<never, ConfigError> {
  if (error instanceof ConfigError) return failure(error)
  throw error
}

async function openSaved(options: OpenFirstOptions): Promise<OpenConfig | undefined> {
  const loaded = await options.saved?.load()
  return loaded && openConfig(loaded, options).catch(() => undefined)
}
