import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds. Even a busy machine needs less for anything that a test waits for. */
const longest = 60_000

/** Looks at a condition until it is true. Rejects after a minute, with `what` was waited for. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what = String(condition),
): Promise<true> {
  const end = performance.now() + longest
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited in vain for: ${what}`)
    await sleep(5)
  }
  return true
}
