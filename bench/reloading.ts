import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from './connection.ts'
import { mistake, questionAt } from './questions.ts'
import type { Server } from './server.ts'

/**
 * Installs another generation of the map with `change`, and sends SIGHUP unless the server should notice by itself. Waits
 * until the server answers with the new map, and returns the milliseconds that this took.
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
    if (answer && mistake(question, answer, [generation]) === undefined) {
      connection.close()
      return performance.now() - start
    }
    await sleep(10)
  }
  throw new Error(`${server.candidate.name} was not reloaded by ${trigger} within ${patience / 1000} s`)
}

/** Milliseconds. */
const patience = 60_000
