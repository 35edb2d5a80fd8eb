/** The cost of a domain with a cached answer from a source, compared with a mapped domain. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { Backends } from '../src/backends/backends.ts'
import { CachedBackend } from '../src/backends/cached-backend.ts'
import { loadConfig } from '../src/config/load.ts'
import { autoconfig } from '../src/formats/autoconfig.ts'
import { lookupByQuery } from '../src/http/lookup.ts'
import { SharedResponses } from '../src/http/shared-responses.ts'
import { lookupOf } from '../src/model/lookup.ts'
import { Resolver } from '../src/resolver/resolver.ts'
import { bench } from './bench.ts'
import { domainAt, hostKeyAt, hostKeys } from './domains.ts'
import { hostnameOf, provider } from './provider.ts'
import { spreadOf } from './spread.ts'
import { printResults } from './table.ts'

const domains = 10_000
const turns = 50

await bench('Sources: a mapped domain, and one with a cached answer from a source', async (folder) => {
  const file = join(folder, 'autoconfig.yaml')
  const hosts = Object.fromEntries(hostKeys.map((key) => [key, { hostname: hostnameOf(key) }]))
  const mapped = Object.fromEntries(
    Array.from({ length: domains }, (_, index) => [domainAt(index), hostKeyAt(index)]),
  )
  const resolverOf = async (map: object, backends: Backends) => {
    writeFileSync(file, JSON.stringify({ provider, hosts, domains: map }))
    const outcome = await loadConfig(file)
    if ('errors' in outcome) throw new Error('the configuration of the benchmark has errors')
    return new Resolver(outcome.config, { backends })
  }
  const keys = new Map(Object.entries(mapped))
  const source = {
    findHost: async (domain: string) => keys.get(domain),
    check: async () => undefined,
    close: async () => undefined,
  }
  const settings = {
    ...{ ttl: 86_400, negativeTtl: 60, timeout: 1 },
    ...{ queue: 1000, cacheSize: domains, negativeCacheSize: 1 },
  }
  const options = { now: Date.now, onProblem: () => undefined }
  const backends = new Backends([
    new CachedBackend({ name: 'bench', kind: 'bench' }, source, settings, options),
  ])

  const candidates = {
    alone: await resolverOf(mapped, new Backends([])),
    mapped: await resolverOf(mapped, backends),
    cached: await resolverOf({}, backends),
  }
  for (const domain of keys.keys()) await candidates.cached.resolve(lookupOf({ domain: domain as never }))

  const responses = new SharedResponses(autoconfig)
  const times = { alone: [] as number[], mapped: [] as number[], cached: [] as number[] }
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, resolver] of Object.entries(candidates)) {
      const started = performance.now()
      for (const domain of keys.keys()) {
        const lookup = lookupByQuery(`/mail/config-v1.1.xml?emailaddress=jane%40${domain}`, 'x')
        const found = resolver.resolve(lookup)
        if (found instanceof Promise) throw new Error('not answered at once')
        responses.respond(found, lookup, resolver, {})
      }
      times[name as keyof typeof times].push(performance.now() - started)
    }
  }
  const ratios = (name: 'mapped' | 'cached') =>
    times[name].map((time, turn) => time / (times.alone[turn] as number))
  printResults([
    {
      what: 'a mapped domain, with a source / without',
      measured: spreadOf(ratios('mapped')),
      must: 1.05,
      aim: 1,
    },
    {
      what: 'a domain with a cached answer from a source / a mapped one',
      measured: spreadOf(ratios('cached')),
      must: 2,
      aim: 1.5,
    },
  ])
})
