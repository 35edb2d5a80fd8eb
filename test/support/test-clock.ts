import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../src/watch/clock.ts'

/** Time that passes only when a test says so. */
export class TestClock implements Clock {
  time = Date.parse('2026-11-30T00:00:00Z')
  chance = 0.5
  #sleepers: { readonly at: number; readonly wake: () => void }[] = []

  now = (): number => this.time
  random = (): number => this.chance

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const wake = () => {
        signal.removeEventListener('abort', wake)
        this.#remove(sleeper)
        resolve()
      }
      const sleeper = { at: this.time + milliseconds, wake }
      this.#sleepers.push(sleeper)
      signal.addEventListener('abort', wake)
    })
  }

  /** How many wait. */
  get waiting(): number {
    return this.#sleepers.length
  }

  /** Lets some milliseconds pass, and everything happen that has its turn meanwhile. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds
    for (;;) {
      await settle()
      const next = this.#sleepers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.time = Math.max(this.time, next.at)
      next.wake()
    }
    this.time = end
    await settle()
  }

  #remove(sleeper: object): void {
    this.#sleepers = this.#sleepers.filter((each) => each !== sleeper)
  }
}

/** Everything that waits for no time has happened. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await setImmediate()
}
