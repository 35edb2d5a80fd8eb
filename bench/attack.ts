/** Attacks and accidents, and how the server withstands them: the table of docs/reliability.md. */
import { fullLog } from './attacks/full-log.ts'
import { pipelining } from './attacks/pipelining.ts'
import { resetting } from './attacks/resets.ts'
import type { Row } from './attacks/row.ts'
import { silence } from './attacks/silence.ts'
import { stopping } from './attacks/stops.ts'
import { bench } from './bench.ts'
import { build } from './ours.ts'

/** By name, to play only some: `npx tsx bench/attack.ts silence stops`. */
const attacks: Readonly<Record<string, (program: string, folder: string) => Promise<Row[]>>> = {
  pipelining,
  silence,
  log: fullLog,
  resets: resetting,
  stops: stopping,
}

await bench('Attacks', async (folder) => {
  const program = build()
  const wanted = process.argv.slice(2)
  console.log('| attack or accident | measured | aim | reached |\n| --- | --- | --- | --- |')
  for (const [name, attack] of Object.entries(attacks)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    for (const { attack: what, measured, aim, isReached } of await attack(program, folder))
      console.log(`| ${what} | ${measured} | ${aim} | ${isReached ? 'yes' : '**no**'} |`)
  }
})
