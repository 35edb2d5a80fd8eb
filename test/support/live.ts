import type { Test } from 'tap'
import { loadConfig } from '../../src/config/load.ts'
import { fingerprint } from '../../src/reading/fingerprint.ts'
import { LiveResolver, type LiveResolverOptions } from '../../src/resolver/live-resolver.ts'
import { domain } from './example.ts'
import { until } from './until.ts'

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

/** Counts how often each file is looked at, so that a test waits for looks, and not for a time. */
export function countedLooks() {
  let count = 0
  return {
    fingerprint: (file: string) => {
      count++
      return fingerprint(file)
    },
    /** Resolves when files were looked at so many more times. */
    more: (times: number) => {
      const last = count + times
      return until(() => count >= last, `${times} looks at files`)
    },
  }
}
