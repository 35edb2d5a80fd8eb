/** The additional cost of a million domains over one: per request, and in memory. */
import { setTimeout as sleep } from 'node:timers/promises'
import { bench } from './bench.ts'
import { type Client, startClient } from './client.ts'
import { keptBytes } from './kept.ts'
import { build, ours } from './ours.ts'
import { memory, resetPeak } from './proc.ts'
import { reload } from './reloading.ts'
import { type Candidate, startServer } from './server.ts'
import { spreadOf } from './spread.ts'
import { printResults } from './table.ts'
import { cpuPerRequest, ratio, saturate, takeTurns } from './turns.ts'

const million = 1_000_000
/** Milliseconds until a server is idle. */
const idle = 3_000

await bench('Scale: 1, 10,000 and 1,000,000 domains in a map file', async (folder) => {
  const program = build()
  const one = ours(program, folder, { name: '1 domain', domains: 1, form: 'map' })
  const some = ours(program, folder, { name: '10,000 domains', domains: 10_000, form: 'map' })
  const many = ours(program, folder, { name: '1,000,000 domains', domains: million, form: 'map' })

  const client = startClient()
  const perDomain = { kept: [] as number[], resident: [] as number[] }
  for (let round = 0; round < 3; round++) {
    const [least, most] = [await bytesInUse(client, one, folder), await bytesInUse(client, many, folder)]
    perDomain.kept.push((most.kept - least.kept) / million)
    perDomain.resident.push((most.resident - least.resident) / million)
  }

  const servers = {
    one: await startServer(one, folder),
    some: await startServer(some, folder),
    many: await startServer(many, folder),
  }
  const outcomes = await takeTurns(client, servers)
  const { pid } = servers.many
  await sleep(idle)
  const { rss } = memory(pid)

  const change = many.prepareMap(1)
  const since = resetPeak(pid) ? 'during a reload' : 'since the start, a reload included'
  await reload(servers.many, 1, change, 'SIGHUP')
  await sleep(idle)
  const { peak } = memory(pid)

  const { one: few } = outcomes
  printResults([
    { what: 'CPU per request, 10,000 domains / 1', measured: ratio(cpuPerRequest, outcomes.some, few) },
    {
      what: 'CPU per request, 1,000,000 / 1',
      measured: ratio(cpuPerRequest, outcomes.many, few),
      must: 1.2,
      aim: 1.1,
    },
    { what: 'bytes kept per domain', measured: spreadOf(perDomain.kept), must: 60, aim: 45 },
    { what: 'bytes of RSS per domain', measured: spreadOf(perDomain.resident) },
    { what: 'RSS with 1,000,000 domains after the load, MB', measured: rss, must: 220, aim: 130 },
    { what: `peak RSS ${since}, MB`, measured: peak, must: 350, aim: 200 },
  ])
})

/** The memory of a server that has answered for a while, so that the garbage of its start is gone, and is idle again. */
async function bytesInUse(
  client: Client,
  candidate: Candidate,
  folder: string,
): Promise<{ readonly kept: number; readonly resident: number }> {
  const server = await startServer(candidate, folder)
  await saturate(client, server, 3_000)
  await sleep(idle)
  const bytes = { resident: memory(server.pid).rss * 2 ** 20, kept: await keptBytes(server) }
  await server.stop()
  return bytes
}
