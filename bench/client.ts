import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Load, Outcome } from './load.ts'
import { clientCore, kill, spawnNode } from './process.ts'

/** The load generator in its own process, on the client's core. */
export interface Client {
  /** Runs one load at a time. Rejects if the process ends or takes much too long. */
  run(load: Load): Promise<Outcome>
  /** Ends the current load; its outcome follows. */
  stop(): void
  close(): Promise<void>
}

export function startClient(): Client {
  const program = fileURLToPath(new URL('load.ts', import.meta.url))
  const args = ['--import', import.meta.resolve('tsx'), program]
  const child = spawnNode(clientCore, args, ['ignore', 'inherit', 'inherit', 'ipc'])
  return {
    async run(load) {
      const over = new AbortController()
      const signal = AbortSignal.any([over.signal, AbortSignal.timeout(load.milliseconds + grace)])
      const ended = once(child, 'exit', { signal }).then(() => {
        throw new Error('the load generator ended')
      })
      child.send(load)
      try {
        const [outcome] = await Promise.race([once(child, 'message', { signal }), ended])
        return outcome
      } finally {
        over.abort()
      }
    },
    stop: () => void child.send('stop'),
    close: () => kill(child),
  }
}

/** Extra time for the last answers and for a busy machine, in milliseconds. */
const grace = 30_000
