/** The cost of an answer, compared with Fastify and Node that answer one finished document, and with a naive version. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bench } from './bench.ts'
import { bareFastify, bareHttp, naive } from './candidates.ts'
import { startClient } from './client.ts'
import type { Outcome } from './load.ts'
import { build, ours } from './ours.ts'
import { type Candidate, startServer } from './server.ts'
import { spreadOf } from './spread.ts'
import { figure, type Limit, printResults, printTable, type Result } from './table.ts'
import { busy, cpuPerRequest, type Measure, p50, p99, ratio, takeTurns, throughput } from './turns.ts'

const domains = 10_000

/**
 * Two processes of one program differ by up to 20 % for as long as they live, so each pair is started several times. The
 * server that starts first alternates, because the second is often the dearer one.
 */
const starts = 6
const turnsPerStart = 12

type Name = 'ours' | 'logging' | 'fastify' | 'http' | 'naive'

/**
 * The comparisons. Two servers at a time: on a virtual machine, each further process makes all others slower, and the
 * last ones most.
 */
const pairs: readonly (readonly [of: Name, to: Name, goals: readonly Goal[]])[] = [
  [
    'ours',
    'fastify',
    [
      ['CPU per request', cpuPerRequest, 1.2, 1.1],
      ['throughput', throughput, { atLeast: 0.75 }, { atLeast: 0.95 }],
      ['p99 at saturation', p99, 1.6, 1.2],
    ],
  ],
  [
    'logging',
    'fastify',
    [
      ['CPU per request', cpuPerRequest, 1.5, 1.35],
      ['p99 at saturation', p99],
    ],
  ],
  ['ours', 'http', [['throughput', throughput, { atLeast: 0.6 }, { atLeast: 0.8 }]]],
  ['ours', 'naive', [['CPU per request', cpuPerRequest, 1 / 4, 1 / 5]]],
]
type Goal = readonly [what: string, measure: Measure, must?: Limit, aim?: Limit]

await bench('Requests for 10,000 domains over 32 keep-alive connections', async (folder) => {
  const program = build()
  const document = join(folder, 'document.xml')
  const candidates: Readonly<Record<Name, Candidate>> = {
    ours: ours(program, folder, { name: 'ours', domains, form: 'map' }),
    logging: ours(program, folder, { name: 'ours, access log', domains, form: 'map', accessLog: true }),
    fastify: bareFastify(folder, domains, document),
    http: bareHttp(folder, domains, document),
    naive: naive(folder, domains),
  }
  const first = await startServer(candidates.ours, folder)
  writeFileSync(document, first.document, 'latin1')
  await first.stop()

  const rows: string[][] = []
  const results: Result[] = []
  for (const [of, to, goals] of pairs) {
    const outcomes: { of: Outcome[]; to: Outcome[] } = { of: [], to: [] }
    for (let start = 0; start < starts; start++) {
      const isReversed = start % 2 === 1
      const first = await startServer(candidates[isReversed ? of : to], folder)
      const second = await startServer(candidates[isReversed ? to : of], folder)
      const servers = isReversed ? { of: first, to: second } : { to: first, of: second }
      const client = startClient()
      const measured = await takeTurns(client, servers, turnsPerStart)
      await client.close()
      await Promise.all([first.stop(), second.stop()])
      outcomes.of.push(...measured.of)
      outcomes.to.push(...measured.to)
    }

    const what = `${candidates[of].name} / ${candidates[to].name}`
    const ratios = [cpuPerRequest, throughput, p50, p99].map(
      (measure) => ratio(measure, outcomes.of, outcomes.to).median,
    )
    rows.push([what, ...[...ratios, spreadOf(outcomes.of.map(busy)).median].map(figure)])
    for (const [name, measure, must, aim] of goals) {
      const measured = ratio(measure, outcomes.of, outcomes.to)
      results.push({ what: `${name}: ${what}`, measured, must, aim })
    }
  }
  printTable(['', 'CPU/request', 'throughput', 'p50', 'p99', 'core used'], rows)
  console.log(
    'Where little of a core was used, other jobs had it: throughput and latencies say little then.\n',
  )
  printResults(results)
})
