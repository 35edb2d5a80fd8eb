/** The effect of a reload of a million domains on clients: none, if all goes well. */
import { setTimeout as sleep } from 'node:timers/promises'
import { bench } from './bench.ts'
import { startClient } from './client.ts'
import type { Outcome } from './load.ts'
import { build, ours } from './ours.ts'
import { reload } from './reloading.ts'
import { startServer } from './server.ts'
import { spreadOf } from './spread.ts'
import { figure, printResults, printTable } from './table.ts'

const perSecond = 500
const triggers = ['SIGHUP', 'file change', 'SIGHUP', 'file change'] as const
/** The length of each phase without a reload, and the maximum for one with a reload, in milliseconds. */
const calmPhase = 6_000
const longestPhase = 70_000

await bench(`Reload of 1,000,000 domains at ${perSecond} requests a second, open loop`, async (folder) => {
  const candidate = ours(build(), folder, { name: 'ours', domains: 1_000_000, form: 'map' })
  const server = await startServer(candidate, folder)
  const client = startClient()
  const load = (right: readonly number[], milliseconds: number): Promise<Outcome> => {
    const { port, pid } = server
    return client.run({ port, pid, domains: 10_000, among: candidate.among, right, milliseconds, perSecond })
  }

  await load([0], calmPhase) // while V8 compiles
  const phases: Phase[] = []
  for (const [turn, trigger] of triggers.entries()) {
    const [old, next] = [turn % 2, (turn + 1) % 2] as [number, number]
    const change = candidate.prepareMap(next)
    phases.push({ name: 'before', outcome: await load([old], calmPhase) })
    const underLoad = load([old, next], longestPhase)
    const took = await reload(server, next, change, trigger)
    await sleep(1_000)
    client.stop()
    phases.push({ name: `reload by ${trigger}`, outcome: await underLoad, took })
  }
  phases.push({ name: 'after', outcome: await load([triggers.length % 2], calmPhase) })

  printTable(
    ['milliseconds', 'in force after', 'right', 'wrong', 'failed', 'p50', 'p99', 'longest'],
    phases.map(({ name, outcome: { right, wrong, failed, ...times }, took }) => {
      const latencies = [times.p50, times.p99, times.longest].map(figure)
      return [name, took === undefined ? '' : figure(took), `${right}`, `${wrong}`, `${failed}`, ...latencies]
    }),
  )
  const all = phases.map(({ outcome }) => outcome)
  const reloading = phases.filter(({ took }) => took !== undefined).map(({ outcome }) => outcome)
  const calm = all.filter((outcome) => !reloading.includes(outcome))
  const p99 = (outcomes: readonly Outcome[]): number =>
    spreadOf(outcomes.map((outcome) => outcome.p99)).median
  const longest = (outcomes: readonly Outcome[]): number =>
    Math.max(...outcomes.map((outcome) => outcome.longest))
  const errors = all.reduce((sum, outcome) => sum + outcome.wrong + outcome.failed, 0)
  printResults([
    { what: 'wrong or failed answers', measured: errors, must: 0 },
    { what: 'longest answer while reloading, ms', measured: longest(reloading), must: 100, aim: 25 },
    { what: 'longest answer otherwise, ms', measured: longest(calm) },
    { what: 'p99 while reloading / otherwise', measured: p99(reloading) / p99(calm), must: 3, aim: 2 },
  ])
  for (const { name, outcome } of phases) {
    if (outcome.mistake !== undefined) console.log(`${name}: ${outcome.mistake}`)
  }
})

interface Phase {
  readonly name: string
  readonly outcome: Outcome
  /** Milliseconds until the new map was in use, if there was one. */
  readonly took?: number
}
