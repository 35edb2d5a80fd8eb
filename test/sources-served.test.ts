import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import t, { type Test } from 'tap'
import { adminApp } from '../src/http/admin-app.ts'
import { run } from './support/command.ts'
import { configFolder, example, findings, openApp, textOf } from './support/example.ts'

/** Sources as they are configured, opened and served: with SQLite, which is there without a server. */

interface Example {
  readonly config: typeof example & { sources: object[] }
  /** Says a statement to the database. */
  exec(statement: string): void
  remove(): void
}

function withDatabase(t: Test, more: object = {}): Example {
  const folder = mkdtempSync(join(tmpdir(), 'mail-autoconfig-'))
  const file = join(folder, 'mail.sqlite')
  const exec = (statement: string) => {
    const database = new Database(file)
    database.exec(statement)
    database.close()
  }
  exec(`
    CREATE TABLE domain (name TEXT PRIMARY KEY, host TEXT);
    CREATE TABLE mailbox (address TEXT PRIMARY KEY, login TEXT);
    INSERT INTO domain VALUES ('example.com', 'vonmuenchhausen'), ('example.edu', 'mx7');
    INSERT INTO mailbox VALUES ('jane@example.com', 'user0001');
  `)
  const sql = {
    url: `sqlite:${file}`,
    domain: 'SELECT host FROM domain WHERE name = $1',
    account: 'SELECT login FROM mailbox WHERE address = $1',
    ttl: 1,
    negativeTtl: 1,
  }
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return { config: { ...example, sources: [{ sql }], ...more }, exec, remove: () => rmSync(file) }
}

const url = '/mail/config-v1.1.xml?emailaddress=jane@example.com'

t.test('a domain of the database is served as a mapped one is', async (t) => {
  const { config } = withDatabase(t)
  const { app } = await openApp(t, config)
  for (const path of [url, '/v1.1/example.com', '/.well-known/mail-v1.xml?emailaddress=x@example.com']) {
    const { statusCode, headers, body } = await app.inject({ url: path, headers: { host: 'x.example' } })
    t.equal(statusCode, 200, path)
    t.equal(textOf(body, 'hostname'), 'vonmuenchhausen.all2all.org')
    t.match(headers, { 'cache-control': 'public, max-age=3600', etag: /-example\.com"$/ })
  }
  const byHost = await app.inject({
    url: '/mail/config-v1.1.xml',
    headers: { host: 'autoconfig.example.com' },
  })
  t.equal(textOf(byHost.body, 'domain'), 'example.com')
  t.equal((await app.inject({ url: '/v1.1/example.edu' })).statusCode, 404, 'on a host that nobody has')
  t.equal(
    (await app.inject({ url: '/v1.1/elsewhere.example' })).headers['cache-control'],
    'public, max-age=300',
  )
})

t.test(
  'a database that is down: what it said is served, nobody keeps a no, and the admin is told',
  async (t) => {
    let time = 0
    const { config, remove } = withDatabase(t)
    const opened = await openApp(t, config, {}, () => new Date(time))
    const admin = adminApp(opened)
    t.teardown(() => admin.close())
    t.equal((await opened.app.inject({ url })).statusCode, 200)
    remove()
    time = 60_000
    t.equal((await opened.app.inject({ url })).statusCode, 200)
    const unknown = await opened.app.inject({ url: '/v1.1/elsewhere.example' })
    t.equal(unknown.statusCode, 404)
    t.equal(unknown.headers['cache-control'], 'no-store')
    const ready = JSON.parse((await admin.inject({ url: '/readyz' })).body)
    t.match(ready.sources, [
      { name: 'sql', available: false, problem: /there is no such file/, questions: { found: 1, failed: 1 } },
    ])
    const metrics = (await admin.inject({ url: '/metrics' })).body
    t.match(metrics, /^mail_autoconfig_source_available\{source="sql"\} 0$/m)
    t.match(metrics, /^mail_autoconfig_source_questions_total\{source="sql",result="found"\} 1$/m)
    t.notMatch(opened.lines.join('') + metrics + JSON.stringify(ready), /jane|example\.com|user0001/)
  },
)

t.test('a certificate is allowed for a domain that the database names', async (t) => {
  const { config } = withDatabase(t)
  const opened = await openApp(t, config)
  const admin = adminApp(opened)
  t.teardown(() => admin.close())
  const ask = async (name: string) =>
    (await admin.inject({ url: `/ask?domain=autoconfig.${name}` })).statusCode
  t.equal(await ask('example.com'), 200)
  t.equal(await ask('example.edu'), 404)
  t.equal(await ask('elsewhere.example'), 404)
})

t.test('logins of the database are told by links, or in public', async (t) => {
  const { config } = withDatabase(t)
  const generic = await (await openApp(t, config)).app.inject({ url })
  t.equal(textOf(generic.body, 'username'), '%EMAILADDRESS%')
  const domains = { ...example.domains, 'example.com': { host: 'vonmuenchhausen', disclose: 'public' } }
  const told = await (await openApp(t, { ...config, domains })).app.inject({ url })
  t.equal(textOf(told.body, 'username'), 'user0001')
  t.equal(told.headers['cache-control'], 'no-store')
  const file = configFolder(t, config)
  const { stdout } = await run(['explain', 'jane@example.com', '--config', file])
  t.match(stdout, /^because +the source sql says so$/m)
  t.match(stdout, /^logs in as +user0001, as a personal link tells$/m)
  const nobody = await run(['explain', 'john@example.com', '--config', file])
  t.match(nobody.stdout, /^logs in as +no account of this address is known$/m)
})

t.test('sources stay open through a reload that does not change them, and no longer', async (t) => {
  const { config } = withDatabase(t)
  const { live, app, file } = await openApp(t, config)
  await app.inject({ url })
  const before = live.current.remote
  await live.reload()
  t.equal(live.current.remote, before)
  t.notOk(
    live.current.settings({ domain: 'example.com' as never }) instanceof Promise,
    'nothing is forgotten',
  )
  const { writeFileSync } = await import('node:fs')
  writeFileSync(file, JSON.stringify({ ...config, sources: [] }))
  await live.reload()
  t.equal(live.current.remote, undefined)
  t.equal((await app.inject({ url })).statusCode, 404)
})

t.test('check asks the sources where it is told to', async (t) => {
  const { config, exec } = withDatabase(t)
  const file = configFolder(t, config)
  t.match(await run(['check', '--online', '--config', file]), { exitCode: 0, stdout: /^fine: / })
  exec('DROP TABLE mailbox')
  t.match(await run(['check', '--config', file]), { exitCode: 0 })
  t.match(await run(['check', '--online', '--config', file]), {
    exitCode: 1,
    stdout: /autoconfig\.yaml: source sql: account: there is no such table: "mailbox".*\n1 fault: 2 domains/,
  })
})

t.test('an entry that is none is a fault with its place', async (t) => {
  const { config } = withDatabase(t)
  const [{ sql }] = config.sources as [{ sql: object }]
  const cases: [object[], RegExp][] = [
    [[{}], /sources\[0\] must be one of sql, ldap, mx, with its settings below it/],
    [[{ sql, mx: {} }], /sources\[0\] must be one of sql, ldap, mx/],
    [[{ sqll: sql }], /sources\[0\]\.sqll unknown key; did you mean "sql"\?/],
    [[{ sql: { ...sql, ttl: 0 } }], /sources\[0\]\.sql\.ttl must be >= 1/],
    [
      [{ sql: { ...sql, url: 'postgres://u@localhost/m', passwordFile: 'none' } }],
      /passwordFile cannot be read: there is no such file/,
    ],
  ]
  for (const [sources, fault] of cases) {
    t.match((await findings(t, { ...config, sources })).faults.join('\n'), fault)
  }
  const url = 'postgres://u@localhost:1/m'
  const password = { ...sql, url, passwordFile: 'db.password' }
  t.strictSame(
    await findings(t, { ...config, sources: [{ sql: password }, { sql }] }, { 'db.password': 'secret\n' }),
    {
      faults: [],
      warnings: [],
    },
  )
})
