import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from './connection.ts'
import { fault, questionAt } from './questions.ts'
import type { Server } from './server.ts'

/**
 * Puts another generation of the map in place, by `change` and by SIGHUP unless the server is to notice by itself, and
 * waits until it answers by it. Gives the milliseconds that took.
 */
export async function reload(
  server: Server,
  generation: number,
  change: () => void,
  trigger: 'SIGHUP' | 'file change',
): Promise<number> {
  const question = questionAt(0)
  const connection = await Connection.open(server.port)
  const start = performance.now()
  change()
  if (trigger === 'SIGHUP') process.kill(server.pid, 'SIGHUP')
  while (performance.now() - start < patience) {
    const answer = await connection.ask(question.request)
    if (answer && fault(question, answer, [generation]) === undefined) {
      connection.close()
      return performance.now() - start
    }
    await sleep(10)
  }
  throw new Error(`${server.candidate.name} was not reloaded by ${trigger} within ${patience / 1000} s`)
}

/** Milliseconds. */
const patience = 60_000
