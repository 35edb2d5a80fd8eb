import { Registry } from 'prom-client'
import type { Test } from 'tap'
import t from 'tap'
import type { Check } from '../../src/checks/check.ts'
import { checkOf } from '../../src/checks/check.ts'
import { defaultWatch, type WatchSettings } from '../../src/config/read-watch.ts'
import { addWatchMetrics } from '../../src/http/watch-metrics.ts'
import { Agenda } from '../../src/watch/agenda.ts'
import { Certificates } from '../../src/watch/certificates.ts'
import { type Change, forLog, textOf, wordsOf } from '../../src/watch/change.ts'
import { systemClock } from '../../src/watch/clock.ts'
import { Findings } from '../../src/watch/findings.ts'
import { isOver } from '../../src/watch/is-over.ts'
import { lookAt } from '../../src/watch/looks.ts'
import { openNetwork, trustOf } from '../../src/watch/open-network.ts'
import { Sample } from '../../src/watch/sample.ts'
import type { Step } from '../../src/watch/step.ts'
import { Watch } from '../../src/watch/watch.ts'
import { domain, example, openResolver } from '../support/example.ts'
import { TestClock } from '../support/test-clock.ts'
import { nameServer } from '../support/zone-server.ts'

const minute = 60_000
const hour = 60 * minute
const host = (name: string): Step => ({ kind: 'host', name })
const target = 'imap mail.example.org:993'
const connection = checkOf('connection-failed', target, 'a connection')
const up = [connection.ok('connected')]
const down = [connection.problem('ECONNREFUSED', 'start the server')]
const kinds = (changes: readonly Change[]): string[] => changes.map(({ change, id }) => `${change} ${id}`)

t.test('the clock of the machine sleeps until it is woken', async (t) => {
  const stop = new AbortController()
  const before = systemClock.now()
  await systemClock.sleep(1, stop.signal)
  t.ok(systemClock.now() >= before)
  const long = systemClock.sleep(1e6, stop.signal)
  stop.abort()
  await long
  t.ok(systemClock.random() < 1)
})

t.test('replicas begin at different times, and spread a run over half of the interval', async (t) => {
  const at = (chance: number) => new Agenda(6 * hour, () => chance, 0).next().at
  t.equal(at(0), 0)
  t.equal(at(0.5), 150_000, 'within five minutes of the start')
  t.equal(new Agenda(10 * minute, () => 0.5, 0).next().at, 30_000, 'or within a tenth of the interval')
  const agenda = new Agenda(6 * hour, () => 0.5, 0)
  agenda.startRun([host('a'), host('b')], 0)
  t.match(agenda.next(), { at: 9 * minute, step: { name: 'a' } }, 'the first run is spread over a tenth')
  t.equal(agenda.nextRun, 6 * hour)
  t.equal(agenda.every, 6 * hour)
  const take = () => {
    const next = agenda.next()
    if ('step' in next) agenda.remove(next)
    return next
  }
  take()
  t.match(take(), { at: 27 * minute, step: { name: 'b' } })
  t.strictSame(take(), { at: 6 * hour })
  agenda.startRun([host('a'), host('b')], 6 * hour)
  t.match(take(), { at: 6 * hour + 45 * minute })
  t.match(take(), { at: 6 * hour + 135 * minute })
})

t.test('one run at a time; a second look is taken only if there is none before', async (t) => {
  const agenda = new Agenda(minute, () => 0.5, 0)
  agenda.startRun([host('a')], 0)
  const { at } = agenda.next()
  agenda.again(host('a'), 10 * minute, 0)
  agenda.again(host('b'), 10 * minute, 0)
  agenda.again(host('b'), 11 * minute, 0)
  t.ok(agenda.isRunning)
  t.ok(at < agenda.nextRun)
  const first = agenda.next()
  if ('step' in first) agenda.remove(first)
  t.notOk(agenda.isRunning)
  t.match(agenda.next(), { at: agenda.nextRun, step: undefined }, 'a run does not wait for second looks')
  agenda.keep(({ name }) => name !== 'b')
  t.match(agenda.next(), { step: undefined })
})

t.test('samples rotate until every domain had its turn, also over a reload', async (t) => {
  const names = Array.from({ length: 7 }, (_, index) => `d${index}.example`)
  const domains = Object.fromEntries([...names, '*.wild.example'].map((name) => [name, 'vonmuenchhausen']))
  const resolver = await openResolver(t, { ...example, domains })
  const sample = new Sample(() => 0.6)
  const first = await sample.next(resolver, 3)
  const second = await sample.next(await openResolver(t, { ...example, domains }), 3)
  const third = await sample.next(resolver, 3)
  t.equal(first.length, 3)
  t.equal(new Set([...first, ...second, ...third]).size, 7)
  t.strictSame(await sample.next(resolver, 0), [])
  t.equal((await sample.next(resolver, 50)).length, 7, 'no domain twice')
  const many = Object.fromEntries(
    Array.from({ length: 6000 }, (_, index) => [`e${index}.example`, 'vonmuenchhausen']),
  )
  t.equal(
    (await new Sample(() => 0.99).next(await openResolver(t, { ...example, domains: many }), 3)).length,
    3,
  )
  t.strictSame(await sample.next(await openResolver(t, { ...example, domains: {} }), 3), [])
})

t.test('a problem is sent after two looks in a row, and so is its end', async (t) => {
  const findings = new Findings([])
  const see = (checks: readonly Check[], step = host('one')) => {
    const { changes, again } = findings.add(step, { host: 'one', checks }, 0)
    return [...kinds(changes), again]
  }
  t.strictSame(see(down), [true])
  t.strictSame(see(up), [false], 'it was there only once')
  see(down)
  t.strictSame(findings.counts, [{ host: 'one', id: 'connection-failed', hosts: 0, domains: 0 }])
  t.strictSame(see(down), ['problem-appeared connection-failed', true])
  t.strictSame(see(down), [true], 'a host with a problem is checked often')
  t.strictSame(see(up), [true])
  t.strictSame(see(down), [true], 'it was away only once')
  t.match(findings.counts, [{ hosts: 1 }])
  t.strictSame(see(up), [true])
  t.strictSame(see(up), ['problem-ended connection-failed', false])
  const step: Step = { kind: 'domain', name: domain('example.org') }
  see(down, step)
  t.strictSame(
    see(down, step),
    ['problem-appeared connection-failed', false],
    'a domain has its turn in runs',
  )
  t.strictSame(findings.openDomains, [step])
  see(up, host('two'))
  see(up)
  t.match(findings.hosts, [{ step: host('one') }, { step: host('two') }], 'in the order of the configuration')
  t.match(findings.counts, [{ hosts: 0, domains: 1 }])
})

t.test('ignored checks do not count, and certificates have alarms of their own', async (t) => {
  const soon = [checkOf('certificate-expires-soon', target, 'x').problem('3 days left')]
  const findings = new Findings(['connection-failed'])
  t.strictSame(findings.add(host('one'), { host: 'one', checks: [...down, ...soon] }, 0), {
    changes: [],
    again: false,
  })
  t.match(findings.counts, [{ id: 'certificate-expires-soon', hosts: 1 }])
  t.strictSame(findings.add(host('one'), { host: 'one', checks: [] }, 0), { changes: [], again: false })
  t.match(findings.counts, [{ hosts: 0 }])
})

t.test('what another configuration no longer contains, or ignores, is no problem any more', async (t) => {
  const findings = new Findings([])
  for (const name of ['one', 'two', 'three'])
    for (let look = 0; look < (name === 'three' ? 1 : 2); look++)
      findings.add(host(name), { host: name, checks: down }, 0)
  const ended = findings.keep(({ name }) => name === 'one', new Set(['one']), ['connection-failed'])
  t.match(ended, [{ change: 'problem-ended', host: 'two', seen: 'no longer in the configuration' }])
  t.equal(ended.length, 1)
  t.strictSame(findings.add(host('one'), { host: 'one', checks: down }, 0), { changes: [], again: false })
})

t.test('so many domains with problems are remembered', async (t) => {
  const findings = new Findings([])
  for (let index = 0; index < 1003; index++)
    findings.add({ kind: 'domain', name: domain(`d${index}.example`) }, { host: 'one', checks: down }, 0)
  t.equal(findings.openDomains.length, 1000)
  t.match(findings.openDomains[0], { name: 'd3.example' })
})

t.test('a problem is not over because another one hides it', async (t) => {
  const name = 'TXT x.example.org'
  const origin = 'https://autoconfig.example.org'
  const cases: [id: Check['id'], target: string, checks: Check[], isOver: boolean][] = [
    ['certificate-expired', target, down, false],
    ['certificate-expired', target, [checkOf('certificate-expired', target, '').ok('')], true],
    ['wrong-socket-type', target, [...up, checkOf('message-size-differs', target, '').problem('')], true],
    ['dns-record-missing', name, [checkOf('dns-record-differs', name, '').problem('')], true],
    ['dns-record-missing', name, [checkOf('dns-lookup-failed', name, '').untested('')], false],
    ['certificate-expired', origin, [checkOf('answer-differs', `${origin}/mail`, '').problem('')], false],
    ['connection-failed', `${target} at 192.0.2.1`, up, true],
    [
      'connection-failed',
      `${target} at 192.0.2.1`,
      [checkOf('host-not-found', target, '').untested('')],
      false,
    ],
  ]
  for (const [id, about, checks, expected] of cases)
    t.equal(isOver({ id, target: about }, checks), expected, id)
})

t.test('a problem that another one hides is still known, and ends when it is seen to be over', async (t) => {
  const expired = checkOf('certificate-expired', target, 'x')
  const findings = new Findings([])
  const see = (checks: readonly Check[]) =>
    kinds(findings.add(host('one'), { host: 'one', checks }, 0).changes)
  const twice = (checks: readonly Check[]) => [...see(checks), ...see(checks)]
  t.strictSame(twice([...up, expired.problem('')]), ['problem-appeared certificate-expired'])
  t.strictSame(twice(down), ['problem-appeared connection-failed'])
  t.match(findings.counts, [{ id: 'connection-failed' }, { id: 'certificate-expired', hosts: 1 }])
  t.strictSame(twice([...up, expired.ok('')]), [
    'problem-ended connection-failed',
    'problem-ended certificate-expired',
  ])
})

const day = 86_400_000
/** A look that has seen certificates that end after so many days. */
const shows = (now: number, days: number, life = 90, name = 'mail.example.org') => {
  const validTo = new Date(now + days * day).toISOString()
  const validFrom = new Date(now + (days - life) * day).toISOString()
  const check = {
    ...checkOf('certificate-expired', target, '').ok(''),
    certificate: { name, validFrom, validTo },
  }
  return { host: 'one', checks: [...up, check] }
}

t.test(
  'an alarm is raised once at 21 and once at 7 days, and its end when the certificate is renewed',
  async (t) => {
    const certificates = new Certificates([21, 7])
    const seen: unknown[] = []
    const start = Date.parse('2026-11-30T00:00:00Z')
    for (let passed = 0; passed < 30; passed++)
      for (const change of certificates.add(
        host('one'),
        shows(start + passed * day, 25 - passed),
        start + passed * day,
      ))
        seen.push([change.change, change.daysLeft, change.since])
    const since = '2026-12-04T00:00:00.000Z'
    t.strictSame(seen, [
      ['certificate-alarm', 21, since],
      ['certificate-alarm', 7, since],
    ])
    t.match(certificates.add(host('one'), shows(start, 60), start), [
      { change: 'problem-ended', id: 'certificate-expires-soon', daysLeft: 60, advice: '', since },
    ])
    t.strictSame(certificates.add(host('one'), shows(start, 60), start), [])
    t.match(
      certificates.add(host('one'), shows(start, 1), start),
      [{ seen: /1 day left$/ }],
      'only the last alarm',
    )
  },
)

t.test('certificates of a short life are no alarm before they should be renewed', async (t) => {
  const alarm = (days: number, life: number) =>
    new Certificates([21, 7]).add(host('one'), shows(0, days, life), 0)
  t.strictSame(alarm(16, 45), [])
  t.equal(alarm(14, 45).length, 1)
  t.strictSame(alarm(3, 6), [])
  t.equal(alarm(1.5, 6).length, 1)
  t.strictSame(new Certificates([]).add(host('one'), shows(0, 1), 0), [])
})

t.test('of several servers of a name the certificate counts that ends first', async (t) => {
  const certificates = new Certificates([21, 7])
  const checks = [shows(0, 80), shows(0, 5), shows(0, 70)].flatMap((look) => look.checks)
  t.match(certificates.add(host('one'), { host: 'one', checks }, 0), [{ daysLeft: 5 }])
  for (let index = 0; index < 5003; index++)
    certificates.add({ kind: 'domain', name: domain('example.org') }, shows(0, 80, 90, `n${index}`), 0)
  t.equal(certificates.all.length, 5000, 'a bounded number of names')
  certificates.add(host('one'), shows(0, 80), 0)
  certificates.keep(() => false, new Set(['one']), [1])
  t.strictSame(
    certificates.all.map(({ name }) => name),
    ['mail.example.org'],
  )
  certificates.keep(() => false, new Set(), [1])
  t.strictSame(certificates.all, [])
})

t.test('texts are bounded, and the log has nothing of a domain', async (t) => {
  const words = wordsOf({ target, expected: 'x', seen: `\u001b${'a'.repeat(400)}`, advice: '' })
  t.equal(words.seen.length, 301)
  t.notMatch(words.seen, '\u001b')
  const change = { change: 'problem-ended', id: 'answer-differs', host: 'one', ...words, since: 's' } as const
  t.equal(textOf({ ...change, seen: 'y' }), `ended   answer-differs ${target}: expected x; seen: y`)
  t.match(forLog(change), { target })
  const ofDomain = {
    ...change,
    domain: 'example.org',
    target: 'CNAME autoconfig.example.org',
    validTo: 'v',
    daysLeft: 1,
  }
  t.strictSame(forLog(ofDomain), { id: 'answer-differs', host: 'one', since: 's', validTo: 'v', daysLeft: 1 })
})

/** A watch over made-up checks: by the key of the host, or the domain. */
async function openWatch(t: Test, given: Partial<WatchSettings> = {}, config: object = example) {
  const clock = new TestClock()
  const resolver = await openResolver(t, config)
  const state: Record<string, readonly Check[]> = {}
  const looks: string[] = []
  const said: string[] = []
  const messages: Change[][] = []
  const signals: AbortSignal[] = []
  const hang = { at: '' }
  const watchedBy = (settings: Partial<WatchSettings> = {}, next = resolver, key = 'k') => ({
    resolver: next,
    settings: { ...defaultWatch(), ...settings },
    async look(step: Step, signal: AbortSignal) {
      looks.push(step.name)
      signals.push(signal)
      if (hang.at === step.name) await new Promise((_, reject) => signal.addEventListener('abort', reject))
      if (hang.at === `never ${step.name}`) await new Promise(() => {})
      if (hang.at === `bug ${step.name}`) throw new Error('a bug')
      return { host: step.kind === 'domain' ? 'maximusconfessor' : step.name, checks: state[step.name] ?? up }
    },
    receivers: [
      {
        to: 'webhook' as const,
        key,
        async deliver({ changes }: { changes: readonly Change[] }) {
          messages.push([...changes])
          return { ok: true as const, value: undefined }
        },
      },
    ],
  })
  const watch = new Watch(watchedBy(given), {
    clock,
    onChange: ({ change, id, host: name }) => said.push(`${change} ${id} ${name}`),
    onRun: ({ looks: number }) => said.push(`run ${number}`),
    onFailure: (what, problem) => said.push(`${what}: ${problem}`),
    onBug: ({ message }) => said.push(message),
  })
  t.teardown(() => watch.close())
  return { clock, watch, state, looks, said, messages, signals, hang, watchedBy }
}

t.test('hosts and a sample of domains are checked in runs, one after the other', async (t) => {
  const { clock, watch, looks, said } = await openWatch(t, { sample: 1 })
  await clock.pass(6 * hour)
  t.strictSame(looks.slice(0, 2), ['maximusconfessor', 'vonmuenchhausen'])
  t.equal(looks.length, 3)
  t.strictSame(said, ['run 3'])
  await clock.pass(6 * hour)
  t.strictSame(new Set(looks), new Set([...Object.keys(example.hosts), ...Object.keys(example.domains)]))
  t.match(watch.status, { lastFinished: /^2026-11-30T/, running: false, domains: [] })
})

t.test('the metric of the last run is absent until a run has ended', async (t) => {
  const { clock, watch } = await openWatch(t)
  const register = new Registry()
  addWatchMetrics(register, () => watch)
  const lastRun = /^mail_autoconfig_check_last_run_timestamp_seconds (.*)$/m
  t.notMatch(await register.metrics(), lastRun)
  await clock.pass(6 * hour)
  t.match(await register.metrics(), lastRun)
})

t.test('a public name without an address is a problem, and nobody is asked', async (t) => {
  const publicName = domain('setup.example.org')
  const names = await nameServer(t, {})
  const settings = { ...defaultWatch(), resolvers: [names.address] }
  const network = openNetwork(settings, trustOf(settings), Date.now)(new AbortController().signal)
  const resolver = await openResolver(t, { ...example, publicName })
  const { host: label, checks } = await lookAt({ kind: 'name', name: publicName }, resolver, network)
  t.equal(label, publicName)
  t.strictSame(
    checks.map(({ id, state }) => [id, state]),
    [['host-not-found', 'problem']],
  )
})

t.test('a problem and its end are sent once each, soon after a second look', async (t) => {
  const { clock, watch, state, said, messages, looks } = await openWatch(t, { sample: 0 })
  await clock.pass(6 * hour)
  state['vonmuenchhausen'] = down
  await clock.pass(6 * hour)
  const appeared = 'problem-appeared connection-failed vonmuenchhausen'
  t.strictSame(said, ['run 2', 'run 2', appeared])
  t.match(watch.status.hosts, [
    { problems: [] },
    { host: 'vonmuenchhausen', problems: [{ id: 'connection-failed' }] },
  ])
  t.match(watch.numbers.problems, [{ problems: 0 }, { host: 'vonmuenchhausen', problems: 1 }])
  const before = looks.length
  state['vonmuenchhausen'] = up
  await clock.pass(11 * minute)
  t.strictSame(said.slice(3), ['problem-ended connection-failed vonmuenchhausen'])
  t.ok(looks.length - before <= 3)
  t.strictSame(messages.map(kinds), [
    ['problem-appeared connection-failed'],
    ['problem-ended connection-failed'],
  ])
  t.match(watch.numbers.messages, [{ to: 'webhook', sent: 2, failed: 0, waiting: 0 }])
})

t.test('domains with problems are in every sample, so that their end is noticed', async (t) => {
  const domains = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [`d${index}.example`, 'vonmuenchhausen']),
  )
  const { clock, watch, state, looks, said } = await openWatch(t, { sample: 2 }, { ...example, domains })
  for (const name of Object.keys(domains)) state[name] = down
  await clock.pass(6 * hour)
  const [first = ''] = looks.filter((name) => name.startsWith('d'))
  t.match(watch.status.domains, [{ host: 'maximusconfessor', id: 'connection-failed', domains: 2 }])
  for (const name of Object.keys(domains)) state[name] = up
  await clock.pass(6 * hour)
  t.ok(looks.filter((name) => name === first).length > 2)
  t.ok(said.includes('problem-ended connection-failed maximusconfessor'))
  t.notMatch(JSON.stringify([watch.status, watch.numbers]), 'd1', 'domains are only counted')
})

t.test('days left are in the results, and the first certificate of a host is in the numbers', async (t) => {
  const { clock, watch, state } = await openWatch(t, { sample: 2 })
  const { time } = clock
  state['maximusconfessor'] = shows(time, 30).checks
  state['example.org'] = shows(time, 4, 90, 'autoconfig.example.org').checks
  state['example.net'] = shows(time, 9, 90, 'autoconfig.example.net').checks
  await clock.pass(2 * hour)
  t.match(watch.status.hosts[0]?.certificates, [{ name: 'mail.example.org', daysLeft: 29 }])
  t.strictSame(watch.status.domainCertificates, { known: 2, alarms: 2 })
  t.strictSame(watch.numbers.certificates, [
    { host: 'maximusconfessor', of: 'mail', seconds: 30 * 86_400 - 7200 },
    { host: 'maximusconfessor', of: 'names', seconds: 4 * 86_400 - 7200 },
  ])
})

t.test('a reload aborts the step that runs, which is made again; what is known stays known', async (t) => {
  const { clock, watch, looks, hang, state, said, signals, watchedBy } = await openWatch(t, { sample: 0 })
  state['maximusconfessor'] = down
  hang.at = 'vonmuenchhausen'
  await clock.pass(31 * minute)
  t.match(said, ['problem-appeared connection-failed maximusconfessor'])
  t.ok(watch.status.running)
  hang.at = ''
  watch.use(watchedBy({ sample: 0 }))
  t.ok(signals[1]?.aborted)
  await clock.pass(hour)
  t.strictSame(said.slice(1), ['run 2'])
  t.ok(looks.filter((name) => name === 'vonmuenchhausen').length === 2)
  const one = await openResolver(t, {
    ...example,
    hosts: { vonmuenchhausen: { hostname: 'a.example' } },
    domains: {},
  })
  watch.use(watchedBy({ sample: 0 }, one, 'other'))
  t.equal(said.at(-1), 'problem-ended connection-failed maximusconfessor')
  watch.use(watchedBy({ sample: 0, every: hour }, one, 'other'))
  const before = looks.length
  await clock.pass(hour)
  t.ok(looks.length > before, 'another interval begins at once')
})

t.test('the end of the server aborts the step that runs, and all that waits', async (t) => {
  const { clock, watch, hang, signals, looks } = await openWatch(t)
  hang.at = 'never maximusconfessor'
  await clock.pass(12 * minute)
  await watch.close()
  t.ok(signals[0]?.aborted)
  t.equal(clock.waiting, 0)
  await clock.pass(24 * hour)
  t.equal(looks.length, 1)
})

t.test('a step that does not end is given up, and a bug in one does not end the others', async (t) => {
  const { clock, hang, said } = await openWatch(t, { sample: 0 })
  hang.at = 'never maximusconfessor'
  await clock.pass(3 * hour)
  t.strictSame(said, ['check: a check of a host did not end within 300 s', 'run 2'])
  hang.at = 'bug vonmuenchhausen'
  await clock.pass(6 * hour)
  t.strictSame(said.slice(2), ['a bug', 'run 2'])
})
