import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import t, { type Test } from 'tap'
import { Backends } from '../../src/backends/backends.ts'
import { CachedBackend } from '../../src/backends/cached-backend.ts'
import { type Explanation, explainBy } from '../../src/cli/explain/explanation.ts'
import { describeSource } from '../../src/cli/explain/sources.ts'
import { explanationText } from '../../src/cli/explain/text.ts'
import { loadConfig } from '../../src/config/load.ts'
import { adminServer } from '../../src/http/admin-server.ts'
import { Resolver } from '../../src/resolver/resolver.ts'
import { run } from '../support/command.ts'
import { Faults, postgresqlNotification, postgresqlServer } from '../support/databases.ts'
import {
  configFolder,
  example,
  findings,
  load,
  openApp,
  resolve,
  sourceSettings,
  textOf,
} from '../support/example.ts'
import { freePorts, serving } from '../support/serving.ts'
import { until } from '../support/until.ts'

/** Sources from the configuration to the answer, with SQLite, which needs no server. */

interface Example {
  readonly config: typeof example & { sources: object[] }
  /** Runs a statement. */
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

t.test('a domain of the database is served like a mapped one', async (t) => {
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
  t.equal((await app.inject({ url: '/v1.1/example.edu' })).statusCode, 404, 'on an unknown host')
  t.equal(
    (await app.inject({ url: '/v1.1/elsewhere.example' })).headers['cache-control'],
    'public, max-age=300',
  )
})

t.test(
  'while a database is down, its last answers are served, a 404 is not cached, and the admin can see it',
  async (t) => {
    let time = 0
    const { config, remove } = withDatabase(t)
    const opened = await openApp(t, config, {}, () => new Date(time))
    const admin = adminServer(opened)
    t.teardown(() => admin.close())
    t.equal((await opened.app.inject({ url })).statusCode, 200)
    remove()
    time = 60_000
    const known = await opened.app.inject({ url })
    t.equal(known.statusCode, 200)
    t.equal(known.headers['cache-control'], 'no-store', 'it may be outdated')
    const unknown = await opened.app.inject({ url: '/v1.1/elsewhere.example' })
    t.equal(unknown.statusCode, 404)
    t.equal(unknown.headers['cache-control'], 'no-store')
    const ready = JSON.parse((await admin.inject({ url: '/readyz' })).body)
    t.match(ready.sources, [
      { name: 'sql', available: false, problem: /there is no such file/, queries: { found: 1, failed: 2 } },
    ])
    const metrics = (await admin.inject({ url: '/metrics' })).body
    t.match(metrics, /^mail_autoconfig_source_available\{source="sql"\} 0$/m)
    t.match(metrics, /^mail_autoconfig_source_queries_total\{source="sql",result="found"\} 1$/m)
    t.notMatch(opened.lines.join('') + metrics + JSON.stringify(ready), /jane|example\.com|user0001/)
  },
)

t.test('what was guessed because a database is down is not cached, in any format', async (t) => {
  const { config, remove } = withDatabase(t)
  remove()
  const provider = { ...example.provider, defaultHost: 'vonmuenchhausen' }
  const { app } = await openApp(t, { ...config, provider })
  const ask = (path: string, host = 'autoconfig.elsewhere.example') =>
    app.inject({ url: path, headers: { host } })
  const cacheOf = async (path: string) => (await ask(path)).headers['cache-control']
  for (const path of ['/mail/config-v1.1.xml', '/v1.1/elsewhere.example', '/.well-known/mail-v1.xml'])
    t.equal(await cacheOf(path), 'no-store', path)
  const pacc = await ask('/.well-known/user-agent-configuration.json', 'ua-auto-config.elsewhere.example')
  t.match(pacc.headers['cache-control'], /^no-store/)
  t.equal((await app.inject({ url: '/v1.1/example.org' })).headers['cache-control'], 'public, max-age=3600')
})

t.test('whatever is served because a database did not answer is not cached', async (t) => {
  const { config, remove } = withDatabase(t)
  const isp = (name: string) =>
    `<clientConfig version="1.1"><emailProvider id="${name}"><domain>${name}</domain></emailProvider></clientConfig>`
  const folder = { db: { 'a.xml': isp('isp.example'), 'b.xml': isp('gone.example') } }
  const files = { ...folder, 'gone.map': 'gone.example error:' } as unknown as Record<string, string>
  const ispdb = [{ folder: 'db', serve: 'all' }]
  const open = async () => (await openApp(t, { ...config, ispdb, domainFiles: ['gone.map'] }, files)).app
  const host = 'elsewhere.example'
  const requests: [url: string, host: string, why: string][] = [
    ['/v1.1/isp.example', host, 'the database may know the domain of an ISPDB file'],
    ['/mail/config-v1.1.xml', 'autoconfig.isp.example', 'the same, by the host name'],
    [
      '/mail/config-v1.1.xml?emailaddress=jane@x.example',
      'autoconfig.isp.example',
      'an ISPDB file of the host name',
    ],
    ['/mail/config-v1.1.xml?emailaddress=jane@x.example', 'maximusconfessor.all2all.org', 'a mail host'],
    ['/mail/config-v1.1.xml?emailaddress=jane@x.example', 'autoconfig.example.org', 'a mapped domain'],
  ]
  let app = await open()
  const cacheOf = async ([url, host, why]: (typeof requests)[number]) => {
    const { statusCode, headers } = await app.inject({ url, headers: { host } })
    t.equal(statusCode, 200, why)
    const again = { host, 'if-none-match': String(headers['etag']) }
    const unchanged = await app.inject({ url, headers: again })
    t.strictSame([unchanged.statusCode, unchanged.headers['cache-control']], [304, headers['cache-control']])
    return headers['cache-control']
  }
  for (const request of requests) t.equal(await cacheOf(request), 'public, max-age=3600', request[2])
  remove()
  app = await open()
  for (const request of requests) t.equal(await cacheOf(request), 'no-store', request[2])
  const certain = [
    ['/v1.1/gone.example', host, 'no answer of a database can matter'],
    ['/v1.1/example.org', host, 'the domain is mapped'],
  ] as typeof requests
  for (const request of certain) t.equal(await cacheOf(request), 'public, max-age=3600', request[2])
})

t.test('explain shows an ISPDB file that is served while a database is down', async (t) => {
  const { config, remove } = withDatabase(t)
  remove()
  const files = {
    db: {
      'a.xml':
        '<clientConfig version="1.1"><emailProvider id="isp.example"><domain>isp.example</domain></emailProvider></clientConfig>',
    },
  } as unknown as Record<string, string>
  const hosts = { maximusconfessor: example.hosts.maximusconfessor }
  const domains = { 'example.org': 'maximusconfessor' }
  const file = configFolder(t, { ...config, hosts, domains, ispdb: [{ folder: 'db' }] }, files)
  const { stdout } = await run(['explain', 'isp.example', '--config', file])
  t.match(stdout, /^because +a source is unavailable, and that host is the only one$/m)
  t.match(stdout, /^ISPDB +\S*a\.xml, unchanged$/m)
})

t.test('/ask allows a certificate for a domain of the database', async (t) => {
  const { config } = withDatabase(t)
  const opened = await openApp(t, config)
  const admin = adminServer(opened)
  t.teardown(() => admin.close())
  const ask = async (name: string) =>
    (await admin.inject({ url: `/ask?domain=autoconfig.${name}` })).statusCode
  t.equal(await ask('example.com'), 200)
  t.equal(await ask('example.edu'), 404)
  t.equal(await ask('elsewhere.example'), 404)
})

t.test('login names of the database are shown by links, or in public', async (t) => {
  const { config } = withDatabase(t)
  const generic = await (await openApp(t, config)).app.inject({ url })
  t.equal(textOf(generic.body, 'username'), '%EMAILADDRESS%')
  const domains = { ...example.domains, 'example.com': { host: 'vonmuenchhausen', disclose: 'public' } }
  const told = await (await openApp(t, { ...config, domains })).app.inject({ url })
  t.equal(textOf(told.body, 'username'), 'user0001')
  t.equal(told.headers['cache-control'], 'no-store')
  const file = configFolder(t, config)
  const { stdout } = await run(['explain', 'jane@example.com', '--config', file])
  t.match(stdout, /^because +the source sql names that host$/m)
  t.match(stdout, /^logs in as +user0001, shown only by a personal link$/m)
  const open = await run(['explain', 'jane@example.com', '--config', configFolder(t, { ...config, domains })])
  t.match(open.stdout, /^logs in as +user0001, shown to every client$/m)
  configFolder(t, config)
  const nobody = await run(['explain', 'john@example.com', '--config', file])
  t.match(nobody.stdout, /^logs in as +no account of this address is known$/m)
  const unknown = await run(['explain', 'jane@elsewhere.example', '--config', file])
  t.equal(unknown.exitCode, 1)
  t.match(unknown.stdout, ' matches it, no source maps it to one of the hosts, and it is not one of: ')
  const map = { 'gone.map': '# moved\nexample.com error:5.1.6 moved to user0001\n' }
  const refusing = configFolder(t, { ...config, domainFiles: ['gone.map'] }, map)
  const refused = await run(['explain', 'jane@example.com', '--config', refusing])
  t.equal(refused.exitCode, 1)
  t.match(
    refused.stdout,
    /^because +\S*gone\.map:2 says that example\.com takes no mail here \(error:, discard: or retry:\)\n$/m,
    'and no source is asked',
  )
})

t.test(
  'dns prints the records of a domain of the database, without PACC if it has login names',
  async (t) => {
    const { config } = withDatabase(t, { publicName: 'autoconfig.all2all.org' })
    const [{ sql }] = config.sources as [{ sql: { account?: string } }]
    const { account: _, ...domainsOnly } = sql
    const dns = async (domain: string, ...sources: object[]) => {
      const file = configFolder(t, { ...config, sources })
      return (await run(['dns', domain, '--config', file])).stdout
    }
    const names = await dns('example.com', { sql: domainsOnly })
    t.match(names, /^_imaps\._tcp\.example\.com\. 3600 IN SRV 0 1 993 vonmuenchhausen\.all2all\.org\.$/m)
    t.match(names, /^; PACC: the digest of the document; a change of its content needs a new one$/m)
    for (const domain of ['example.com', 'example.org']) {
      t.match(await dns(domain, { sql }), /^; no PACC: PACC clients log in with the address/m, domain)
    }
  },
)

t.test('a reload keeps sources open unless it changes them', async (t) => {
  const { config } = withDatabase(t)
  const { live, app, file } = await openApp(t, config)
  await app.inject({ url })
  const before = live.current.backends
  await live.reload()
  t.equal(live.current.backends, before)
  t.notOk(
    resolve(live.current, { domain: 'example.com' as never }) instanceof Promise,
    'the cached answers are kept',
  )
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('sources:', '# For domains that are not mapped.\n\nsources:'))
  await live.reload()
  t.equal(live.state.reloads.succeeded, 2)
  t.equal(live.current.backends, before, 'the line of a source does not matter')
  writeFileSync(file, JSON.stringify({ ...config, sources: [] }))
  await live.reload()
  t.equal(live.current.backends, undefined)
  t.equal((await app.inject({ url })).statusCode, 404)
})

t.test('check queries the sources with --online only', async (t) => {
  const { config, exec } = withDatabase(t)
  const file = configFolder(t, config)
  t.match(await run(['check', '--online', '--config', file]), { exitCode: 0, stdout: /^OK: / })
  exec('DROP TABLE mailbox')
  t.match(await run(['check', '--config', file]), { exitCode: 0 })
  t.match(await run(['check', '--online', '--config', file]), {
    exitCode: 1,
    stdout: /autoconfig\.yaml: source sql: account: there is no such table: "mailbox".*\n1 error: 2 domains/,
  })
})

t.test('an invalid entry is an error with its place', async (t) => {
  const { config } = withDatabase(t)
  const [{ sql }] = config.sources as [{ sql: object }]
  const cases: [object[], RegExp][] = [
    [[{}], /sources\[0\] must have exactly one of the keys sql, ldap, mx/],
    [[{ sql, mx: {} }], /sources\[0\] must have exactly one of the keys sql, ldap, mx/],
    [[{ sqll: sql }], /sources\[0\]\.sqll unknown key; did you mean "sql"\?/],
    [[{ sql: { ...sql, ttl: 0 } }], /sources\[0\]\.sql\.ttl must be >= 1/],
    [
      [{ sql: { ...sql, url: 'postgres://u@localhost/m', passwordFile: 'none' } }],
      /passwordFile cannot be read: there is no such file/,
    ],
  ]
  for (const [sources, error] of cases) {
    t.match((await findings(t, { ...config, sources })).errors.join('\n'), error)
  }
  const url = 'postgres://u@localhost:1/m'
  const password = { ...sql, url, passwordFile: 'db.password' }
  t.strictSame(
    await findings(t, { ...config, sources: [{ sql: password }, { sql }] }, { 'db.password': 'secret\n' }),
    {
      errors: [],
      warnings: [],
    },
  )
})

t.test('a driver that is not installed is an error that shows the command to install it', async (t) => {
  const ldap = {
    url: 'ldaps://ldap.example.org',
    base: 'dc=example',
    domain: { filter: '(cn=%s)', attribute: 'host' },
  }
  const file = configFolder(t, { ...example, sources: [{ mx: {} }, { ldap }] })
  const outcome = await loadConfig(file, {
    resolvePackage: (name) => {
      throw new Error(name)
    },
  })
  t.match(outcome, {
    errors: [
      {
        path: 'sources[1].ldap',
        message: 'requires the package ldapts, which is not installed: npm install ldapts@8',
      },
    ],
  })
})

t.test('explain shows the answers of sources, and contradicts itself nowhere', async (t) => {
  const { config, remove } = withDatabase(t)
  const file = configFolder(t, config)
  const explain = async (asked: string) => (await run(['explain', asked, '--config', file])).stdout
  const jane = await explain('jane@example.com')
  t.match(
    jane,
    /^logs in as +user0001, shown only by a personal link\nwithout it +clients get jane@example\.com \(/m,
  )
  t.notMatch(jane, /^username/m)
  t.match(
    jane,
    /^the source sql knows the domain: its host is vonmuenchhausen\nthe source sql knows the address\n$/m,
  )
  t.match(await explain('john@example.com'), 'the source sql was asked, and does not know the address\n')
  t.match(
    await explain('example.com'),
    /^logs in as +the login name of the account, which differs by address$/m,
  )
  t.match(await explain('elsewhere.example'), 'the source sql was asked, and does not know the domain\n')
  remove()
  const down = await explain('jane@example.org')
  t.match(down, /^logs in as +not known now: a source that may know the account did not answer$/m)
  t.match(down, /^the source sql did not answer about the address: .*there is no such file/m)
  t.match(await explain('elsewhere.example'), /^the source sql did not answer about the domain: /m)
  const busy = { source: 'sql', kind: 'sql', askedFor: 'host', answered: false, known: false } as const
  t.equal(describeSource(busy), 'the source sql did not answer about the domain\n')
})

t.test('explain shows the MX if a source looks it up', async (t) => {
  const backends = (answer: () => Promise<string | undefined>) =>
    new Backends([
      new CachedBackend(
        { name: 'mx', kind: 'mx' },
        { failsByDomain: true, findHost: answer, check: async () => undefined, close: async () => undefined },
        sourceSettings,
        { now: Date.now },
      ),
    ])
  const config = await load(t, example)
  const explained = async (answer: () => Promise<string | undefined>) =>
    lastLineBy(new Resolver(config, { backends: backends(answer) }))
  const lastLineBy = async (resolver: Resolver) =>
    explanationText((await explainBy(resolver, 'example.org')) as Explanation)
      .trimEnd()
      .split('\n')
      .at(-1)
  t.equal(await explained(async () => 'mx.example.org'), 'the MX points to mx.example.org')
  t.equal(await explained(async () => undefined), 'there is no MX')
  t.equal(await explained(() => Promise.reject(new Error('SERVFAIL'))), 'the MX could not be looked up')
  t.notMatch(await lastLineBy(new Resolver(config)), 'MX')
  const byMx = new Resolver(config, { backends: backends(async () => 'maximusconfessor') })
  t.equal(await byMx.isKnownToBackend('example.com' as never), false, 'anyone can set an MX')
})

t.test('commands report a source that is unavailable', async (t) => {
  const { config, remove } = withDatabase(t)
  const file = configFolder(t, config)
  remove()
  t.match(await run(['render', 'autoconfig', 'jane@example.com', '--config', file]), {
    exitCode: 1,
    stderr: /^source sql: .*there is no such file.*\nno host serves example\.com/,
  })
})

t.test('the log shows when a source becomes unavailable, and when it is available again', async (t) => {
  const { config, exec, remove } = withDatabase(t)
  remove()
  const { clients, logged, stop } = await serving(['--config', configFolder(t, config), ...freePorts])
  const ask = async () => (await fetch(`${clients}${url}`)).text()
  await ask()
  await logged('source unavailable; serving its last known answers')
  exec(
    `CREATE TABLE domain (name TEXT, host TEXT); INSERT INTO domain VALUES ('example.com', 'vonmuenchhausen')`,
  )
  // On a busy machine, three queries have failed before, and the source rests.
  await until(async () => (await ask()).includes('vonmuenchhausen'), 'an answer of the database')
  await logged('source available again')
  t.equal(await stop(), 0)
})

t.test('two sources of the same kind have different names', async (t) => {
  const { config } = withDatabase(t)
  const [entry] = config.sources as [object]
  const { live } = await openApp(t, { ...config, sources: [entry, { mx: {} }, entry] })
  t.strictSame(
    live.current.backends?.states.map(({ name }) => name),
    ['sql 1', 'mx', 'sql 3'],
  )
})

t.test('a notification from the database discards the cached answer', async (t) => {
  const schema = `CREATE TABLE domain (name text, host text); INSERT INTO domain VALUES ('example.com', 'vonmuenchhausen')`
  const { port, db } = await postgresqlServer(t, schema)
  const errors = await Faults.before(t, port)
  const sql = {
    url: `postgres://postgres@127.0.0.1:${errors.port}/postgres`,
    passwordFile: 'db.password',
    domain: 'SELECT host FROM domain WHERE name = $1',
    notify: 'mail_changed',
    timeout: 10,
  }
  const { app, live } = await openApp(t, { ...example, sources: [{ sql }] }, { 'db.password': 'secret\n' })
  const host = async () => textOf((await app.inject({ url })).body, 'hostname')?.split('.')[0]
  t.equal(await host(), 'vonmuenchhausen')
  await until(() => errors.connections >= 2 && errors.written.includes('LISTEN'), 'LISTEN')
  await until(() => live.current.backends?.states[0]?.notify?.listening === true, 'the answer to LISTEN')
  t.equal(await host(), 'vonmuenchhausen')
  await db.exec(`UPDATE domain SET host = 'maximusconfessor'`)
  t.equal(await host(), 'vonmuenchhausen', 'cached until the notification')
  errors.say(postgresqlNotification('mail_changed', 'example.com'))
  t.ok(await until(async () => (await host()) === 'maximusconfessor', 'another query'))
})
