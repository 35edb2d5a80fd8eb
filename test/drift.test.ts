import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { join } from 'node:path'
import { decode, encode } from 'dns-packet'
import Sqlite from 'libsql'
import t, { type Test } from 'tap'
import type { Backend } from '../src/backends/backend.ts'
import { ComparandError } from '../src/cli/comparand.ts'
import { driftFrom } from '../src/cli/drift.ts'
import { main } from '../src/cli/main.ts'
import type { Domain } from '../src/model/address.ts'
import { io, run } from './support/command.ts'
import { configFolder, example, openResolver } from './support/example.ts'

/** What `drift` says of a configuration and a Postfix map. */
async function driftFromMap(t: Test, config: object, map: string, ...args: string[]) {
  const file = configFolder(t, config, { transport: map })
  const name = file.replace('autoconfig.yaml', 'transport')
  const result = await run(['drift', '--config', file, '--map', name, ...args])
  return { ...result, lines: result.stdout.replaceAll(name, 'transport').split('\n').slice(0, -1) }
}

const same = (compared: number, name: string) =>
  `0 of ${compared} domains differ: 0 only in the configuration, 0 only in ${name}, 0 on another host`

t.test('a transport map that says the same differs in nothing', async (t) => {
  const map = `# a comment
example.org smtp:[maximusconfessor.all2all.org]:25
Example.NET vonmuenchhausen
example.net relay:the.first.holds
`
  const { exitCode, stderr, lines } = await driftFromMap(t, example, map)
  t.strictSame([exitCode, stderr], [0, ''])
  t.strictSame(lines, [same(2, 'transport')])
})

t.test('each domain that differs has a line, in order, and the status is 1', async (t) => {
  const config = { ...example, domains: { ...example.domains, 'example.com': 'maximusconfessor' } }
  const map = `example.org vonmuenchhausen.all2all.org
new.example smtp:[maximusconfessor.all2all.org]
example.net smtp:[mx.elsewhere.example]:25
alias.example virtual:
`
  const { exitCode, lines } = await driftFromMap(t, config, map)
  t.equal(exitCode, 1)
  t.strictSame(lines, [
    'alias.example: only in transport',
    'example.com: only in the configuration, on maximusconfessor',
    'example.net: on vonmuenchhausen in the configuration, on smtp:[mx.elsewhere.example]:25 in transport',
    'example.org: on maximusconfessor in the configuration, on vonmuenchhausen in transport',
    'new.example: only in transport, on maximusconfessor',
    '5 of 5 domains differ: 1 only in the configuration, 2 only in transport, 2 on another host',
  ])
  const { stdout } = await driftFromMap(t, config, map, '--json')
  t.match(JSON.parse(stdout), {
    with: /transport$/,
    compared: 5,
    differences: [
      { domain: 'alias.example', kind: 'onlyThere' },
      { domain: 'example.com', kind: 'onlyHere', here: 'maximusconfessor' },
      {
        domain: 'example.net',
        kind: 'otherHost',
        here: 'vonmuenchhausen',
        there: 'smtp:[mx.elsewhere.example]:25',
      },
      { domain: 'example.org', kind: 'otherHost', here: 'maximusconfessor', there: 'vonmuenchhausen' },
      { domain: 'new.example', kind: 'onlyThere', there: 'maximusconfessor' },
    ],
    wildcards: { here: 0, there: 0 },
    failed: [],
    skipped: [],
  })
})

t.test('of a map that names no hosts, only the domains count', async (t) => {
  for (const map of ['example.org OK\nexample.net anything\n', 'example.org\nexample.net\n']) {
    const { exitCode, lines } = await driftFromMap(t, example, map)
    t.equal(exitCode, 0)
    t.strictSame(lines, [
      'note: transport names no hosts: only whether a domain is there was compared',
      same(2, 'transport'),
    ])
  }
  t.strictSame((await driftFromMap(t, example, '')).lines, [
    'example.net: only in the configuration, on vonmuenchhausen',
    'example.org: only in the configuration, on maximusconfessor',
    '2 of 2 domains differ: 2 only in the configuration, 0 only in transport, 0 on another host',
  ])
  t.match(
    (await driftFromMap(t, example, 'example.org maximusconfessor\nexample.net OK\n')).lines[0],
    'example.net: on vonmuenchhausen in the configuration, on OK in transport',
    'where one host is named, all are to be',
  )
})

t.test('wildcards are counted, and cover what the other side names', async (t) => {
  const config = {
    ...example,
    domains: {
      'a.example.org': 'maximusconfessor',
      'b.example.com': 'maximusconfessor',
      '*.example.net': 'vonmuenchhausen',
      intranet: 'maximusconfessor',
    },
  }
  const map = `.example.org maximusconfessor
* maximusconfessor
x.example.net vonmuenchhausen
y.example.net maximusconfessor
`
  t.strictSame((await driftFromMap(t, config, map)).lines, [
    'y.example.net: on vonmuenchhausen in the configuration, on maximusconfessor in transport',
    'note: wildcards are not compared: 1 here, 2 in transport',
    '1 of 5 domains differs: 0 only in the configuration, 0 only in transport, 1 on another host',
  ])
})

t.test('what is no domain is left out, and told', async (t) => {
  const map = `example.org maximusconfessor
 continued
jane@example.net maximusconfessor
example.net vonmuenchhausen
`
  const { exitCode, lines } = await driftFromMap(t, example, map)
  t.equal(exitCode, 0)
  t.strictSame(lines, ['note: 2 of transport are no domains: line 2, line 3', same(2, 'transport')])
  const many = 'example.org maximusconfessor\nexample.net vonmuenchhausen\n'
  t.match(
    (await driftFromMap(t, example, `${many}${'a_b x\n'.repeat(6)}`)).lines[0],
    /: line 3, line 4, line 5, line 6, line 7, …$/,
  )
  t.match((await driftFromMap(t, example, `${many}a_b x\n`)).lines[0], /1 of transport is no domain: line 3$/)
})

t.test('a map that cannot be read is told on stderr, with status 1', async (t) => {
  const { exitCode, stdout, stderr } = await run([
    'drift',
    '--map',
    'no/such/map',
    '-c',
    configFolder(t, example),
  ])
  t.strictSame([exitCode, stdout], [1, ''])
  t.match(stderr, /^no\/such\/map: cannot be read: ENOENT/)
})

/** The file of a configuration whose sources are an SQLite database with these rows, asked in these ways. */
function withDatabase(t: Test, rows: readonly (readonly [string, string])[], ...asked: object[]): string {
  const database = join(t.testdirName, 'mail.db')
  const sources = asked.map((queries) => ({ sql: { url: `sqlite:${database}`, ...queries } }))
  const file = configFolder(t, { ...example, sources })
  const sqlite = new Sqlite(database)
  sqlite.exec('CREATE TABLE mail_domain (name TEXT, host TEXT)')
  for (const row of rows) sqlite.prepare('INSERT INTO mail_domain VALUES (?, ?)').run(...row)
  sqlite.close()
  return file
}

const domain = 'SELECT host FROM mail_domain WHERE name = $1'
const list = 'SELECT name, host FROM mail_domain'
const account = "SELECT 'user0001' WHERE $1 <> ''"

t.test('the only source is asked for its whole list', async (t) => {
  const rows = [
    ['Example.ORG', 'maximusconfessor.all2all.org'],
    ['example.com', 'vonmuenchhausen'],
    ['example.com', 'maximusconfessor'],
    ['a_b', 'vonmuenchhausen'],
    ['odd.example', 'two\nlines'],
  ] as const
  const file = withDatabase(t, rows, { domain, list })
  const { exitCode, stdout, stderr } = await run(['drift', '-c', file])
  t.strictSame([exitCode, stderr], [1, ''])
  t.strictSame(stdout.split('\n'), [
    'example.com: only in sql, on vonmuenchhausen',
    'example.net: only in the configuration, on vonmuenchhausen',
    'odd.example: only in sql, on two\ufffdlines',
    'note: 1 of sql is no domain: "a_b"',
    '3 of 4 domains differ: 1 only in the configuration, 2 only in sql, 0 on another host',
    '',
  ])
})

t.test('a source without a list is asked for each domain', async (t) => {
  const rows = [
    ['example.org', 'vonmuenchhausen'],
    ['example.com', 'vonmuenchhausen'],
  ] as const
  const file = withDatabase(t, rows, { domain })
  const { exitCode, stdout } = await run(['drift', '-c', file])
  t.equal(exitCode, 1)
  t.strictSame(stdout.split('\n'), [
    'example.net: only in the configuration, on vonmuenchhausen',
    'example.org: on maximusconfessor in the configuration, on vonmuenchhausen in sql',
    'note: sql was asked of each domain here; what only it knows does not show',
    '2 of 2 domains differ: 1 only in the configuration, 0 only in sql, 1 on another host',
    '',
  ])
})

t.test('of several sources one is named', async (t) => {
  const rows = [
    ['example.org', 'maximusconfessor'],
    ['example.net', 'vonmuenchhausen'],
  ] as const
  const file = withDatabase(t, rows, { domain, list }, { account })
  const drift = (...args: string[]) => run(['drift', '-c', file, ...args])
  t.strictSame(await drift('--source', 'sql 1'), { exitCode: 0, stdout: `${same(2, 'sql 1')}\n`, stderr: '' })
  t.strictSame(await drift('--source', 'sql 2'), {
    exitCode: 1,
    stdout: '',
    stderr: 'sql 2: tells of accounts only, not of domains\n',
  })
  t.strictSame(await drift(), {
    exitCode: 2,
    stdout: '',
    stderr: 'there are several sources; say --source with one of sql 1, sql 2\n',
  })
  t.match(await drift('--source', 'ldap'), {
    exitCode: 2,
    stderr: 'there is no source "ldap"; there are sql 1, sql 2\n',
  })
  t.match(await drift('--source', 'sql 1', '--map', 'x'), { exitCode: 2, stderr: /cannot be used with/ })
})

t.test('without anything to compare with, the usage is wrong', async (t) => {
  const stderr = 'there is nothing to compare with: the configuration has no sources:; give --map FILE\n'
  const file = configFolder(t, example)
  t.strictSame(await run(['drift', '-c', file]), { exitCode: 2, stdout: '', stderr })
  t.strictSame(await run(['drift', '-c', file, '--source', 'mx']), { exitCode: 2, stdout: '', stderr })
})

t.test('a source that is not there is told on stderr, with status 1', async (t) => {
  const url = `sqlite:${join(t.testdirName, 'nowhere.db')}`
  for (const queries of [{ domain }, { domain, list }]) {
    const file = configFolder(t, { ...example, sources: [{ sql: { url, ...queries } }] })
    const { exitCode, stdout, stderr } = await run(['drift', '-c', file])
    t.strictSame([exitCode, stdout], [1, ''])
    t.match(stderr, /^sql: cannot connect to .*nowhere\.db: there is no such file/)
  }
})

t.test('the MX of each domain is looked up', async (t) => {
  const server = createSocket('udp4')
  const exchanges: Readonly<Record<string, string>> = {
    'example.org': 'maximusconfessor.all2all.org',
    'example.net': 'filter.example.net',
  }
  server.on('message', (bytes, { port, address }) => {
    const { id = 0, questions = [] } = decode(bytes)
    const name = questions[0]?.name ?? ''
    const exchange = exchanges[name]
    const answers =
      exchange === undefined ? [] : [{ type: 'MX' as const, name, data: { preference: 10, exchange } }]
    // NXDOMAIN, and SERVFAIL for one that is broken.
    const code = exchange === undefined ? (name === 'broken.example' ? 2 : 3) : 0
    server.send(encode({ type: 'response', id, flags: code, questions, answers }), port, address)
  })
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  const sources = [{ mx: { resolver: [`127.0.0.1:${server.address().port}`] } }]
  const domains = {
    ...example.domains,
    'parked.example': 'maximusconfessor',
    'broken.example': 'maximusconfessor',
    '*.example.org': 'maximusconfessor',
  }
  const file = configFolder(t, { ...example, domains, sources })
  const { exitCode, stdout, stderr } = await run(['drift', '-c', file])
  t.strictSame([exitCode, stderr], [1, ''])
  t.strictSame(stdout.split('\n'), [
    'example.net: on vonmuenchhausen in the configuration, on filter.example.net in mx',
    'parked.example: only in the configuration, on maximusconfessor',
    'note: wildcards are not compared: 1 here, 0 in mx',
    'note: mx was asked of each domain here; what only it knows does not show',
    'note: mx could not be asked of 1 domain: broken.example: the MX cannot be looked up: ESERVFAIL',
    '2 of 3 domains differ: 1 only in the configuration, 0 only in mx, 1 on another host',
    '',
  ])
  const { failed } = JSON.parse((await run(['drift', '-c', file, '--json'])).stdout)
  t.strictSame(failed, [{ domain: 'broken.example', reason: 'the MX cannot be looked up: ESERVFAIL' }])
  server.close()
  await once(server, 'close')
  const dead = await run(['drift', '-c', file])
  t.strictSame([dead.exitCode, dead.stdout], [1, ''])
  t.match(dead.stderr, /^mx: the MX cannot be looked up: E/)
})

/** A source that says what it is told to. */
function source(parts: Partial<Backend>) {
  const whole: Backend = { check: async () => {}, close: async () => {}, ...parts }
  return { name: 'fake', source: whole, timeout: 0.05 }
}

const manyDomains = Object.fromEntries(
  Array.from({ length: 200 }, (_, index) => [`c${index}.example`, 'maximusconfessor']),
)

t.test('a domain that fails is no difference, and the others are compared', async (t) => {
  const resolver = await openResolver(t, { ...example, domains: manyDomains })
  let checks = 0
  const broken = (domain: Domain) => Number(domain.slice(1, -8)) < 150
  const found = await driftFrom(
    resolver,
    source({
      async findHost(domain) {
        if (broken(domain)) throw new Error('SERVFAIL')
        return 'maximusconfessor'
      },
      async check() {
        checks++
      },
    }),
  )
  t.strictSame([found.differences, found.compared, found.other.failed.size], [[], 50, 150])
  t.ok(checks >= 2, 'where many fail in a row, it was asked whether it is there at all')
})

t.test('a source that does not answer is not waited for', async (t) => {
  const resolver = await openResolver(t, { ...example, domains: manyDomains })
  const never = () => new Promise<never>(() => {})
  let asked = 0
  const silent = source({
    findHost: () => {
      asked++
      return never()
    },
    check: never,
  })
  await t.rejects(driftFrom(resolver, silent), new ComparandError('has not answered within 0.05 s'))
  t.ok(asked < 100, 'nor asked for the rest')
})

t.test('at most sixteen questions are under way', async (t) => {
  const resolver = await openResolver(t, { ...example, domains: manyDomains })
  let underWay = 0
  let most = 0
  const slow = source({
    async findHost() {
      most = Math.max(most, ++underWay)
      await new Promise(setImmediate)
      underWay--
      return 'maximusconfessor'
    },
  })
  t.strictSame((await driftFrom(resolver, slow)).compared, 200)
  t.equal(most, 16)
})

t.test('a list that breaks off or does not end is no list', async (t) => {
  const resolver = await openResolver(t, example)
  async function* breaksOff() {
    yield { domain: 'example.org', host: 'maximusconfessor' }
    throw new Error('connection lost')
  }
  await t.rejects(driftFrom(resolver, source({ list: breaksOff })), new ComparandError('connection lost'))
  async function* endless() {
    for (;;) {
      yield { domain: 'example.org', host: 'maximusconfessor' }
      await new Promise(setImmediate)
    }
  }
  await t.rejects(
    driftFrom(resolver, source({ list: endless })),
    new ComparandError('has not answered within 3 s'),
  )
})

t.test('nothing is asked where no domain is configured, and a bug is not taken for silence', async (t) => {
  const none = await openResolver(t, { ...example, domains: {} })
  t.match(await driftFrom(none, source({ findHost: async () => undefined })), {
    compared: 0,
    differences: [],
  })
  const stdout = {
    write() {
      throw new Error('out of order')
    },
  }
  const { stderr, signals, now } = io()
  const file = configFolder(t, example, { transport: 'example.org\n' })
  const args = ['drift', '-c', file, '--map', file.replace('autoconfig.yaml', 'transport')]
  await t.rejects(main(args, { env: {}, now, stdout, stderr, signals }), { message: 'out of order' })
})
