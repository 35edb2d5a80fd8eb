import { closeSync, openSync } from 'node:fs'
import { memory } from '../proc.ts'
import type { Row } from './row.ts'
import { metric, startVictim, type Victim } from './victim.ts'

const requests = 20_000

/** A log that cannot be written. */
export async function fullLog(program: string, folder: string): Promise<Row[]> {
  const full = openSync('/dev/full', 'w')
  const cases = [
    ['a full disk', await startVictim(program, folder, { stdout: full })],
    ['a pipe that nobody reads', await startVictim(program, folder, { stdout: 'pipe' })],
  ] as const
  closeSync(full)
  const rows: Row[] = []
  for (const [what, victim] of cases) {
    await ask(victim)
    const dropped = await metric(victim, 'mail_autoconfig_log_lines_dropped_total')
    const { peak } = memory(victim.pid)
    const { milliseconds, code } = await victim.stop()
    rows.push({
      attack: `SIGTERM after ${requests} lines for a log that is ${what}`,
      measured: `ended after ${Math.round(milliseconds)} ms with ${code}, ${dropped} lines dropped, RSS ${Math.round(peak)} MB`,
      aim: 'ends within 10 s',
      isReached: milliseconds < 10_000 && code === 0,
    })
  }
  return rows
}

async function ask({ port }: Victim): Promise<void> {
  const url = `http://127.0.0.1:${port}/v1.1/example.org`
  for (let sent = 0; sent < requests; sent += 100) {
    await Promise.all(Array.from({ length: 100 }, async () => (await fetch(url)).arrayBuffer()))
  }
}
