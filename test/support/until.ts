import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds. Even a busy machine needs less for anything that a test waits for. */
const longest = 60_000

/** Milliseconds. */
const firstPause = 5

/**
 * Looks at a condition until it is true. Rejects after a minute, with `what` was waited for. The pauses between two looks become longer,
 * since a look may cost as much as a request, up to `longestPause` milliseconds.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what = String(condition),
  longestPause = 60,
): Promise<true> {
  const end = performance.now() + longest
  for (let pause = firstPause; !(await condition()); pause = Math.min(1.3 * pause, longestPause)) {
    if (performance.now() > end) throw new Error(`waited in vain for: ${what}`)
    await sleep(pause)
  }
  return true
}
