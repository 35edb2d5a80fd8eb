/** The cost of a store for the limits: the same server with and without it. */
import { RedisServer } from '../test/support/redis-server.ts'
import { bench } from './bench.ts'
import { startClient } from './client.ts'
import type { Outcome } from './load.ts'
import { build, ours } from './ours.ts'
import { startServer } from './server.ts'
import { printResults } from './table.ts'
import { cpuPerRequest, p99, ratio, takeTurns } from './turns.ts'

/** Each pair is started several times, as in requests.ts. */
const starts = 4
const turnsPerStart = 12

await bench('Requests with and without a store for the limits', async (folder) => {
  const program = build()
  const store = await new RedisServer().start()
  const rateLimit = { rate: 1_000_000, burst: 10_000_000 }
  const setup = { domains: 10_000, form: 'map', files: { secret: 'x'.repeat(32) } } as const
  const rateLimitStore = { url: `redis://127.0.0.1:${store.port}`, secretFile: 'secret' }
  const without = ours(program, folder, { ...setup, name: 'without', http: { rateLimit } })
  const shared = ours(program, folder, { ...setup, name: 'shared', http: { rateLimit, rateLimitStore } })
  const outcomes: { without: Outcome[]; shared: Outcome[] } = { without: [], shared: [] }
  for (let start = 0; start < starts; start++) {
    const isReversed = start % 2 === 1
    const first = await startServer(isReversed ? shared : without, folder)
    const second = await startServer(isReversed ? without : shared, folder)
    const servers = isReversed ? { shared: first, without: second } : { without: first, shared: second }
    const client = startClient()
    const measured = await takeTurns(client, servers, turnsPerStart)
    await client.close()
    await Promise.all([first.stop(), second.stop()])
    outcomes.without.push(...measured.without)
    outcomes.shared.push(...measured.shared)
  }
  const exchanges = store.commands.filter(([name]) => name === 'EVAL').length
  store.stop()
  if (exchanges < 100) throw new Error(`only ${exchanges} exchanges with the store`)
  console.log(`${exchanges} exchanges with the store\n`)
  printResults([
    {
      what: 'CPU per request',
      measured: ratio(cpuPerRequest, outcomes.shared, outcomes.without),
      must: 1.05,
      aim: 1.02,
    },
    {
      what: 'p99 at saturation',
      measured: ratio(p99, outcomes.shared, outcomes.without),
      must: undefined,
      aim: undefined,
    },
  ])
})
