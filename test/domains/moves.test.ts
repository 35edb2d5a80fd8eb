import t from 'tap'
import { Resolver } from '../../src/resolver/resolver.ts'
import { run, runForBytes } from '../support/command.ts'
import { configFolder, domain, example, findings, load, openApp, textOf } from '../support/example.ts'

const at = '2027-01-10T02:00:00+01:00'
const moving = {
  ...example,
  publicName: 'autoconfig.all2all.org',
  domains: {
    ...example.domains,
    'example.net': { host: 'vonmuenchhausen', moves: [{ at, host: 'maximusconfessor' }] },
  },
}
const url = '/mail/config-v1.1.xml?emailaddress=jane@example.net'

t.test('from the time of the move, the answer is the new host with another ETag', async (t) => {
  let time = new Date('2027-01-01T00:00:00Z')
  const { app } = await openApp(t, moving, {}, () => time)
  const before = await app.inject({ url })
  t.equal(textOf(before.body, 'hostname'), 'vonmuenchhausen.all2all.org')
  time = new Date('2027-01-10T00:59:59.999Z')
  t.equal(textOf((await app.inject({ url })).body, 'hostname'), 'vonmuenchhausen.all2all.org')
  time = new Date('2027-01-10T01:00:00Z')
  const after = await app.inject({ url })
  t.equal(textOf(after.body, 'hostname'), 'maximusconfessor.all2all.org')
  t.not(after.headers.etag, before.headers.etag)
  const asked = { url, headers: { 'if-none-match': String(before.headers.etag) } }
  t.equal((await app.inject(asked)).statusCode, 200, 'a client with the old answer gets the new one')
})

t.test(
  'a domain moves at its second, whether it has an entry of its own or matches a wildcard',
  async (t) => {
    const entry = { host: 'vonmuenchhausen', moves: [{ at, host: 'maximusconfessor' }] }
    const refusing = { 'gone.map': 'gone.example error:\n' }
    for (const [pattern, files] of [
      ['a.example.net', {}],
      ['*.example.net', {}],
      ['*', {}],
      ['a.example.net', refusing],
      ['*.example.net', refusing],
      ['*', refusing],
    ] as const) {
      const domains = { [pattern]: entry }
      const config = await load(t, { ...example, domains, domainFiles: Object.keys(files) }, files)
      let time = 0
      const resolver = new Resolver(config, { now: () => time })
      const name = domain('a.example.net')
      const seen = [-1000, -1, 0, 1].map((milliseconds) => {
        time = Date.parse(at) + milliseconds
        const { moves, clientConfig } = resolver.ruleFor(name)?.rule ?? {}
        return [resolver.find(name)?.host.key, clientConfig?.host.key, moves?.length]
      })
      const before = ['vonmuenchhausen', 'vonmuenchhausen', 1]
      const after = ['maximusconfessor', 'maximusconfessor', 0]
      t.strictSame(seen, [before, before, after, after], pattern)
    }
  },
)

t.test('no answer is cached beyond the move', async (t) => {
  let time = new Date('2027-01-01T00:00:00Z')
  const { app } = await openApp(t, moving, {}, () => time)
  const age = async (of = url) => (await app.inject({ url: of })).headers['cache-control']
  for (const [now, expected] of [
    ['2027-01-01T00:00:00Z', 3600],
    ['2027-01-09T23:59:00Z', 3600],
    ['2027-01-10T00:30:00Z', 1800],
    ['2027-01-10T00:59:59.5Z', 0],
    ['2027-01-10T01:00:00Z', 3600],
  ] as const) {
    time = new Date(now)
    t.equal(await age(), `public, max-age=${expected}`, now)
    t.equal(await age('/mail/config-v1.1.xml?emailaddress=jane@example.org'), 'public, max-age=3600')
  }
})

t.test('several moves follow each other', async (t) => {
  const moves = [
    { at: '2027-01-01T00:00:00Z', host: 'maximusconfessor' },
    { at: '2027-01-02T00:00:00Z', host: 'vonmuenchhausen' },
  ]
  const domains = { 'example.net': { host: 'vonmuenchhausen', username: '%EMAILLOCALPART%', moves } }
  let time = new Date(0)
  const { app } = await openApp(t, { ...example, domains }, {}, () => time)
  const host = async () => textOf((await app.inject({ url })).body, 'hostname')?.split('.')[0]
  const seen: (string | undefined)[] = []
  for (const now of ['2026-12-31T23:59:59Z', '2027-01-01T12:00:00Z', '2027-01-02T00:00:00Z']) {
    time = new Date(now)
    seen.push(await host())
    t.equal(
      textOf((await app.inject({ url })).body, 'username'),
      '%EMAILLOCALPART%',
      'the settings of the domain stay the same',
    )
  }
  t.strictSame(seen, ['vonmuenchhausen', 'maximusconfessor', 'vonmuenchhausen'])
})

t.test('explain shows both hosts and the time, and the TTL of DNS records ends at the move', async (t) => {
  const file = configFolder(t, moving)
  const print = async (command: string, now: string) =>
    (await runForBytes([command, 'example.net', '--config', file], () => new Date(now))).bytes.toString()
  const early = await print('explain', '2027-01-01T00:00:00Z')
  t.match(early, /^served by +vonmuenchhausen /m)
  t.match(
    early,
    /^moves to +maximusconfessor \(maximusconfessor\.all2all\.org\) at 2027-01-10T01:00:00\.000Z$/m,
  )
  const late = await print('explain', '2027-01-11T00:00:00Z')
  t.match(late, /^served by +maximusconfessor /m)
  t.notMatch(late, 'moves to')
  t.match(
    await print('dns', '2027-01-01T00:00:00Z'),
    '_imaps._tcp.example.net. 3600 IN SRV 0 1 993 vonmuenchhausen',
  )
  t.match(
    await print('dns', '2027-01-10T00:50:00Z'),
    '_imaps._tcp.example.net. 600 IN SRV 0 1 993 vonmuenchhausen',
  )
  t.match(
    await print('dns', '2027-01-10T00:59:59Z'),
    '_imaps._tcp.example.net. 60 IN SRV 0 1 993 vonmuenchhausen',
  )
  t.match(
    await print('dns', '2027-01-10T01:00:00Z'),
    '_imaps._tcp.example.net. 3600 IN SRV 0 1 993 maximusconfessor',
  )
})

t.test('an invalid move is an error with its place', async (t) => {
  const cases: [object[], RegExp][] = [
    [[{ at, host: 'nowhere' }], /moves\[0\]\.host there is no host "nowhere"/],
    [
      [{ at: '2027-01-10', host: 'maximusconfessor' }],
      /moves\[0\]\.at must be a time with its offset from UTC, such as/,
    ],
    [[{ at: '2027-01-10T02:00:00', host: 'maximusconfessor' }], /moves\[0\]\.at must be a time/],
    [
      [
        { at, host: 'maximusconfessor' },
        { at, host: 'vonmuenchhausen' },
      ],
      /moves\[1\]\.at must be later than the previous move/,
    ],
    [[], /moves must not be empty/],
    [[{ host: 'maximusconfessor' }], /moves\[0\]\.at/],
  ]
  for (const [moves, error] of cases) {
    const domains = { 'example.net': { host: 'vonmuenchhausen', moves } }
    t.match((await findings(t, { ...example, domains })).errors.join('\n'), error)
  }
  t.equal((await run(['check', '--config', configFolder(t, moving)])).exitCode, 0)
})
