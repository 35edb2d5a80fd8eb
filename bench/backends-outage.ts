/** Answers while a source is cold, overloaded, down or flooded. Prints the table of docs/reliability.md, in about two minutes. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Backend } from '../src/backends/backend.ts'
import { Backends } from '../src/backends/backends.ts'
import { CachedBackend } from '../src/backends/cached-backend.ts'
import { loadConfig } from '../src/config/load.ts'
import { routesFor } from '../src/http/routes.ts'
import { paths } from '../src/model/paths.ts'
import { Pages } from '../src/page/pages.ts'
import { Resolver } from '../src/resolver/resolver.ts'
import { ProfileSigner } from '../src/signing/profile-signer.ts'
import { bench } from './bench.ts'
import { domainAt, hostKeyAt, hostKeys } from './domains.ts'
import { hostnameOf, provider } from './provider.ts'
import { figure, printTable } from './table.ts'

/** A database with as many domains as are asked for. The domains after them are unknown. */
class Database implements Backend {
  readonly concurrency: number
  /** Milliseconds. */
  readonly #delay: number
  readonly #known: ReadonlyMap<string, number>
  isDown = false
  queries = 0

  constructor(known: ReadonlyMap<string, number>, delay: number, connections: number) {
    this.#known = known
    this.#delay = delay
    this.concurrency = connections
  }

  async findHost(domain: string): Promise<string | undefined> {
    const index = await this.#query(domain)
    return index === undefined ? undefined : hostKeyAt(index)
  }

  async findLogin({ domain }: { domain: string }): Promise<string | undefined> {
    const index = await this.#query(domain)
    return index === undefined ? undefined : `user${index}`
  }

  async check(): Promise<void> {}
  async close(): Promise<void> {}

  async #query(domain: string): Promise<number | undefined> {
    this.queries++
    if (this.#delay > 0) await sleep(this.#delay)
    if (this.isDown) throw new Error('connection refused')
    return this.#known.get(domain)
  }
}

/** How many first answers of known domains were of each kind. */
const kinds = ['right', 'not known now', 'false 404, cacheable', 'wrong host or login'] as const
type Kind = (typeof kinds)[number]

interface Row {
  readonly what: string
  readonly counts: Record<Kind, number>
  /** Milliseconds. */
  readonly slowest: number
  readonly note: string
}

await bench('Sources that are cold, overloaded, down or flooded', async (folder) => {
  const file = join(folder, 'autoconfig.yaml')
  const hosts = Object.fromEntries(hostKeys.map((key) => [key, { hostname: hostnameOf(key) }]))
  writeFileSync(file, JSON.stringify({ provider, hosts, domains: {}, accounts: { disclose: 'public' } }))
  const outcome = await loadConfig(file)
  if ('errors' in outcome) throw new Error('the configuration of the benchmark has errors')
  const { config } = outcome
  const onProblem = (): void => undefined
  const signer = new ProfileSigner({ now: () => new Date(), onProblem })
  const route = routesFor(signer, new Pages({ onProblem })).find(({ path }) => path === paths.autoconfig)
  if (!route) throw new Error('there is no route for autoconfig')

  /** A server in front of a database, and what it answers. */
  function serve(known: number, delay: number, connections: number) {
    const domains = new Map(Array.from({ length: known }, (_, index) => [domainAt(index), index]))
    const database = new Database(domains, delay, connections)
    const settings = {
      ...{ ttl: 300, negativeTtl: 60, timeout: 1 },
      ...{ queue: 10_000, cacheSize: 100_000, negativeCacheSize: 50_000 },
    }
    const cached = new CachedBackend({ name: 'bench', kind: 'bench' }, database, settings, { now: Date.now })
    const resolver = new Resolver(config, { backends: new Backends([cached]) })
    const counts = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>
    let slowest = 0

    async function ask(index: number): Promise<Kind> {
      const domain = domainAt(index)
      const began = performance.now()
      const { status, headers, body } = await (route as NonNullable<typeof route>).answer(
        {
          ...{ method: 'GET', host: 'autoconfig.example', protocol: 'http', headers: {} },
          url: `${paths.autoconfig}?emailaddress=jane@${domain}`,
        },
        resolver,
      )
      slowest = Math.max(slowest, performance.now() - began)
      const isPrivate = headers[headers.indexOf('Cache-Control') + 1] === 'no-store'
      if (status !== 200) return isPrivate ? 'not known now' : 'false 404, cacheable'
      const text = Buffer.from(body as Uint8Array).toString()
      const isHost = text.includes(`<hostname>${hostnameOf(hostKeyAt(index))}</hostname>`)
      const isLogin = text.includes(`<username>user${index}</username>`)
      if (isHost && isLogin) return 'right'
      // Without the login name, the answer is the generic one, which claims none and is not kept.
      return isHost && isPrivate && text.includes('%EMAILADDRESS%') ? 'not known now' : 'wrong host or login'
    }
    const count = async (index: number): Promise<Kind> => {
      const kind = await ask(index)
      counts[kind]++
      return kind
    }
    const row = (what: string, note: string): Row => ({ what, counts, slowest, note })
    return { database, cached, ask, count, row }
  }

  /** Asks for the domains of a range, at a rate a second. */
  async function atRate(from: number, to: number, rate: number, ask: (index: number) => Promise<unknown>) {
    const began = performance.now()
    const answers: Promise<unknown>[] = []
    for (let index = from; index < to; ) {
      const due = from + ((performance.now() - began) / 1000) * rate
      for (; index < Math.min(due, to); index++) answers.push(ask(index))
      await sleep(5)
    }
    await Promise.all(answers)
  }

  const rows: Row[] = []

  const crowd = serve(1000, 20, 64)
  await Promise.all(Array.from({ length: 1000 }, (_, index) => crowd.count(index)))
  rows.push(crowd.row('1,000 domains at the same moment, 20 ms a query', '64 connections'))

  const slow = serve(500, 200, 4)
  await atRate(0, 500, 12.5, slow.count)
  await sleep(3000)
  const late = await Promise.all(Array.from({ length: 500 }, (_, index) => slow.ask(index)))
  rows.push(
    slow.row(
      '25 queries a second where the database does 20',
      `${late.filter((kind) => kind === 'right').length} of 500 right when asked again`,
    ),
  )

  const stampede = serve(20_000, 200, 400)
  const began = performance.now()
  await atRate(0, 20_000, 2000, stampede.count)
  let missing = Array.from({ length: 20_000 }, (_, index) => index)
  while (missing.length > 0) {
    const kindsNow = await Promise.all(missing.map((index) => stampede.ask(index)))
    missing = missing.filter((_, at) => kindsNow[at] !== 'right')
  }
  const ideal = (2 * 20_000 * 0.2) / 400
  rows.push(
    stampede.row(
      'cold: 20,000 domains in 10 s, 200 ms a query',
      `all right after ${figure((performance.now() - began) / 1000)} s; the database alone needs ${figure(ideal)} s`,
    ),
  )

  const down = serve(1000, 0, 4)
  for (let index = 0; index < 1000; index++) await down.ask(index)
  down.database.isDown = true
  down.cached.forget()
  await atRate(0, 1000, 500, down.count)
  rows.push(down.row('down: 1,000 domains that were asked before', 'from the last known answers'))

  const cold = serve(1000, 0, 4)
  cold.database.isDown = true
  await atRate(0, 1000, 500, cold.count)
  rows.push(cold.row('down: 1,000 domains that were never asked', `${cold.database.queries} queries sent`))

  const flooded = serve(1000, 0, 4)
  for (let index = 0; index < 1000; index++) await flooded.ask(index)
  for (let index = 1000; index < 101_000; index++) await flooded.ask(index)
  flooded.database.isDown = true
  flooded.cached.forget()
  await atRate(0, 1000, 500, flooded.count)
  rows.push(flooded.row('down after 100,000 made-up names', '1,000 domains that were asked before'))

  printTable(
    ['', ...kinds, 'slowest', ''],
    rows.map(({ what, counts, slowest, note }) => [
      what,
      ...kinds.map((kind) => String(counts[kind])),
      `${figure(slowest / 1000)} s`,
      note,
    ]),
  )
})
