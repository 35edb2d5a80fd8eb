import { Backends } from '../backends/backends.ts'
import type { CachedBackendOptions } from '../backends/cached-backend.ts'
import type { LoadResult } from '../config/config.ts'
import { type Extent, extentOf } from '../config/extent.ts'
import { ConfigError } from '../model/diagnostic.ts'
import { Resolver } from './resolver.ts'

export interface OpenOptions {
  /** Called when a backend becomes unavailable, and without a problem when it is available again. */
  readonly onBackend?: NonNullable<CachedBackendOptions['onProblem']>
  /** The same for its announcements of changes. */
  readonly onNotify?: NonNullable<CachedBackendOptions['onNotifyProblem']>
  readonly now: () => Date
}

/** A configuration in use. */
export interface OpenConfig {
  readonly resolver: Resolver
  readonly backends: Backends
  readonly extent: Extent
}

/**
 * Opens the backends of a configuration, and a resolver with them. Those of the configuration in use that have not changed stay
 * open; the others are closed. Rejects with `ConfigError` if the configuration has errors or a backend cannot be opened; then all
 * backends that were open stay open.
 */
export async function openConfig(
  result: LoadResult,
  { now, onBackend, onNotify }: OpenOptions,
  inUse?: OpenConfig,
): Promise<OpenConfig> {
  if ('errors' in result) throw new ConfigError(result.errors, result.warnings)
  const { config, files } = result
  const before = inUse?.backends
  const backends = await Backends.open(config.backends, {
    now: () => now().getTime(),
    ...(onBackend && { onProblem: onBackend }),
    ...(onNotify && { onNotifyProblem: onNotify }),
    ...(before && { before }),
  })
  let unused: Backends | undefined = backends
  let used = before
  try {
    const resolver = new Resolver(config, { now: () => now().getTime(), backends })
    const opened = { resolver, backends, extent: extentOf(config, files) }
    unused = before
    used = backends
    return opened
  } finally {
    // Running requests end before, or use cached answers.
    void unused?.closeExcept(used)
  }
}
