import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { AnswerCache } from '../../src/backends/answer-cache.ts'
import { type Backend, BackendBusy } from '../../src/backends/backend.ts'
import { Backends } from '../../src/backends/backends.ts'
import { CachedBackend } from '../../src/backends/cached-backend.ts'
import { Inquiry } from '../../src/backends/inquiry.ts'
import { Durations } from '../../src/model/durations.ts'
import { isResolution } from '../../src/resolver/resolution.ts'
import { Resolver } from '../../src/resolver/resolver.ts'
import { domain, example, load, resolve, sourceSettings } from '../support/example.ts'

/** Sources that are cold, overloaded or down: three different things. */

/** A source whose queries end when the test says so. */
class Held implements Backend {
  static readonly all: Held[] = []
  readonly asked: string[] = []
  readonly concurrency: number
  readonly failsByDomain?: true
  #isOver = false
  readonly #held = new Map<string, { resolve(value: string | undefined): void; reject(error: Error): void }>()

  constructor(concurrency = 1, failsByDomain = false) {
    this.concurrency = concurrency
    if (failsByDomain) this.failsByDomain = true
    Held.all.push(this)
  }

  /** Nobody waits any more. */
  release(): void {
    this.#isOver = true
    for (const { resolve } of this.#held.values()) resolve(undefined)
  }

  findHost(name: string): Promise<string | undefined> {
    return this.#hold(name)
  }

  findLogin({ localPart, domain: name }: { localPart: string; domain: string }): Promise<string | undefined> {
    return this.#hold(`${localPart}@${name}`)
  }

  async check(): Promise<void> {}
  async close(): Promise<void> {}

  async say(key: string, value: string | undefined | Error): Promise<void> {
    const held = this.#held.get(key)
    if (!held) throw new Error(`nobody asks for ${key}`)
    if (value instanceof Error) held.reject(value)
    else held.resolve(value)
    for (let i = 0; i < 3; i++) await turn()
  }

  async #hold(key: string): Promise<string | undefined> {
    this.asked.push(key)
    if (this.#isOver) return undefined
    return new Promise((resolve, reject) => this.#held.set(key, { resolve, reject }))
  }
}

t.teardown(() => {
  for (const held of Held.all) held.release()
})

/** A source that has all answers, as many as are wanted. */
const answering = (says: Readonly<Record<string, string | Error>>): Backend & { asked: string[] } => {
  const asked: string[] = []
  const say = async (key: string) => {
    asked.push(key)
    const said = says[key]
    if (said instanceof Error) throw said
    return said
  }
  return {
    asked,
    findHost: say,
    findLogin: ({ localPart, domain: name }) => say(`${localPart}@${name}`),
    check: async () => undefined,
    close: async () => undefined,
  }
}

interface Opened {
  readonly cached: CachedBackend
  readonly problems: (string | undefined)[]
  /** Lets seconds pass. */
  pass(seconds: number): void
  now(): number
  find(name: string): ReturnType<CachedBackend['findHost']>
}

function open(backend: Backend, changes: Partial<typeof sourceSettings> = {}): Opened {
  let time = 1_000_000
  const now = () => time
  const problems: (string | undefined)[] = []
  const options = { now, onProblem: (_: string, problem: string | undefined) => void problems.push(problem) }
  const settings = { ...sourceSettings, timeout: 30, ...changes }
  const cached = new CachedBackend({ name: 'fake', kind: 'fake' }, backend, settings, options)
  return {
    cached,
    problems,
    now,
    pass: (seconds) => {
      time += seconds * 1000
    },
    // A client that waits for as long as the test runs.
    find: (name) => cached.findHost(domain(name), new Inquiry(60_000)),
  }
}

async function resolverOf(
  t: Test,
  sources: readonly CachedBackend[],
  config: object = example,
  limit = 60_000,
) {
  return new Resolver(await load(t, config), {
    now: () => 1_000_000,
    backends: new Backends(sources),
    newInquiry: () => new Inquiry(limit),
  })
}

const certain = (value: string | undefined) => ({ value, certainty: 'certain' })
const stale = (value: string | undefined) => ({ value, certainty: 'stale' })
const uncertain = { value: undefined, certainty: 'uncertain' }
const refused = { value: undefined, certainty: 'refused' }
const down = new Error('ECONNREFUSED')

t.test('more queries than the source can run at once wait, and each gets its answer', async (t) => {
  let running = 0
  let most = 0
  const source: Backend = {
    concurrency: 3,
    async findHost(name) {
      most = Math.max(most, ++running)
      await turn()
      running--
      return `host of ${name}`
    },
    check: async () => undefined,
    close: async () => undefined,
  }
  const { find, cached } = open(source)
  const names = Array.from({ length: 300 }, (_, index) => `d${index}.example`)
  const answers = await Promise.all(names.map(find))
  t.strictSame(
    answers,
    names.map((name) => certain(`host of ${name}`)),
  )
  t.equal(most, 3)
  t.match(cached.state, { running: 0, waiting: 0, answers: { certain: 300, refused: 0 } })
})

t.test('of a source that sets no limit, 64 queries run at once', async (t) => {
  const held = new Held()
  const { find, cached } = open({
    findHost: (name) => held.findHost(name),
    check: async () => undefined,
    close: async () => undefined,
  })
  for (let i = 0; i < 66; i++) void find(`d${i}.example`)
  t.match(cached.state, { running: 64, waiting: 2 })
})

t.test('the newest query is next, and the oldest one is refused if too many wait', async (t) => {
  const source = new Held()
  const { find, cached } = open(source, { queue: 2 })
  const first = find('a.example')
  const oldest = find('b.example')
  const others = [find('c.example'), find('d.example')]
  t.strictSame(await oldest, refused)
  t.match(cached.state, { running: 1, waiting: 2, answers: { refused: 1 } })
  await source.say('a.example', 'mx1')
  t.strictSame(source.asked, ['a.example', 'd.example'])
  await source.say('d.example', 'mx2')
  await source.say('c.example', undefined)
  t.strictSame(await first, certain('mx1'))
  t.strictSame(await Promise.all(others), [certain(undefined), certain('mx2')])
  const again = find('b.example')
  await source.say('b.example', 'mx3')
  t.strictSame(await again, certain('mx3'), 'a refusal is not kept')
})

t.test('a query that waits is the newest again if another client asks the same', async (t) => {
  const source = new Held()
  const { find } = open(source)
  for (const name of ['a.example', 'b.example', 'c.example', 'b.example']) void find(name)
  await source.say('a.example', 'mx1')
  t.strictSame(source.asked, ['a.example', 'b.example'])
})

t.test('without room in the queue, a query beyond those that run is refused', async (t) => {
  const source = new Held()
  const { find } = open(source, { queue: 0 })
  void find('a.example')
  t.strictSame(await find('b.example'), refused)
})

t.test('a client waits for a limited time, and an answer that comes later is kept', async (t) => {
  const source = new Held()
  const { cached, find } = open(source)
  t.strictSame(await cached.findHost(domain('a.example'), new Inquiry(1)), uncertain)
  t.strictSame(await cached.findHost(domain('b.example'), new Inquiry(1)), refused, 'it waits in the queue')
  await source.say('a.example', 'mx1')
  await source.say('b.example', 'mx2')
  t.strictSame([find('a.example'), find('b.example')], [certain('mx1'), certain('mx2')])
})

t.test('the time limit is for all answers that a lookup needs, and begins when it first waits', async (t) => {
  let time = 0
  const inquiry = new Inquiry(1_000_000, () => time)
  time = 5_000_000
  t.equal(await inquiry.wait(Promise.resolve('at once')), 'at once')
  time += 1_000_000
  t.equal(await inquiry.wait(new Promise(() => undefined)), undefined, 'the second wait ends at once')
  const source = new Held(2)
  const { cached } = open(source)
  const resolver = await resolverOf(t, [cached], { ...example, accounts: { disclose: 'public', map: {} } }, 1)
  const address = { localPart: 'jane', domain: domain('example.org') }
  t.match(await resolve(resolver, { address, requestHost: domain('example.org') }), { certain: false })
})

t.test('by default, a client waits for four seconds', async (t) => {
  let time = 0
  const inquiry = new Inquiry(undefined, () => time)
  await inquiry.wait(Promise.resolve('the wait begins'))
  time = 3000
  let answer: (value: string) => void = () => undefined
  const waiting = inquiry.wait(new Promise<string>((resolve) => (answer = resolve)))
  t.equal(await Promise.race([waiting, sleep(20, 'still waiting')]), 'still waiting')
  answer('late')
  t.equal(await waiting, 'late')
  time = 4000
  const over = inquiry.wait(new Promise<string>((resolve) => (answer = resolve)))
  t.equal(await Promise.race([over, sleep(10_000, 'still waiting', { ref: false })]), undefined)
  answer('too late')
})

t.test('a client that has its answer leaves no timer that keeps the process running', async (t) => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  await new Inquiry(60_000).wait(Promise.resolve('mx1'))
  t.equal(timers(), before)
  const { cached } = open({ ...answering({ 'example.invalid': down }), status: () => ({}) })
  const greeting = cached.greet()
  for (let i = 0; i < 5; i++) await turn()
  t.match(cached.state, { running: 0, queries: { failed: 1 } })
  t.equal(timers(), before, 'nor does a source that is asked again later')
  await cached.close()
  await greeting
})

t.test('what waits for our own connections is no failure of the source', async (t) => {
  const source = new Held(10)
  const { find, cached, problems } = open(source)
  for (let i = 0; i < 5; i++) {
    const answer = find('a.example')
    await source.say('a.example', new BackendBusy('all connections are busy'))
    t.strictSame(await answer, refused)
  }
  t.match(cached.state, { available: true, problem: undefined, queries: { failed: 0 } })
  t.strictSame(problems, [])
  t.equal(source.asked.length, 5, 'and starts no pause')
  t.equal(cached.durations.count, 0)
})

t.test('after many failures, a source that answers is used again', async (t) => {
  const source = new Held(64)
  const { find, cached, problems, pass } = open(source)
  const names = Array.from({ length: 64 }, (_, index) => `d${index}.example`)
  const answers = names.map(find)
  for (const name of names) await source.say(name, down)
  t.strictSame(
    await Promise.all(answers),
    names.map(() => uncertain),
  )
  t.equal(cached.state.running, 0)
  const next = find('example.com')
  await source.say('example.com', 'mx1')
  t.strictSame(await next, certain('mx1'), 'failures at the same time count as one')
  t.strictSame(problems, ['ECONNREFUSED', undefined], 'one line for each change')
  pass(1)
  const many = names.map((name) => find(name))
  for (const name of names) await source.say(name, 'mx1')
  t.equal(
    (await Promise.all(many)).every(({ certainty }) => certainty === 'certain'),
    true,
  )
})

t.test('three failures in a row start a pause of five seconds, and an answer resets the count', async (t) => {
  const source = new Held()
  const { find, pass } = open(source)
  const fail = async (name: string) => {
    const answer = find(name)
    await source.say(name, down)
    return answer
  }
  const succeed = async (name: string) => {
    const answer = find(name)
    await source.say(name, 'mx1')
    return answer
  }
  await fail('a.example')
  await fail('b.example')
  await succeed('c.example')
  await fail('d.example')
  await fail('e.example')
  t.equal(source.asked.length, 5)
  t.strictSame(await succeed('f.example'), certain('mx1'), 'no pause, since the count was reset')
  for (const name of ['g.example', 'h.example', 'i.example']) await fail(name)
  t.strictSame(await find('j.example'), uncertain)
  pass(4.9)
  t.strictSame(await find('j.example'), uncertain)
  t.equal(source.asked.includes('j.example'), false)
  pass(0.1)
  t.strictSame(await succeed('j.example'), certain('mx1'))
})

t.test('an answer that comes during the pause ends the pause', async (t) => {
  const source = new Held(2)
  const { find } = open(source)
  const say = async (name: string, value: string | Error) => {
    const answer = find(name)
    await source.say(name, value)
    return answer
  }
  await say('first.example', 'mx1')
  const slow = find('slow.example')
  for (const name of ['a.example', 'b.example', 'c.example']) t.strictSame(await say(name, down), uncertain)
  t.strictSame(await find('d.example'), uncertain)
  t.notOk(source.asked.includes('d.example'))
  await source.say('slow.example', 'mx1')
  t.strictSame(await slow, certain('mx1'))
  t.strictSame(await say('d.example', 'mx2'), certain('mx2'))
})

t.test('a failure that is no outage leaves the queries in the queue', async (t) => {
  const source = new Held()
  const { find, cached } = open(source)
  const first = find('a.example')
  await source.say('a.example', 'mx1')
  await first
  const failing = find('b.example')
  const waiting = find('c.example')
  await source.say('b.example', down)
  t.strictSame(await failing, uncertain)
  await source.say('c.example', 'mx2')
  t.strictSame(await waiting, certain('mx2'))
  t.match(cached.state, { available: true, queries: { found: 2, failed: 1 } })
})

t.test('a single failure shortly after an answer is not an outage', async (t) => {
  const source = new Held()
  const { find, cached, problems, pass } = open(source)
  const say = async (name: string, value: string | Error) => {
    const answer = find(name)
    await source.say(name, value)
    return answer
  }
  await say('a.example', 'mx1')
  pass(5)
  await say('b.example', new Error('connection lost'))
  t.match(cached.state, { available: true, problem: 'connection lost' })
  t.strictSame(problems, [])
  pass(0.1)
  await say('b.example', new Error('connection refused'))
  t.match(cached.state, { available: false, problem: 'connection refused' })
  await say('b.example', new Error('wrong password'))
  t.match(cached.state, { problem: 'wrong password' }, 'the newest reason')
  t.strictSame(problems, ['connection refused'], 'one line')
})

t.test('while a source is down, one query at a time asks whether it is up again', async (t) => {
  const source = new Held(4)
  const { find } = open(source)
  const [first, second] = [find('a.example'), find('b.example')]
  await source.say('a.example', down)
  t.strictSame(await find('c.example'), uncertain, 'the other query is still running')
  await source.say('b.example', 'mx1')
  t.strictSame([await first, await second], [uncertain, certain('mx1')])
  void find('c.example')
  void find('d.example')
  t.strictSame(source.asked.slice(2), ['c.example', 'd.example'])
})

t.test('queries in the queue of a source that goes down are answered at once', async (t) => {
  const source = new Held()
  const { find, cached } = open(source)
  void find('a.example')
  const waiting = find('b.example')
  await source.say('a.example', down)
  t.strictSame(await waiting, uncertain, 'not refused')
  t.equal(cached.state.waiting, 0)
  t.strictSame(source.asked, ['a.example'], 'not sent to a source that is down')
})

t.test('a source that is closed refuses the queries in its queue', async (t) => {
  const source = new Held()
  const { find, cached } = open(source)
  void find('a.example')
  const waiting = [find('b.example'), find('c.example')]
  await cached.close()
  t.strictSame(await Promise.all(waiting), [refused, refused])
  t.match(cached.state, { running: 1, waiting: 0 })
})

t.test('a broken MX says nothing about the MX of others', async (t) => {
  const source = new Held(64, true)
  const { find, cached, problems } = open(source)
  for (let i = 0; i < 10; i++) {
    const answer = find(`d${i}.example`)
    await source.say(`d${i}.example`, new Error('SERVFAIL'))
    t.strictSame(await answer, uncertain)
  }
  const next = find('example.com')
  await source.say('example.com', 'mx1')
  t.strictSame(await next, certain('mx1'))
  t.match(cached.state, { available: true, queries: { failed: 10, found: 1 } })
  t.strictSame(problems, [])
})

t.test('what is known is used at once if the source is busy, and asked for again', async (t) => {
  const source = new Held()
  const { find, pass, cached } = open(source)
  const first = find('example.com')
  await source.say('example.com', 'mx1')
  await first
  pass(301)
  void find('other.example')
  t.strictSame(find('example.com'), stale('mx1'), 'without a promise')
  await source.say('other.example', undefined)
  await source.say('example.com', 'mx2')
  t.strictSame(find('example.com'), certain('mx2'))
  pass(301)
  const slow = cached.findHost(domain('example.com'), new Inquiry(1))
  t.strictSame(await slow, stale('mx2'), 'and if it is slow')
})

t.test('a change that is announced during a query makes its answer stale', async (t) => {
  const source = new Held(2)
  const { find, cached } = open(source)
  const before = find('example.com')
  cached.forget('Example.COM')
  await source.say('example.com', 'old')
  t.strictSame(await before, stale('old'))
  t.strictSame(cached.state.cache.known, 1, 'better than nothing while the source is down')
  const after = find('example.com')
  await source.say('example.com', 'new')
  t.strictSame(await after, certain('new'))
  t.strictSame(find('example.com'), certain('new'))
})

/** A source that was asked for `example.com`, has not answered, and has changed since. */
function askedBeforeChange() {
  const answers: ((value: string) => void)[] = []
  const { find, cached } = open({
    findHost: () => new Promise((resolve) => answers.push(resolve)),
    check: async () => undefined,
    close: async () => undefined,
  })
  const before = find('example.com')
  cached.forget()
  return { find, cached, answers, before }
}

t.test('a slow answer of before a change does not replace a quick one of after it', async (t) => {
  const { find, answers, before } = askedBeforeChange()
  const after = find('example.com')
  answers[1]?.('new')
  t.strictSame(await after, certain('new'))
  answers[0]?.('old')
  t.strictSame(await before, stale('old'))
  t.strictSame(find('example.com'), certain('new'))
})

t.test('a slow answer of before a change does not end the query of after it', async (t) => {
  const { find, cached, answers, before } = askedBeforeChange()
  const after = [find('example.com')]
  answers[0]?.('old')
  await before
  cached.forget('elsewhere.example')
  after.push(find('example.com'))
  t.equal(answers.length, 2, 'all who ask after the change share one query')
  answers[1]?.('new')
  t.strictSame(await Promise.all(after), [certain('new'), certain('new')])
  cached.forget()
  void find('example.com')
  t.equal(answers.length, 3, 'a query that has ended is not shared')
  answers[2]?.('newer')
})

t.test('a source without domains or accounts is not asked for them', async (t) => {
  const { findLogin, findHost, ...neither } = answering({})
  const address = { localPart: 'jane', domain: domain('example.org') }
  const logins = open({ ...neither, findLogin } as Backend)
  t.strictSame(logins.find('example.org'), certain(undefined), 'without a promise')
  const hosts = open({ ...neither, findHost } as Backend)
  t.strictSame(hosts.cached.findLogin(address), certain(undefined))
  for (const { cached } of [logins, hosts])
    t.match(cached.state, { queries: { unknown: 0 }, answers: { certain: 0 }, hasAnswered: false })
  t.strictSame([logins.cached.hasLogins, hosts.cached.hasLogins], [true, false])
  const one = (...all: Opened[]) => new Backends(all.map(({ cached }) => cached)).hasLogins
  t.strictSame([one(hosts, logins), one(hosts), one()], [true, false, false])
})

t.test('the state of a source shows each count, and the reason only if there is one', async (t) => {
  const source = new Held(2)
  const { find, cached } = open(source, { queue: 1, cacheSize: 1, negativeCacheSize: 1 })
  const idle = { running: 0, waiting: 0, available: true, name: 'fake' }
  const nothing = { certain: 0, stale: 0, uncertain: 0, refused: 0 }
  const empty = { known: 0, unknown: 0, evictedKnown: 0, evictedUnknown: 0 }
  const queries = { found: 0, unknown: 0, failed: 0 }
  t.strictSame(cached.state, { ...idle, hasAnswered: false, queries, answers: nothing, cache: empty })
  const known = ['a.example', 'b.example', 'c.example', 'd.example']
  const unknown = ['e.example', 'f.example', 'g.example']
  for (const name of [...known, ...unknown]) {
    const answer = find(name)
    await source.say(name, known.includes(name) ? 'mx1' : undefined)
    await answer
  }
  const failing = find('h.example')
  await source.say('h.example', down)
  await failing
  t.strictSame(cached.state, {
    ...idle,
    hasAnswered: true,
    problem: 'ECONNREFUSED',
    queries: { found: 4, unknown: 3, failed: 1 },
    answers: { ...nothing, certain: 7, uncertain: 1 },
    cache: { known: 1, unknown: 1, evictedKnown: 3, evictedUnknown: 2 },
  })
})

t.test('a query that has not been sent yet is not outdated by a change', async (t) => {
  const source = new Held()
  const { find, cached } = open(source)
  void find('a.example')
  const waiting = find('b.example')
  cached.forget()
  cached.forget('b.example')
  await source.say('a.example', 'mx1')
  await source.say('b.example', 'mx2')
  t.strictSame(await waiting, certain('mx2'))
})

t.test('made-up names do not push known domains out of the cache', async (t) => {
  const source = answering({ 'example.com': 'mx1' })
  const { find, cached, pass } = open(source, { cacheSize: 2, negativeCacheSize: 10 })
  await find('example.com')
  for (let i = 0; i < 100; i++) await find(`d${i}.example`)
  t.strictSame(find('example.com'), certain('mx1'))
  t.match(cached.state.cache, { known: 1, unknown: 10, evictedKnown: 0, evictedUnknown: 90 })
  pass(100_000)
  for (let i = 0; i < 100; i++) await find(`e${i}.example`)
  t.match(cached.state.cache, { known: 1, unknown: 10, evictedUnknown: 190 }, 'an outdated one stays, too')
})

t.test('a cache has one answer for each name, and drops the one that was not used for longest', (t) => {
  let time = 0
  const cache = new AnswerCache({ cacheSize: 2, negativeCacheSize: 2 }, () => time)
  const set = (name: string, value?: string) => cache.set(name, { value, certainty: 'certain' }, 10)
  set('a', 'mx1')
  set('a')
  t.strictSame([cache.size, cache.get('a')], [{ known: 0, unknown: 1 }, certain(undefined)])
  set('a', 'mx2')
  t.strictSame([cache.size, cache.get('a')], [{ known: 1, unknown: 0 }, certain('mx2')])
  time = 9_999
  t.strictSame(cache.get('a'), certain('mx2'))
  time = 10_000
  t.strictSame(cache.get('a'), stale('mx2'))
  set('b', 'mx1')
  cache.get('a')
  set('c', 'mx1')
  t.strictSame([cache.get('a'), cache.get('b')], [stale('mx2'), undefined])
  t.strictSame(cache.evicted, { known: 1, unknown: 0 })
  cache.outdate('b')
  t.equal(cache.get('b'), undefined)
  cache.outdate('c')
  t.strictSame(cache.get('c'), stale('mx1'))
  set('c', 'mx1')
  set('d')
  cache.outdate()
  t.strictSame([cache.get('c'), cache.get('d')], [stale('mx1'), stale(undefined)])
  t.equal(cache.resized({ cacheSize: 2, negativeCacheSize: 2 }), cache)
  set('c', 'mx3')
  for (const sizes of [
    { cacheSize: 1, negativeCacheSize: 2 },
    { cacheSize: 2, negativeCacheSize: 1 },
  ]) {
    const other = cache.resized(sizes)
    t.not(other, cache)
    t.strictSame(
      [other.get('c'), other.get('d')],
      [certain('mx3'), stale(undefined)],
      'the most recently used one',
    )
    t.equal(other.size.known, sizes.cacheSize)
  }
  t.end()
})

t.test('a source that knows a domain decides it, also if the one before it is down', async (t) => {
  const provider = { ...example.provider, defaultHost: 'vonmuenchhausen' }
  const first = open(answering({ 'example.com': down }))
  const second = open(answering({ 'example.com': 'mx7' }))
  const resolver = await resolverOf(t, [first.cached, second.cached], { ...example, provider })
  const found = await resolve(resolver, { domain: domain('example.com') })
  t.strictSame(found, { certain: false }, 'a host that is not configured, and no guess')
  const atProvider = { domain: domain('elsewhere.example'), requestHost: domain('all2all.org') }
  t.match(await resolve(resolver, atProvider), { certain: true, reason: { kind: 'defaultHost' } })
})

t.test('an answer is certain only if all sources before it are', async (t) => {
  const first = open(answering({ 'example.com': down, 'example.edu': 'vonmuenchhausen' }))
  const second = open(answering({ 'example.com': 'vonmuenchhausen' }))
  const resolver = await resolverOf(t, [first.cached, second.cached])
  const find = (name: string) => resolve(resolver, { domain: domain(name) })
  t.match(await find('example.edu'), { certain: true, clientConfig: { host: { key: 'vonmuenchhausen' } } })
  t.match(await find('example.com'), { certain: false, clientConfig: { host: { key: 'vonmuenchhausen' } } })
  const unknown = open(answering({}))
  const broken = open(answering({ 'example.com': down }))
  for (const sources of [
    [broken.cached, unknown.cached],
    [unknown.cached, broken.cached],
  ]) {
    const other = await resolverOf(t, sources)
    t.strictSame(await resolve(other, { domain: domain('example.com') }), { certain: false })
    broken.pass(10)
    const provider = { ...example.provider, defaultHost: 'vonmuenchhausen' }
    const withDefault = await resolverOf(t, sources, { ...example, provider })
    t.match(
      await resolve(withDefault, { domain: domain('example.com') }),
      { certain: false, reason: { kind: 'backendUnavailable' } },
      'the other source may know better, in any order',
    )
    broken.pass(10)
  }
})

t.test(
  'the last known "unknown" of a source that is down is not certain, and not guessed around',
  async (t) => {
    const says: Record<string, string | Error> = {}
    const { cached, pass } = open(answering(says))
    const provider = { ...example.provider, defaultHost: 'vonmuenchhausen' }
    const resolver = await resolverOf(t, [cached], { ...example, provider })
    const find = (name: string) => resolve(resolver, { domain: domain(name) })
    t.strictSame(await find('example.com'), { certain: true })
    says['example.com'] = down
    says['example.edu'] = down
    pass(61)
    t.strictSame(await find('example.com'), { certain: false })
    t.match(await find('example.edu'), { certain: false, reason: { kind: 'backendUnavailable' } })
  },
)

t.test('without an answer about the account, no login name is claimed', async (t) => {
  const files = {
    'info@example.org': 'user0001',
    'box@example.org': 'mailbox@example.org',
    'list@example.org': 'jane@example.org, kim@a.example',
  }
  const accounts = { disclose: 'public', map: files }
  const says: Record<string, string | Error> = { 'a.example': 'maximusconfessor' }
  const source = open(answering(says))
  const resolver = await resolverOf(t, [source.cached], { ...example, accounts })
  const find = async (localPart: string, more = {}) => {
    const found = await resolve(resolver, { address: { localPart, domain: domain('example.org') }, ...more })
    if (!isResolution(found)) throw new Error('not served')
    const { confidential, certain, clientConfig } = found
    return [clientConfig.hidesLogins ? 'hidden' : clientConfig.servers[0]?.username, confidential, certain]
  }
  const generic = '%EMAILADDRESS%'
  t.strictSame(await find('nobody'), [generic, true, true])
  t.strictSame(await find('box'), ['mailbox@example.org', true, true])
  says['jane@example.org'] = 'user0002'
  t.strictSame(await find('jane'), ['user0002', true, true])
  for (const name of ['nobody', 'jane+news', 'mailbox', 'info', 'box']) says[`${name}@example.org`] = down
  source.pass(100)
  const hidden = ['hidden', true, false]
  t.strictSame(await find('nobody'), hidden, 'nor is the last known "unknown" taken for an answer')
  t.strictSame(await find('nobody', { link: {} }), hidden)
  source.pass(10)
  t.strictSame(await find('jane+news'), hidden, 'the mailbox may have another login than the sub-address')
  source.pass(10)
  t.strictSame(await find('box'), hidden, 'the source may know another login of the mailbox')
  source.pass(10)
  t.strictSame(await find('info'), ['user0001', true, false], 'a login name of a file stays')
})

t.test('a login name that depends on where other domains are needs certain answers about them', async (t) => {
  const list = 'jane@example.org, kim@a.example'
  const source = open(answering({ 'list@example.org': list, 'a.example': down }))
  const resolver = await resolverOf(t, [source.cached], { ...example, accounts: { disclose: 'public' } })
  const address = { localPart: 'list', domain: domain('example.org') }
  const found = await resolve(resolver, { address })
  t.match(found, { certain: false, clientConfig: { hidesLogins: true } })
  source.pass(10)
  const link = await resolve(resolver, { address, link: { login: list } })
  t.match(link, { certain: false, clientConfig: { hidesLogins: true } })
})

t.test('an address is asked for once, and then without its extension if it has one', async (t) => {
  const source = open(answering({}))
  const resolver = await resolverOf(t, [source.cached], { ...example, accounts: { disclose: 'public' } })
  const find = (localPart: string) =>
    resolve(resolver, { address: { localPart, domain: domain('example.org') } })
  await find('jane')
  t.match(source.cached.state, { answers: { certain: 1 }, queries: { unknown: 1 } })
  await find('kim+news')
  t.match(source.cached.state, { answers: { certain: 3 }, queries: { unknown: 3 } })
})

t.test('the login name of a source is shown while the one before it is down', async (t) => {
  const first = open(answering({ 'jane@example.org': down }))
  const second = open(answering({ 'jane@example.org': 'user0001' }))
  const config = { ...example, accounts: { disclose: 'public' } }
  const resolver = await resolverOf(t, [first.cached, second.cached], config)
  const found = await resolve(resolver, { address: { localPart: 'jane', domain: domain('example.org') } })
  t.match(found, { certain: false, clientConfig: { servers: [{ username: 'user0001' }] } })
})

t.test('with decoys, no login name is shown while a source cannot say who exists', async (t) => {
  const map = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`u${i}@example.org`, `user00${10 + i}`]),
  )
  const accounts = { disclose: 'public', map, decoys: true, secretFile: 'secret' }
  const source = open(answering({ 'u1@example.org': down, 'x@example.org': down }))
  const config = await load(t, { ...example, accounts }, { secret: 'x'.repeat(32) })
  const resolver = new Resolver(config, { backends: new Backends([source.cached]) })
  const find = (localPart: string) =>
    resolve(resolver, { address: { localPart, domain: domain('example.org') } })
  t.match(await find('u2'), { certain: true, clientConfig: { servers: [{ username: 'user0012' }] } })
  for (const name of ['u1', 'x']) {
    t.match(await find(name), { certain: false, clientConfig: { hidesLogins: true } }, name)
    source.pass(10)
  }
})

t.test('the time of each query counts, in seconds, whether it succeeds or fails', async (t) => {
  const { find, cached } = open(answering({ 'a.example': 'mx1', 'b.example': down }))
  const began = performance.now()
  for (const name of ['a.example', 'b.example']) await find(name)
  const { count, sum, buckets } = cached.durations
  t.equal(count, 2)
  t.ok(sum > 0 && sum <= (performance.now() - began) / 1000)
  t.strictSame(
    buckets.map(({ le }) => le),
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  )
})

t.test('a histogram counts each query in all buckets that it fits in', (t) => {
  const durations = new Durations([0.005, 0.25, 0.5, 10])
  for (const seconds of [0.004, 0.005, 0.3, 60]) durations.add(seconds)
  const { buckets, count, sum } = durations.histogram
  t.strictSame([count, Math.round(sum * 1000)], [4, 60_309])
  t.strictSame(buckets, [
    { le: 0.005, within: 2 },
    { le: 0.25, within: 2 },
    { le: 0.5, within: 3 },
    { le: 10, within: 3 },
  ])
  t.end()
})
