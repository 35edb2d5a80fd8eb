import { mock } from 'node:test'
import type { Test } from 'tap'

/** `setInterval` of this process, which calls nothing until the test lets milliseconds `pass`. */
export function heldTimers(t: Test): { pass(milliseconds: number): void } {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => mock.timers.reset())
  return { pass: (milliseconds) => mock.timers.tick(milliseconds) }
}
