import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { decode, encode } from 'dns-packet'
import Sqlite from 'libsql'
import t, { type Test } from 'tap'
import type { Backend } from '../../src/backends/backend.ts'
import { driftFrom } from '../../src/cli/drift.ts'
import { main } from '../../src/cli/main.ts'
import type { Domain } from '../../src/model/address.ts'
import { failure } from '../../src/model/result.ts'
import { io, run } from '../support/command.ts'
import { configFolder, example, openResolver } from '../support/example.ts'

/** Runs `drift` on a configuration and a Postfix map. */
async function driftFromMap(t: Test, config: object, map: string, ...args: string[]) {
  const file = configFolder(t, config, { transport: map })
  const name = file.replace('autoconfig.yaml', 'transport')
  const result = await run(['drift', '--config', file, '--map', name, ...args])
  return { ...result, lines: result.stdout.replaceAll(name, 'transport').split('\n').slice(0, -1) }
}

const same = (compared: number, name: string) =>
  `0 of ${compared} domains differ: 0 only in the configuration, 0 only in ${name}, 0 on another host`

t.test('a transport map with the same hosts has no differences', async (t) => {
  const map = `# a comment
example.org smtp:[maximusconfessor.all2all.org]:25
Example.NET vonmuenchhausen
example.net relay:the.first.holds
`
  const { exitCode, stderr, lines } = await driftFromMap(t, example, map)
  t.strictSame([exitCode, stderr], [0, ''])
  t.strictSame(lines, [same(2, 'transport')])
})

t.test('each domain that differs has a line, in order, and the exit code is 1', async (t) => {
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
    'example.net: on vonmuenchhausen in the configuration, on mx.elsewhere.example in transport',
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
        there: 'mx.elsewhere.example',
      },
      { domain: 'example.org', kind: 'otherHost', here: 'maximusconfessor', there: 'vonmuenchhausen' },
      { domain: 'new.example', kind: 'onlyThere', there: 'maximusconfessor' },
    ],
    wildcards: { here: 0, there: 0 },
    failed: [],
    skipped: [],
  })
})

t.test('for a map without hosts, only the domains are compared', async (t) => {
  for (const map of ['example.org OK\nexample.net anything\n', 'example.org\nexample.net\n']) {
    const { exitCode, lines } = await driftFromMap(t, example, map)
    t.equal(exitCode, 0)
    t.strictSame(lines, [
      'note: transport names no hosts: only the domains were compared',
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
    'example.net: on vonmuenchhausen in the configuration, on an unknown host in transport',
    'one value that is a host makes all values hosts',
  )
})

t.test('wildcards are counted, and cover domains of the other side', async (t) => {
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
    'note: wildcards are not compared: 1 in the configuration, 2 in transport',
    '1 of 5 domains differs: 0 only in the configuration, 0 only in transport, 1 on another host',
  ])
})

t.test('entries that are not domains are ignored, with a note', async (t) => {
  const map = `example.org maximusconfessor
 continued
jane@example.net maximusconfessor
example.net vonmuenchhausen
`
  const { exitCode, lines } = await driftFromMap(t, example, map)
  t.equal(exitCode, 0)
  t.strictSame(lines, ['note: 1 entry of transport ignored, not a domain: line 3', same(2, 'transport')])
  const many = 'example.org maximusconfessor\nexample.net vonmuenchhausen\n'
  t.match(
    (await driftFromMap(t, example, `${many}${'a_b x\n'.repeat(6)}`)).lines[0],
    /: line 3, line 4, line 5, line 6, line 7, …$/,
  )
  t.match(
    (await driftFromMap(t, example, `${many}a_b x\n`)).lines[0],
    /1 entry of transport ignored, not a domain: line 3$/,
  )
})

t.test('a map is read as domainFiles reads it', async (t) => {
  const config = { ...example, nextHops: { 'dovecot:': 'maximusconfessor' } }
  const map = `example.org dovecot
example.net
\tsmtp:[filter.example]:25 [vonmuenchhausen.all2all.org]
refused.example Error:vonmuenchhausen
relayed.example smtp:[mx.elsewhere.example]
secret.example user:secret-password.example
`
  const { exitCode, lines, stdout } = await driftFromMap(t, config, map)
  t.equal(exitCode, 0)
  t.strictSame(lines, [
    'note: 2 domains only in transport, on other hosts than yours: relayed.example, secret.example',
    same(2, 'transport'),
  ])
  t.notMatch(stdout, /secret-password/)
  const refused = await driftFromMap(t, example, 'example.org error:gone\nexample.net vonmuenchhausen\n')
  t.match(refused.lines[0], 'example.org: only in the configuration, on maximusconfessor')
  const listed = await driftFromMap(t, example, 'example.org error:gone\nexample.net OK\n')
  t.match(listed.lines[0], 'example.org: only in the configuration, on maximusconfessor')
  const odd = await driftFromMap(
    t,
    example,
    'example.net user:secret-password.example\n.org maximusconfessor\n',
  )
  t.match(
    odd.lines[0],
    'example.net: on vonmuenchhausen in the configuration, on an unknown host in transport',
  )
})

t.test('a file that is no map is named by its kind, and nothing of it is repeated', async (t) => {
  const table = await driftFromMap(t, example, 'user = postfix\npassword = secretpw\nquery = SELECT 1\n')
  t.equal(table.exitCode, 1)
  t.match(table.stderr, /this is a Postfix lookup table for MySQL or PostgreSQL: use sources: sql\n$/)
  t.notMatch(table.stderr + table.stdout, /secretpw/)
  const missing = await run(['drift', '--map', 'hash:/etc/map', '-c', configFolder(t, example)])
  t.match(missing.stderr, /"hash:" is Postfix's prefix for the file: name the file itself/)
  const owned = await driftFromMap(t, example, 'example.org: maximusconfessor\nexample.net: joe\n*: nobody\n')
  t.strictSame(owned.lines, [
    'note: transport names no hosts: only the domains were compared',
    same(2, 'transport'),
  ])
})

t.test('a map that cannot be read is an error on stderr, with exit code 1', async (t) => {
  const { exitCode, stdout, stderr } = await run([
    'drift',
    '--map',
    'no/such/map',
    '-c',
    configFolder(t, example),
  ])
  t.strictSame([exitCode, stdout], [1, ''])
  t.match(stderr, /^no\/such\/map: cannot be read: there is no such file/)
})

/** A configuration file whose sources are an SQLite database with the rows; each source has its own queries. */
function withDatabase(
  t: Test,
  rows: readonly (readonly [string, string])[],
  ...sourceQueries: object[]
): string {
  const database = join(t.testdirName, 'mail.db')
  const sources = sourceQueries.map((queries) => ({ sql: { url: `sqlite:${database}`, ...queries } }))
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

t.test('the only source is compared by its list', async (t) => {
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
    'note: 1 domain only in sql, on other hosts than yours: odd.example',
    'note: 1 entry of sql ignored, not a domain: row 4',
    '2 of 3 domains differ: 1 only in the configuration, 1 only in sql, 0 on another host',
    '',
  ])
})

t.test('a source without a list is queried for each domain', async (t) => {
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
    'note: sql has no list: domains that are only there are not shown',
    '2 of 2 domains differ: 1 only in the configuration, 0 only in sql, 1 on another host',
    '',
  ])
})

t.test('one of several sources has to be named', async (t) => {
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
    stderr: 'sql 2: knows usernames but no domains; compare with another source, or with --map FILE\n',
  })
  t.strictSame(await drift(), {
    exitCode: 2,
    stdout: '',
    stderr: 'there are several sources; use --source with one of: sql 1, sql 2\n',
  })
  t.match(await drift('--source', 'ldap'), {
    exitCode: 2,
    stderr: 'there is no source with this name; use one of: sql 1, sql 2\n',
  })
  t.match(await drift('--source', 'sql 1', '--map', 'x'), { exitCode: 2, stderr: /cannot be used with/ })
})

t.test('without anything to compare with, the exit code is that of wrong usage', async (t) => {
  const stderr = 'nothing to compare with: the configuration has no sources; use --map FILE\n'
  const file = configFolder(t, example)
  t.strictSame(await run(['drift', '-c', file]), { exitCode: 2, stdout: '', stderr })
  t.strictSame(await run(['drift', '-c', file, '--source', 'mx']), { exitCode: 2, stdout: '', stderr })
})

t.test('an unavailable source is an error on stderr, with exit code 1', async (t) => {
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
    'note: wildcards are not compared: 1 in the configuration, 0 in mx',
    'note: mx has no list: domains that are only there are not shown',
    'note: mx failed for 1 domain: broken.example: the MX cannot be looked up: ESERVFAIL',
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

/** A backend made of the given functions. */
function backendWith(parts: Partial<Backend>) {
  const backend: Backend = { check: async () => {}, close: async () => {}, ...parts }
  return { name: 'fake', backend, timeout: 0.05 }
}

const manyDomains = Object.fromEntries(
  Array.from({ length: 200 }, (_, index) => [`c${index}.example`, 'maximusconfessor']),
)

t.test('a domain whose query fails is not a difference, and the others are compared', async (t) => {
  const resolver = await openResolver(t, { ...example, domains: manyDomains })
  let checks = 0
  const broken = (domain: Domain) => Number(domain.slice(1, -8)) < 150
  const found = await driftFrom(
    resolver,
    backendWith({
      async findHost(domain) {
        if (broken(domain)) throw new Error('SERVFAIL')
        return 'maximusconfessor'
      },
      async check() {
        checks++
      },
    }),
  )
  if (!found.ok) return t.fail(found.error)
  const { differences, compared, other } = found.value
  t.strictSame([differences, compared, other.failed.size], [[], 50, 150])
  t.ok(checks >= 2, 'after many consecutive failures, the backend is checked')
  return undefined
})

t.test('a backend that does not answer ends the comparison', async (t) => {
  const resolver = await openResolver(t, { ...example, domains: manyDomains })
  const never = () => new Promise<never>(() => {})
  let queries = 0
  const silent = backendWith({
    findHost: () => {
      queries++
      return never()
    },
    check: never,
  })
  t.strictSame(await driftFrom(resolver, silent), failure('has not answered within 0.05 s'))
  t.ok(queries < 100, 'the other domains are not queried')
})

t.test('at most sixteen queries run at the same time', async (t) => {
  const resolver = await openResolver(t, { ...example, domains: manyDomains })
  let running = 0
  let most = 0
  const slow = backendWith({
    async findHost() {
      most = Math.max(most, ++running)
      await new Promise(setImmediate)
      running--
      return 'maximusconfessor'
    },
  })
  const found = await driftFrom(resolver, { ...slow, timeout: 60 })
  t.match(found, { ok: true, value: { compared: 200 } })
  t.equal(most, 16)
})

t.test('a list that breaks off or does not end is an error', async (t) => {
  const resolver = await openResolver(t, example)
  async function* breaksOff() {
    yield { domain: 'example.org', host: 'maximusconfessor' }
    throw new Error('connection lost')
  }
  const broken = await driftFrom(resolver, backendWith({ list: breaksOff }))
  t.strictSame(broken, failure('connection lost'))
  async function* endless() {
    for (;;) {
      yield { domain: 'example.org', host: 'maximusconfessor' }
      await sleep(10)
    }
  }
  const silent = await driftFrom(resolver, backendWith({ list: endless }))
  t.strictSame(silent, failure('has not answered within 3 s'))
})

t.test(
  'a configuration without domains has no differences, and an exception in output is not caught',
  async (t) => {
    const none = await openResolver(t, { ...example, domains: {} })
    const empty = await driftFrom(none, backendWith({ findHost: async () => undefined }))
    t.match(empty, { ok: true, value: { compared: 0, differences: [] } })
    const stdout = {
      write() {
        throw new Error('out of order')
      },
    }
    const { stderr, signals, now } = io()
    const file = configFolder(t, example, { transport: 'example.org\n' })
    const args = ['drift', '-c', file, '--map', file.replace('autoconfig.yaml', 'transport')]
    await t.rejects(main(args, { env: {}, now, stdout, stderr, signals }), { message: 'out of order' })
  },
)

t.test('a single difference is counted in the singular, and the exit code is 1', async (t) => {
  const map = 'example.org maximusconfessor\nexample.net maximusconfessor\n'
  const { exitCode, lines } = await driftFromMap(t, example, map)
  t.equal(exitCode, 1)
  t.strictSame(lines, [
    'example.net: on vonmuenchhausen in the configuration, on maximusconfessor in transport',
    '1 of 2 domains differs: 0 only in the configuration, 0 only in transport, 1 on another host',
  ])
})
