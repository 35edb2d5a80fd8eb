import type { Test } from 'tap'
import { loadConfig } from '../../src/config/load.ts'
import { LiveResolver, type LiveResolverOptions } from '../../src/resolver/live-resolver.ts'
import { domain } from './example.ts'

/** A resolver that looks at its files every few milliseconds, and loads them in this thread. */
export async function openLive(
  t: Test,
  file: string,
  change: Partial<LiveResolverOptions> = {},
): Promise<LiveResolver> {
  const live = await LiveResolver.open({
    load: () => loadConfig(file),
    reload: ({ ispdb }) => loadConfig(file, { ispdb }),
    pollInterval: 10,
    now: () => new Date(0),
    ...change,
  })
  t.teardown(() => live.close())
  return live
}

/** The key of the host that a domain is mapped to. */
export const hostOf = (live: LiveResolver, name: string): string | undefined =>
  live.current.find(domain(name))?.host.key
