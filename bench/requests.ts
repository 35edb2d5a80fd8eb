/** The cost of an answer, compared with Fastify and Node that answer one finished document, and with a naive version. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bench } from './bench.ts'
import { bareFastify, bareHttp, naive } from './candidates.ts'
import { startClient } from './client.ts'
import { build, ours } from './ours.ts'
import { type Candidate, type Server, startServer } from './server.ts'
import { spreadOf } from './spread.ts'
import { figure, type Limit, printResults, printTable } from './table.ts'
import { busy, cpuPerRequest, type Measure, p50, p99, ratio, takeTurns, throughput } from './turns.ts'

const domains = 10_000

await bench('Requests for 10,000 domains over 32 keep-alive connections', async (folder) => {
  const start = (candidate: Candidate): Promise<Server> => startServer(candidate, folder)
  const program = build()
  const quiet = await start(ours(program, folder, { name: 'ours', domains, form: 'map' }))
  const document = join(folder, 'document.xml')
  writeFileSync(document, quiet.document, 'latin1')
  const servers = {
    fastify: await start(bareFastify(folder, domains, document)),
    http: await start(bareHttp(folder, domains, document)),
    naive: await start(naive(folder, domains)),
    quiet,
    logging: await start(
      ours(program, folder, { name: 'ours, access log', domains, form: 'map', accessLog: true }),
    ),
  }
  type Name = keyof typeof servers
  const outcomes = await takeTurns(startClient(), servers)

  const rows = Object.entries(servers).map(([name, { candidate, document }]) => {
    const own = outcomes[name as Name]
    const ratios = [cpuPerRequest, throughput, p50, p99].map(
      (measure) => ratio(measure, own, outcomes.fastify).median,
    )
    const used = spreadOf(own.map(busy)).median
    return [candidate.name, ...[...ratios, used].map(figure), `${document.length}`]
  })
  printTable(['x bare Fastify', 'CPU/request', 'throughput', 'p50', 'p99', 'core used', 'body bytes'], rows)

  if (spreadOf(outcomes.fastify.map(busy)).median < 0.8) {
    console.log('Other jobs held the cores: throughput and latencies of this run say little.\n')
  }

  const goals: readonly (readonly [string, Measure, Name, Name, Limit?, Limit?])[] = [
    ['CPU per request', cpuPerRequest, 'quiet', 'fastify', 1.2, 1.05],
    ['CPU per request', cpuPerRequest, 'logging', 'fastify', 1.5, 1.35],
    ['CPU per request', cpuPerRequest, 'quiet', 'naive', 1 / 4, 1 / 5],
    ['throughput', throughput, 'quiet', 'fastify', { atLeast: 0.75 }, { atLeast: 0.95 }],
    ['throughput', throughput, 'quiet', 'http', { atLeast: 0.6 }, { atLeast: 0.8 }],
    ['p99 at saturation', p99, 'quiet', 'fastify', 1.6, 1.2],
    ['p99 at saturation', p99, 'logging', 'fastify'],
  ]
  printResults(
    goals.map(([what, measure, own, other, must, aim]) => ({
      what: `${what}: ${servers[own].candidate.name} / ${servers[other].candidate.name}`,
      measured: ratio(measure, outcomes[own], outcomes[other]),
      must,
      aim,
    })),
  )
})
