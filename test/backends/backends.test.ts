import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import * as z from 'zod'
import type { Backend, BackendKind, BackendSettings } from '../../src/backends/backend.ts'
import { Backends } from '../../src/backends/backends.ts'
import { CachedBackend } from '../../src/backends/cached-backend.ts'
import { lookupOf } from '../../src/model/lookup.ts'
import { isDocument, isResolution, type NotFound, type Resolution } from '../../src/resolver/resolution.ts'
import { Resolver } from '../../src/resolver/resolver.ts'
import { domain, example, load, resolve, sourceSettings } from '../support/example.ts'

/** A backend with answers and errors that the test sets. */
class Fake implements Backend {
  readonly asked: string[] = []
  /** The answer for a domain or address; the query fails with an `Error`. */
  readonly says: Record<string, string | Error | undefined> = {}
  delay = 0

  async findHost(name: string): Promise<string | undefined> {
    return this.#say(name)
  }

  async findLogin({
    localPart,
    domain: name,
  }: {
    localPart: string
    domain: string
  }): Promise<string | undefined> {
    return this.#say(`${localPart}@${name}`)
  }

  async check(): Promise<void> {}

  async close(): Promise<void> {}

  async #say(key: string): Promise<string | undefined> {
    this.asked.push(key)
    if (this.delay > 0) await sleep(this.delay, undefined, { ref: this.delay < 1000 })
    const said = this.says[key]
    if (said instanceof Error) throw said
    return said
  }
}

const settings: BackendSettings = sourceSettings

interface Opened {
  readonly resolver: Resolver
  readonly source: Fake
  readonly problems: (string | undefined)[]
  /** Lets seconds pass. */
  pass(seconds: number): void
  /** The key of the host that serves a domain, or `unserved`. */
  host(name: string): Promise<string>
}

async function open(
  t: Test,
  config: object = example,
  more: Partial<BackendSettings> = {},
  others: Fake[] = [],
  files: Record<string, string> = {},
): Promise<Opened> {
  let time = 1_000_000
  const now = () => time
  const source = new Fake()
  const problems: (string | undefined)[] = []
  const options = {
    now,
    onProblem: (_name: string, problem: string | undefined) => void problems.push(problem),
  }
  const backends = new Backends(
    [source, ...others].map(
      (each, index) =>
        new CachedBackend(
          { name: `fake ${index + 1}`, kind: 'fake' },
          each,
          { ...settings, ...more },
          options,
        ),
    ),
  )
  const resolver = new Resolver(await load(t, config, files), { now, backends })
  return {
    resolver,
    source,
    problems,
    pass: (seconds) => {
      time += seconds * 1000
    },
    async host(name) {
      const found = await resolve(resolver, { domain: domain(name), requestHost: domain(name) })
      return isResolution(found) ? found.clientConfig.host.key : 'unserved'
    },
  }
}

t.test('a source is queried only for domains that are not mapped', async (t) => {
  const { source, host, resolver } = await open(t)
  source.says['example.com'] = 'vonmuenchhausen'
  source.says['example.edu'] = 'maximusconfessor.all2all.org'
  source.says['example.info'] = 'smtp:[vonmuenchhausen.all2all.org]:25'
  t.equal(await host('example.com'), 'vonmuenchhausen')
  t.equal(await host('example.edu'), 'maximusconfessor')
  t.equal(await host('example.info'), 'vonmuenchhausen')
  t.equal(await host('example.org'), 'maximusconfessor')
  t.equal(await host('elsewhere.example'), 'unserved')
  t.equal(await host('maximusconfessor.all2all.org'), 'maximusconfessor', 'our own names')
  t.strictSame(source.asked, [
    'example.com',
    'example.edu',
    'example.info',
    'elsewhere.example',
    'maximusconfessor.all2all.org',
  ])
  t.notOk(
    resolve(resolver, { domain: domain('example.org') }) instanceof Promise,
    'a mapped domain needs no query',
  )
  t.notOk(
    resolve(resolver, { domain: domain('example.com') }) instanceof Promise,
    'a cached answer needs no query',
  )
})

t.test('a domain is found by the host name of the request, too', async (t) => {
  const { source, resolver } = await open(t)
  source.says['example.com'] = 'vonmuenchhausen'
  const byHost = await resolve(resolver, { requestHost: domain('example.com') })
  t.match(byHost, { domain: 'example.com', clientConfig: { host: { key: 'vonmuenchhausen' } } })
  const foreign = await resolve(resolver, {
    domain: domain('elsewhere.example'),
    requestHost: domain('example.com'),
  })
  t.match(foreign, { domain: 'example.com' })
  for (const name of ['localhost', 'all2all.org'])
    t.strictSame(await resolve(resolver, { requestHost: domain(name) }), { certain: true })
  t.notOk(source.asked.includes('localhost'), 'a name without a dot is no domain')
})

t.test('an answer is cached for its time to live, and "unknown" for a shorter one', async (t) => {
  const { source, host, pass } = await open(t)
  source.says['example.com'] = 'vonmuenchhausen'
  const ask = async () => [await host('example.com'), await host('elsewhere.example')]
  await ask()
  pass(59)
  await ask()
  t.equal(source.asked.length, 2)
  pass(2)
  await ask()
  t.strictSame(source.asked.slice(2), ['elsewhere.example'])
  source.says['example.com'] = 'maximusconfessor'
  pass(240)
  t.strictSame(await ask(), ['maximusconfessor', 'unserved'])
})

t.test('concurrent requests for a domain share one query', async (t) => {
  const { source, host } = await open(t)
  source.says['example.com'] = 'vonmuenchhausen'
  source.delay = 20
  const answers = await Promise.all(Array.from({ length: 50 }, () => host('example.com')))
  t.strictSame([...new Set(answers)], ['vonmuenchhausen'])
  t.equal(source.asked.length, 1)
})

t.test('while a source is down, its last answer is served, and it is not queried for a while', async (t) => {
  const { source, host, pass, problems, resolver } = await open(t)
  source.says['example.com'] = 'vonmuenchhausen'
  await host('example.com')
  for (const name of ['example.com', 'example.edu']) source.says[name] = new Error('ECONNREFUSED')
  pass(301)
  t.equal(await host('example.com'), 'vonmuenchhausen')
  t.match(resolver.backends?.states, [
    { available: false, problem: 'ECONNREFUSED', queries: { found: 1, failed: 1 } },
  ])
  t.equal(await host('example.com'), 'vonmuenchhausen')
  t.strictSame(
    await resolve(resolver, { domain: domain('example.edu') }),
    { certain: false },
    'there are two hosts and no default',
  )
  t.equal(source.asked.length, 4)
  t.equal(await host('example.com'), 'vonmuenchhausen')
  await host('example.edu')
  t.equal(source.asked.length, 4, 'no query after three failures')
  pass(6)
  await host('example.edu')
  t.equal(source.asked.length, 5)
  source.says['example.com'] = 'maximusconfessor'
  pass(6)
  t.equal(await host('example.com'), 'maximusconfessor')
  t.match(resolver.backends?.states, [{ available: true, problem: undefined }])
  t.strictSame(await resolve(resolver, { domain: domain('elsewhere.example') }), { certain: true })
  t.strictSame(problems, ['ECONNREFUSED', undefined], 'reported once, and when it is over')
})

t.test(
  'while no source can be queried, the default host or the only host serves unknown domains',
  async (t) => {
    const down = async (config: object) => {
      const { source, host } = await open(t, config)
      source.says['example.com'] = new Error('ECONNREFUSED')
      return host('example.com')
    }
    t.equal(await down(example), 'unserved')
    t.equal(
      await down({ ...example, provider: { ...example.provider, defaultHost: 'vonmuenchhausen' } }),
      'vonmuenchhausen',
    )
    const { maximusconfessor } = example.hosts
    t.equal(await down({ ...example, hosts: { maximusconfessor }, domains: {} }), 'maximusconfessor')
  },
)

t.test('a query that takes too long fails', async (t) => {
  const { source, host, problems } = await open(t, example, { timeout: 0.05 })
  source.says['example.com'] = 'vonmuenchhausen'
  source.delay = 60_000
  t.equal(await host('example.com'), 'unserved')
  t.strictSame(problems, ['has not answered within 0.05 s'])
})

t.test('sources are queried in their order, until one knows the domain', async (t) => {
  const second = new Fake()
  const { source, host, resolver } = await open(t, example, {}, [second])
  source.says['example.com'] = 'maximusconfessor'
  second.says['example.com'] = 'vonmuenchhausen'
  second.says['example.edu'] = 'vonmuenchhausen'
  t.equal(await host('example.com'), 'maximusconfessor')
  t.equal(await host('example.edu'), 'vonmuenchhausen')
  t.strictSame(second.asked, ['example.edu'])
  t.equal(await host('example.edu'), 'vonmuenchhausen', 'from the caches of both')
  source.says['example.info'] = new Error('down')
  second.says['example.info'] = 'vonmuenchhausen'
  t.equal(await host('example.info'), 'vonmuenchhausen', 'a source that is down does not hide the next')
  t.match(await resolve(resolver, { domain: domain('example.info') }), {
    reason: { kind: 'backend', backend: 'fake 2' },
    certain: false,
  })
  t.match(await resolve(resolver, { domain: domain('example.edu') }), { certain: true })
})

const max = 'maximusconfessor.all2all.org'
const served = {
  ...example,
  domains: { ...example.domains, '*.example.org': 'maximusconfessor' },
  domainFiles: ['gone.map'],
}
const gone = { 'gone.map': 'gone.example error:\n' }

t.test('an entry comes before a source, and a source before the host name of the request', async (t) => {
  const { source, resolver } = await open(t, served, {}, [], gone)
  for (const name of ['example.org', 'a.example.org', 'example.com', 'gone.example', 'all2all.org', max])
    source.says[name] = 'vonmuenchhausen'
  source.says['down.example'] = new Error('ECONNREFUSED')
  const ask = async (name?: string, requestHost?: string) => {
    source.asked.length = 0
    const found = await resolve(resolver, {
      ...(name !== undefined && { domain: domain(name) }),
      ...(requestHost !== undefined && { requestHost: domain(requestHost) }),
    })
    const asked = [...source.asked]
    if (!isResolution(found)) return [found.certain, asked]
    return [found.domain, found.clientConfig.host.key, found.reason, asked]
  }
  const bySource = { kind: 'backend', backend: 'fake 1' }
  const byPattern = (pattern: string) => ({ kind: 'mapped', pattern })
  t.strictSame(await ask('example.org', max), [
    ...['example.org', 'maximusconfessor', byPattern('example.org')],
    [],
  ])
  t.strictSame(await ask('a.example.org', max), [
    ...['a.example.org', 'maximusconfessor', byPattern('.example.org')],
    [],
  ])
  t.strictSame(await ask('example.com', max), [
    ...['example.com', 'vonmuenchhausen', bySource],
    ['example.com'],
  ])
  t.strictSame(await ask('elsewhere.example', max), [
    ...['elsewhere.example', 'maximusconfessor', { kind: 'hostName' }],
    ['elsewhere.example'],
  ])
  t.strictSame(await ask(undefined, max), [max, 'maximusconfessor', { kind: 'hostName' }, []])
  t.strictSame(await ask('nobody.example', 'a.example.org'), [
    ...['a.example.org', 'maximusconfessor', byPattern('.example.org')],
    ['nobody.example'],
  ])
  t.strictSame(await ask('gone.example', max), [true, []], 'a domain that takes no mail here')
  t.strictSame(await ask(undefined, 'gone.example'), [true, []])
  t.strictSame(await ask(undefined, 'all2all.org'), [true, []], 'the domain of the provider')
  t.strictSame(await ask('x.example', 'all2all.org'), [true, ['x.example']])
  t.strictSame(await ask('all2all.org', 'all2all.org'), [
    ...['all2all.org', 'vonmuenchhausen', bySource],
    ['all2all.org'],
  ])
  t.strictSame(await ask('y.example', 'example.com'), [
    ...['example.com', 'vonmuenchhausen', bySource],
    ['y.example'],
  ])
  t.strictSame(await ask('down.example', 'down.example'), [false, ['down.example']], 'asked once')
  t.strictSame(await ask(), [true, []])
})

t.test('a document of the ISPDB comes after the entry of a domain and a source, and before *', async (t) => {
  const xml = (name: string) =>
    `<clientConfig version="1.1"><emailProvider id="${name}"><domain>${name}</domain></emailProvider></clientConfig>`
  const names = ['example.org', 'a.example.org', 'example.com', 'isp.example', 'down.example', max]
  const db = Object.fromEntries(names.map((name) => [`${name}.xml`, xml(name)]))
  const files = { ...gone, db, only: { 'x.xml': xml('only.example') } } as unknown as Record<string, string>
  const ispdb = [
    { folder: 'db', serve: 'all' },
    { folder: 'only', serve: 'ispdb' },
  ]
  const all = { ...served, ispdb }
  const { source, resolver } = await open(t, all, {}, [], files)
  const withAny = { ...all, domains: { ...all.domains, '*': 'vonmuenchhausen' } }
  const { resolver: any } = await open(t, withAny, {}, [], files)
  source.says['example.com'] = 'vonmuenchhausen'
  source.says['down.example'] = new Error('ECONNREFUSED')
  const ask = async (
    by: Resolver,
    name: string | undefined,
    requestHost?: string,
    serve: 'all' | 'ispdb' = 'all',
  ) => {
    const values = {
      ...(name !== undefined && { domain: domain(name) }),
      ...(requestHost !== undefined && { requestHost: domain(requestHost) }),
    }
    const found = await by.resolveDocument(lookupOf(values), serve)
    if (isDocument(found)) return [found.domain, found.document.file.replace(/.*\//, ''), found.certain]
    return isResolution(found) ? [found.domain, found.clientConfig.host.key] : [found.certain]
  }
  t.strictSame(await ask(resolver, 'example.org'), ['example.org', 'maximusconfessor'])
  t.strictSame(await ask(resolver, 'a.example.org'), ['a.example.org', 'maximusconfessor'])
  t.strictSame(await ask(resolver, 'example.com'), ['example.com', 'vonmuenchhausen'])
  t.strictSame(await ask(resolver, undefined, max), [max, 'maximusconfessor'], 'our own name')
  const isp = ['isp.example', 'isp.example.xml']
  t.strictSame(await ask(resolver, 'isp.example'), [...isp, true])
  t.strictSame(await ask(resolver, undefined, 'isp.example'), [...isp, true])
  t.strictSame(await ask(resolver, 'x.example', 'isp.example'), [...isp, true])
  t.strictSame(await ask(resolver, 'isp.example', max), [...isp, true], 'not the host of the request')
  t.strictSame(await ask(resolver, 'only.example'), [true])
  t.strictSame(await ask(resolver, 'only.example', undefined, 'ispdb'), ['only.example', 'x.xml', true])
  t.strictSame(await ask(resolver, 'down.example'), ['down.example', 'down.example.xml', false])
  t.strictSame(await ask(resolver, 'x.example', 'x.example'), [true])
  t.strictSame(await ask(any, 'isp.example'), [...isp, true])
  t.strictSame(await ask(any, 'example.org'), ['example.org', 'maximusconfessor'])
  t.strictSame(await ask(any, 'x.example', 'isp.example'), ['x.example', 'vonmuenchhausen'])
})

t.test('a domain is known to a source if it names a host that is configured', async (t) => {
  const { source, resolver } = await open(t, served, {}, [], gone)
  const says = { 'example.com': 'vonmuenchhausen', 'example.edu': 'mx7', 'gone.example': 'vonmuenchhausen' }
  Object.assign(source.says, says)
  const known = async (by: Resolver) => {
    const names = [...Object.keys(says), 'elsewhere.example']
    return Promise.all(names.map((name) => by.isKnownToBackend(domain(name))))
  }
  t.strictSame(await known(resolver), [true, false, false, false])
  t.notOk(source.asked.includes('gone.example'))
  const byMx = new CachedBackend({ name: 'mx', kind: 'mx' }, source, settings, { now: () => 0 })
  const config = await load(t, served, gone)
  const anybody = new Resolver(config, { backends: new Backends([byMx]) })
  t.strictSame(await known(anybody), [false, false, false, false], 'anybody can set an MX')
  t.strictSame(await known(new Resolver(config)), [false, false, false, false])
})

t.test('a host that is not configured serves no domain', async (t) => {
  const { source, host } = await open(t)
  source.says['example.com'] = 'mx7'
  t.equal(await host('example.com'), 'unserved')
})

t.test('a changed answer is queried again, and the old one is served if that fails', async (t) => {
  const { source, host, resolver } = await open(t)
  for (const name of ['example.com', 'example.edu']) source.says[name] = 'vonmuenchhausen'
  const both = async () => [await host('example.com'), await host('example.edu')]
  await both()
  const [cached] = resolver.backends?.all ?? []
  source.says['example.com'] = 'maximusconfessor'
  source.says['example.edu'] = 'maximusconfessor'
  cached?.forget('Example.COM')
  t.strictSame(await both(), ['maximusconfessor', 'vonmuenchhausen'])
  cached?.forget()
  t.strictSame(await both(), ['maximusconfessor', 'maximusconfessor'])
  cached?.forget('elsewhere.example')
  source.says['example.com'] = new Error('down')
  cached?.forget()
  t.equal(await host('example.com'), 'maximusconfessor')
})

/** Whether an answer must not be cached, and the username in it. */
const loginIn = (found: Resolution | NotFound) =>
  isResolution(found) && [found.confidential, found.clientConfig.servers[0]?.username]

t.test('login names from a source are shown like those from files', async (t) => {
  const { source, resolver } = await open(t, {
    ...example,
    accounts: { disclose: 'public', map: { 'info@example.org': 'user0001' } },
  })
  source.says['jane@example.org'] = 'user0002'
  const login = async (localPart: string, more = {}) => {
    const address = { localPart, domain: domain('example.org') }
    return loginIn(await resolve(resolver, { address, ...more }))
  }
  t.strictSame(await login('info'), [true, 'user0001'])
  t.strictSame(await login('Jane'), [true, 'user0002'])
  t.strictSame(await login('nobody'), [true, '%EMAILADDRESS%'])
  source.says['john@example.org'] = new Error('down')
  t.strictSame(await login('john'), [true, '%EMAILADDRESS%'], 'the generic form if the query fails')
  t.strictSame(
    source.asked,
    ['info', 'jane', 'nobody', 'john'].map((name) => `${name}@example.org`),
    'addresses in files are queried, too, so that all answers take the same time',
  )
})

t.test('the digest of an address is ignored if a source has login names', async (t) => {
  const { resolver } = await open(t, {
    ...example,
    accounts: { disclose: 'public', map: { 'info@example.org': 'user0001' } },
  })
  const address = { localPart: 'EVOLUTIONUSER', domain: domain('example.org') }
  const emailMd5 = createHash('md5').update('info@example.org').digest('hex')
  const found = await resolve(resolver, { address, emailMd5 })
  t.match(found, { confidential: false, clientConfig: { hidesLogins: true } })
})

t.test('by default only a link shows the login name from a source', async (t) => {
  const { source, resolver } = await open(t)
  source.says['jane@example.org'] = 'user0002'
  const address = { localPart: 'jane', domain: domain('example.org') }
  const plain = await resolve(resolver, { address })
  t.match(plain, { confidential: false, clientConfig: { hidesLogins: true } })
  t.strictSame(source.asked, [], 'no query for a name that is not shown')
  t.strictSame(loginIn(await resolve(resolver, { address, link: {} })), [true, 'user0002'])
})

t.test('if some sources cannot be opened, each is reported and none stays open', async (t) => {
  const closed: string[] = []
  const kindOf = (key: string, problem?: string): BackendKind => ({
    key,
    schema: z.any(),
    open: async () => {
      if (problem !== undefined) throw new Error(problem)
      return { check: async () => {}, close: async () => void closed.push(key) }
    },
  })
  const kinds = [kindOf('one'), kindOf('two', 'no driver'), kindOf('three', 'no letter')]
  const config = (kind: string, line: number) => {
    return { kind, settings, place: { file: 'autoconfig.yaml', line, column: 5, path: `sources.${kind}` } }
  }
  const all = [config('one', 10), config('two', 20), config('three', 30)]
  await t.rejects(Backends.open(all, { now: Date.now, kinds }), {
    name: 'ConfigError',
    message: [
      'autoconfig.yaml:20:5 sources.two cannot be opened: no driver',
      'autoconfig.yaml:30:5 sources.three cannot be opened: no letter',
    ].join('\n'),
  })
  t.strictSame(closed, ['one'])
  const opened = await Backends.open(all.slice(0, 1), { now: Date.now, kinds })
  t.equal(opened.size, 1)
  t.strictSame(closed, ['one'], 'all stay open otherwise')
})

t.test('a source may have only domains or only login names', async (t) => {
  const now = () => 0
  const options = { now, onProblem: () => undefined }
  const check = async () => undefined
  const close = async () => {
    throw new Error('closed already')
  }
  const hosts = new CachedBackend(
    { name: 'a', kind: 'a' },
    { findHost: async () => 'vonmuenchhausen', check, close },
    settings,
    options,
  )
  const logins = new CachedBackend(
    { name: 'b', kind: 'b' },
    { findLogin: async () => 'user0003', check, close },
    settings,
    options,
  )
  const backends = new Backends([hosts, logins])
  const resolver = new Resolver(await load(t, example), { now, backends })
  const address = { localPart: 'jane', domain: domain('example.com') }
  const found = await resolve(resolver, { address, link: {} })
  t.match(found, { clientConfig: { host: { key: 'vonmuenchhausen' }, servers: [{ username: 'user0003' }] } })
  t.equal(await resolver.isKnownToBackend(domain('example.com')), true)
  await backends.close()
  const loginsAlone = new Resolver(await load(t, example), { now, backends: new Backends([logins]) })
  t.strictSame(await resolve(loginsAlone, { domain: address.domain }), { certain: true })
  const hostsAlone = new Resolver(await load(t, example), { now, backends: new Backends([hosts]) })
  t.match(await resolve(hostsAlone, { address, link: {} }), {
    clientConfig: { servers: [{ username: '%EMAILADDRESS%' }] },
  })
})

t.test('an unknown host name is certainly unknown only if every source answered', async (t) => {
  const { source, resolver } = await open(t)
  const byHost = () => resolve(resolver, { requestHost: domain('example.edu') })
  t.strictSame(await byHost(), { certain: true })
  source.says['example.com'] = new Error('ECONNREFUSED')
  t.strictSame(await resolve(resolver, { requestHost: domain('example.com') }), { certain: false })
})

t.test(
  'a line break at the end of a password file is not a part of the password, on any system',
  async (t) => {
    const sql = {
      url: 'postgres://reader@localhost/mail',
      domain: 'SELECT host FROM domains WHERE name = $1',
      passwordFile: 'db.password',
    }
    const passwordIn = async (content: string) =>
      (await load(t, { ...example, sources: [{ sql }] }, { 'db.password': content })).backends[0]?.password
    for (const end of ['', '\n', '\r\n'])
      t.equal(await passwordIn(`pass word${end}`), 'pass word', JSON.stringify(end))
    t.equal(await passwordIn('pass\r\nword\n\n'), 'pass\r\nword\n', 'only one, and only at the end')
    t.equal(await passwordIn('password\r'), 'password\r')
  },
)
