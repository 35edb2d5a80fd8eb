import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Row } from './row.ts'
import { metric, startVictim } from './victim.ts'

/** Connections that never send a byte, to a server that may open few files. */
export async function silence(program: string, folder: string): Promise<Row[]> {
  const victim = await startVictim(program, folder, { openFiles: 120 })
  const silent = Array.from({ length: 200 }, () =>
    connect(victim.port, '127.0.0.1').on('error', () => undefined),
  )
  await sleep(500)
  const times: number[] = []
  let failed = 0
  for (let tries = 0; tries < 10; tries++) {
    for (const port of [victim.port, victim.adminPort]) {
      const start = performance.now()
      const answer = fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(5000) })
      if (!(await answer.catch(() => undefined))) failed++
      times.push(performance.now() - start)
    }
    await sleep(100)
  }
  const closed = await metric(victim, 'mail_autoconfig_refused_total{kind="no-request"}')
  for (const socket of silent) socket.destroy()
  victim.child.kill('SIGKILL')
  return [
    {
      attack: '200 connections that send nothing, 120 open files allowed',
      measured: `${failed} of ${times.length} requests of others failed, the slowest took ${Math.round(Math.max(...times))} ms; ${closed} connections closed`,
      aim: 'nobody is shut out',
      isReached: failed === 0,
    },
  ]
}
