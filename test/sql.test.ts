import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'libsql'
import t, { type Test } from 'tap'
import * as z from 'zod'
import type { Backend, BackendContext } from '../src/backends/backend.ts'
import type { SqlConnection } from '../src/backends/sql/database.ts'
import { SqlPool } from '../src/backends/sql/pool.ts'
import { drivers, openSql, sql } from '../src/backends/sql/sql.ts'
import { parseEmailAddress } from '../src/model/address.ts'
import { issue } from './support/certificates.ts'
import {
  Faults,
  type MysqlAnswer,
  mysqlServer,
  postgresqlError,
  postgresqlNotification,
  postgresqlServer,
} from './support/databases.ts'
import { domain } from './support/example.ts'

/** One valid source; each test is it with one thing changed. */
const queries = {
  domain: 'SELECT host FROM mail_domain WHERE name = $1',
  account: 'SELECT login FROM mailbox WHERE address = $1',
  list: 'SELECT name, host FROM mail_domain ORDER BY name',
}

const tables = `
  CREATE TABLE mail_domain (name VARCHAR(255), host VARCHAR(255));
  INSERT INTO mail_domain VALUES ('empty.example', ''), ('example.net', 'mx2'), ('example.org', 'mx1'),
    ('null.example', NULL), ('twice.example', 'mx1'), ('twice.example', 'mx2');
  CREATE TABLE mailbox (address VARCHAR(255), login VARCHAR(255), number INTEGER);
  INSERT INTO mailbox VALUES ('info@example.org', 'user0001', 7), ('it''s@example.org', 'user0002', 8),
    ('50%@example.org', 'user0003', 9);
`

const long = `${'x'.repeat(60_000)}@example.org`
/** What nobody is called; nothing of it may be taken for SQL, for a pattern, or be told. */
const hostile = [
  "' OR 1=1 --@example.org",
  '%@example.org',
  "\\' OR '1'='1@example.org",
  long,
  'a\0b@example.org',
]

const address = (localPart: string) => ({ localPart, domain: domain('example.org') })
const soon = () => AbortSignal.timeout(20_000)

async function open(
  t: Test,
  settings: Record<string, unknown>,
  context: Partial<BackendContext> = {},
): Promise<Required<Backend>> {
  const source = await sql.open(sql.schema.parse({ ...queries, timeout: 5, ...settings }), {
    onChange: () => {},
    ...context,
  })
  t.teardown(() => source.close())
  return source as Required<Backend>
}

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const row of rows) found.push(row)
  return found
}

/** The message of a rejection, in which nothing of a person may stand. */
async function failure(t: Test, asking: Promise<unknown>): Promise<string> {
  try {
    await asking
  } catch (error) {
    t.notMatch(error, { cause: Error })
    const { message, stack = '' } = error as Error
    for (const secret of ['info@', 'OR 1=1', 'xxx', 'secret']) t.notOk(`${message}${stack}`.includes(secret))
    return message
  }
  t.fail('it did not fail')
  return ''
}

async function eventually(t: Test, what: string, so: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !so(); i++) await sleep(10)
  t.ok(so(), what)
}

/** What every database is to answer. */
async function answersAsItShould(t: Test, source: Required<Backend>): Promise<void> {
  await source.check(soon())
  for (const [name, host] of [
    ['example.org', 'mx1'],
    ['example.net', 'mx2'],
    ['twice.example', 'mx1'],
    ['example.com', undefined],
    ['null.example', undefined],
    ['empty.example', undefined],
  ] as const) {
    t.equal(await source.findHost(domain(name), soon()), host, name)
  }
  t.equal(await source.findLogin(address('INFO'), soon()), 'user0001', 'in lower case')
  t.equal(await source.findLogin(address("it's"), soon()), 'user0002')
  t.equal(await source.findLogin(address('50%'), soon()), 'user0003')
  for (const text of hostile) {
    const parsed = parseEmailAddress(text) ?? address(text.replace(/@.*/, ''))
    t.equal(await source.findLogin(parsed, soon()), undefined, text.slice(0, 30))
  }
  t.strictSame(await all(source.list(soon())), [
    { domain: 'example.net', host: 'mx2' },
    { domain: 'example.org', host: 'mx1' },
    { domain: 'twice.example', host: 'mx1' },
    { domain: 'twice.example', host: 'mx2' },
  ])
}

t.test('the configuration: what is wrong with it, key by key', async (t) => {
  const url = 'postgres://reader@localhost/mail'
  const faultsOf = (settings: Record<string, unknown>) => {
    const { success, error } = sql.schema.safeParse({ url, ...queries, ...settings })
    return success ? [] : error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  }
  for (const settings of [
    {},
    { url: 'postgresql:///mail?host=/run/postgresql', account: undefined, list: undefined },
    { url: 'postgres://a:b%40c@[::1]:5433/mail?sslmode=disable' },
    { url: 'postgres://reader@db/mail?sslmode=require', tls: true },
    { url: 'mysql://reader@db/mail?socket=/run/mysqld/mysqld.sock', domain: undefined },
    {
      url: 'mariadb://reader@db/mail?sslmode=verify-full',
      domain: 'SELECT host FROM d WHERE a = ? OR b = ?',
    },
    { url: 'sqlite:/var/lib/mail.db', domain: "SELECT host FROM d WHERE a = ?1 AND b LIKE '$2' -- ?3" },
    { notify: 'mail_changed', passwordFile: 'db.password', connections: 1 },
  ]) {
    t.strictSame(faultsOf(settings), [], JSON.stringify(settings))
  }
  for (const [settings, fault] of [
    [{ url: 'localhost' }, /^url must be a URL such as postgres:/],
    [{ url: 'oracle://reader@localhost/mail' }, /^url must be a URL such as postgres:/],
    [{ url: 'sqlite:mail.db' }, /^url must be sqlite: and the path/],
    [{ url: 'sqlite://host/mail.db' }, /^url must be sqlite: and the path/],
    [{ url: 'sqlite:/mail.db?mode=rwc' }, /^url must be sqlite: and the path/],
    [{ url: 'sqlite:/%ff' }, /^url must be sqlite: and the path/],
    [{ url: 'postgres://a:%zz@localhost/mail' }, /^url has a % that must be written as %25$/],
    [
      { url: 'postgres://localhost/mail?sslmode=prefer' },
      /^url may say sslmode=disable, require, verify-full/,
    ],
    [{ url: 'postgres://localhost/mail?sslmode=constructor' }, /^url may say sslmode=/],
    [{ url: 'postgres://localhost/mail?host=db' }, /^url may say host= and a path/],
    [{ url: 'postgres://localhost/mail?password=x' }, /^url may say sslmode and host /],
    [{ url: 'mysql://localhost/mail?host=/run' }, /^url may say sslmode and socket /],
    [{ domain: undefined, account: undefined }, /^domain is missing: there must be a query/],
    [{ domain: 'SELECT 1' }, /^domain must hold \$1, where the domain is to stand$/],
    [
      { account: "SELECT '$1', $x$ $1 $x$, E'\\'$1' -- $1" },
      /^account must hold \$1, where the whole address/,
    ],
    [{ account: 'SELECT $1 || $2' }, /^account has \$2, but there is one parameter only: \$1$/],
    [{ domain: 'SELECT host FROM d WHERE name = ?' }, /^domain must hold \$1/],
    [{ url: 'sqlite:/a', domain: 'SELECT ?2' }, /^domain has \?2/],
    [{ list: 'SELECT name, host FROM d WHERE name = $1' }, /^list takes no parameter/],
    [{ notify: 'Mail-Changed' }, /^notify must be a channel in small letters/],
    [{ notify: 'x', url: 'mysql://localhost/mail' }, /^notify goes with PostgreSQL only$/],
    [{ tls: true, url: 'sqlite:/var/lib/mail.db' }, /^tls does not go with SQLite$/],
    [{ passwordFile: 'x', url: 'sqlite:/var/lib/mail.db' }, /^passwordFile does not go with SQLite$/],
    [
      { tls: false, url: 'mysql://localhost/mail?sslmode=require' },
      /^tls says otherwise than sslmode in the url$/,
    ],
    [{ tls: true, url: 'mysql://[::1]/mail' }, /^url must have a host name where TLS is wanted/],
    [{ connections: 0 }, /^connections /],
    [{ query: 'SELECT 1' }, /query/],
  ] as const) {
    const errors = faultsOf(settings)
    t.equal(errors.length, 1, JSON.stringify(settings))
    t.match(errors[0], fault)
  }
  t.strictSame(
    ['postgres://db/mail', 'mariadb://db/mail', 'sqlite:/mail.db'].map((url) =>
      sql.driver?.(sql.schema.parse({ ...queries, url })),
    ),
    ['pg', 'mysql2', 'libsql'],
  )
  const described = z.toJSONSchema(sql.schema, { io: 'input' }).properties ?? {}
  for (const [key, value] of Object.entries(described)) t.match(value, { description: /\w/ }, key)
})

t.test('a driver that is not installed: which npm install is missing', async (t) => {
  const packages = {
    ...drivers,
    postgresql: {
      name: 'pg',
      load: () => import(`no-such-${'package'}`) as ReturnType<typeof drivers.postgresql.load>,
    },
  } as const
  const settings = sql.schema.parse({ ...queries, url: 'postgres://localhost/mail' })
  t.match(
    await failure(t, openSql(settings, { onChange: () => {} }, packages)),
    /^the package pg is not installed, or not wholly: npm install pg$/,
  )
})

t.test('SQLite', async (t) => {
  const write = (file: string, statements: string) => {
    const database = new Sqlite(file)
    database.exec(statements)
    database.close()
  }
  const databaseFile = (t: Test): string => {
    const file = join(t.testdir({}), 'a #1?.db')
    write(file, tables)
    return file
  }
  const urlOf = (file: string) => `sqlite:${encodeURI(file).replace('#', '%23').replace('?', '%3f')}`

  t.test('is asked', async (t) => {
    const source = await open(t, { url: urlOf(databaseFile(t)) })
    await answersAsItShould(t, source)
  })

  t.test('an answer may be a number, or bytes', async (t) => {
    const url = urlOf(databaseFile(t))
    for (const [account, login] of [
      ['SELECT number FROM mailbox WHERE address = ?', '7'],
      ["SELECT CAST(' user0001 ' AS BLOB) WHERE ?1 <> '' AND $1 <> '?'", 'user0001'],
    ]) {
      const source = await open(t, { url, account })
      t.equal(await source.findLogin(address('info'), soon()), login)
    }
  })

  t.test('what others write is seen at once, and so is a file that is put in its place', async (t) => {
    const file = databaseFile(t)
    const source = await open(t, { url: urlOf(file) })
    const host = () => source.findHost(domain('example.org'), soon())
    t.equal(await host(), 'mx1')
    write(file, "UPDATE mail_domain SET host = 'mx3' WHERE name = 'example.org'")
    t.equal(await host(), 'mx3')
    const next = join(t.testdir({}), 'next.db')
    write(next, tables)
    renameSync(next, file)
    t.equal(await host(), 'mx1')
    renameSync(file, next)
    t.match(await failure(t, host()), /^cannot connect to \/.*\.db: there is no such file \(ENOENT\)$/)
    renameSync(next, file)
    t.equal(await host(), 'mx1')
  })

  t.test('nobody is kept from writing by rows that are not read', async (t) => {
    const file = databaseFile(t)
    const rows = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000)'
    const list = `${rows} SELECT name || i AS name, host FROM n, mail_domain`
    const source = await open(t, { url: urlOf(file), domain: `${list} WHERE name <> $1`, list })
    t.equal(await source.findHost(domain('example.org'), soon()), 'empty.example1')
    write(file, 'DELETE FROM mailbox')
    for await (const _ of source.list(soon())) break
    write(file, 'DELETE FROM mail_domain')
  })

  t.test('nothing is ever written', async (t) => {
    const file = databaseFile(t)
    const source = await open(t, {
      url: urlOf(file),
      domain: 'DELETE FROM mail_domain WHERE name = $1 RETURNING host',
    })
    t.match(
      await failure(t, source.findHost(domain('example.org'), soon())),
      /^domain: the query would write; it must read only \(SQLITE_READONLY\)$/,
    )
  })

  t.test("what is wrong is told, with the key of the query and without anybody's data", async (t) => {
    const file = databaseFile(t)
    for (const [settings, fault] of [
      [
        { domain: 'SELECT hosst FROM mail_domain WHERE name = $1' },
        'domain: there is no such column: "hosst" (SQLITE_ERROR)',
      ],
      [
        { account: 'SELECT login FROM mailbx WHERE address = $1' },
        'account: there is no such table: "mailbx" (SQLITE_ERROR)',
      ],
      [{ account: 'SELECT lgn($1)' }, 'account: there is no such function (SQLITE_ERROR)'],
      [
        { account: 'SELEC login FROM mailbox WHERE address = $1' },
        'account: the query has a fault: "SELEC" (SQLITE_ERROR)',
      ],
      [{ account: "SELECT abs(-9223372036854775808) WHERE $1 <> ''" }, 'account: it failed (SQLITE_ERROR)'],
      [{ list: 'SELECT name FROM mail_domain' }, 'list: it must give two columns, the domain and its host'],
    ] as const) {
      const source = await open(t, { url: urlOf(file), ...settings })
      t.equal(await failure(t, source.check(soon())), fault)
    }
    const source = await open(t, {
      url: urlOf(file),
      domain: 'SELECT a FROM b WHERE c = $1',
      list: 'SELECT a, b FROM c',
    })
    t.equal(
      await failure(t, source.check(soon())),
      'domain: there is no such table: "b" (SQLITE_ERROR); list: there is no such table: "c" (SQLITE_ERROR)',
    )
    writeFileSync(file, 'no database, but a text that is long enough to be one'.repeat(50))
    const other = await open(t, { url: urlOf(file), list: undefined, account: undefined })
    t.equal(await failure(t, other.check(soon())), 'domain: the file is no SQLite database (SQLITE_NOTADB)')
    rmSync(file)
    mkdirSync(file)
    // What SQLite makes of a folder depends on what it has read of the file before.
    t.match(
      await failure(t, other.check(soon())),
      /^domain: the file is (no SQLite database \(SQLITE_NOTADB\)|damaged \(SQLITE_CORRUPT\))$/,
    )
  })

  t.test('a slow query is given up in time, holds nobody up, and makes way for the next', async (t) => {
    const endless = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n'
    const source = await open(t, {
      url: urlOf(databaseFile(t)),
      account: `${endless} WHERE $1 <> ''`,
      list: `${endless}, mail_domain`,
      connections: 1,
    })
    const start = Date.now()
    const slow = failure(t, source.findLogin(address('info'), AbortSignal.timeout(300)))
    const waiting = failure(t, source.findHost(domain('example.org'), AbortSignal.timeout(100)))
    t.equal(await waiting, 'no answer in time: all 1 connections are busy')
    const next = source.findHost(domain('example.org'), soon())
    t.equal(await slow, 'account: no answer in time')
    t.equal(await next, 'mx1')
    t.equal(await failure(t, all(source.list(AbortSignal.timeout(100)))), 'list: no answer in time')
    t.equal(
      await failure(t, source.findHost(domain('example.org'), AbortSignal.abort())),
      'domain: no answer in time',
    )
    t.ok(Date.now() - start < 5000)
  })
})

t.test('a place that is given to somebody who leaves in this very moment is not lost', async (t) => {
  const leaving = new AbortController()
  const connection = {
    get usable() {
      queueMicrotask(() => leaving.abort())
      return false
    },
    destroy() {},
  } as SqlConnection
  const pool = new SqlPool(async () => connection, 1)
  const first = pool.use(soon(), async () => 'first')
  const second = pool.use(leaving.signal, async () => 'second')
  t.equal(await first, 'first')
  await t.rejects(second, { message: 'no answer in time: all 1 connections are busy' })
  t.equal(await pool.use(soon(), async () => 'third'), 'third')
})

t.test('PostgreSQL', async (t) => {
  const server = await postgresqlServer(t, tables)
  const through = async (t: Test) => {
    const errors = await Faults.before(t, server.port)
    return { errors, url: `postgres://postgres@127.0.0.1:${errors.port}/postgres` }
  }

  t.test('is asked, and everything is bound: no address is in a query', async (t) => {
    const { errors, url } = await through(t)
    const source = await open(t, { url })
    await answersAsItShould(t, source)
    t.match(errors.written, /SELECT login FROM mailbox WHERE address = \$1\0/)
    t.ok(errors.written.includes('statement_timeout\x005000\x00'), 'the server gives up by itself')
  })

  t.test('one connection is enough for many, and more are not opened', async (t) => {
    const { errors, url } = await through(t)
    const source = await open(t, { url, connections: 2 })
    const names = Array.from({ length: 20 }, () => domain('example.org'))
    const hosts = await Promise.all(names.map((name) => source.findHost(name, soon())))
    t.strictSame(new Set(hosts), new Set(['mx1']))
    t.equal(errors.connections, 2)
    await source.close()
    await eventually(t, 'they are closed', () => errors.open === 0)
  })

  t.test('what is wrong is told in words', async (t) => {
    const { errors, url } = await through(t)
    for (const [settings, fault] of [
      [
        { domain: 'SELECT hosst FROM mail_domain WHERE name = $1' },
        'domain: there is no such column: "hosst" (42703)',
      ],
      [
        { account: 'SELECT login FROM mail.box WHERE address = $1' },
        'account: there is no such table: "box" (42P01)',
      ],
      [
        { account: 'SELEC login FROM mailbox WHERE address = $1' },
        'account: the query has a fault: "SELEC" (42601)',
      ],
      [{ account: 'SELECT $1::integer' }, 'account: it failed (22P02)'],
      [{ list: 'SELECT name, hosst FROM mail_domain' }, 'list: there is no such column: "hosst" (42703)'],
    ] as const) {
      const source = await open(t, { url, ...settings })
      t.equal(await failure(t, source.check(soon())), fault)
      t.equal(await source.findHost?.(domain('example.net'), soon()).catch(() => 'mx2'), 'mx2')
    }
    errors.refuseWith(postgresqlError('28P01', 'password authentication failed for user "info@example.org"'))
    const source = await open(t, { url }, { password: 'secret' })
    t.equal(
      await failure(t, source.check(soon())),
      `cannot connect to 127.0.0.1:${errors.port}: the user or the password is refused (28P01)`,
    )
    errors.refuseWith(postgresqlError('what?', 'said by nobody'))
    t.match(await failure(t, source.check(soon())), /: it failed$/)
    errors.refuseWith(Buffer.from('N'))
    const encrypted = await open(t, { url, tls: true })
    t.match(await failure(t, encrypted.check(soon())), /: the server has no TLS$/)
    errors.refuseWith(undefined)
    const { certificate, key } = await issue('P-256')
    errors.encryptWith({ cert: certificate, key })
    t.match(
      await failure(t, encrypted.check(soon())),
      /: the certificate of the server does not verify \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)$/,
    )
    await errors.kill()
    t.equal(
      await failure(t, source.findHost(domain('example.org'), soon())),
      `cannot connect to 127.0.0.1:${errors.port}: nothing listens there (ECONNREFUSED)`,
    )
    const socket = await open(t, {
      url: `postgres://postgres@/mail?host=${t.testdir({})}`.replace('@/', '@localhost/'),
    })
    t.match(
      await failure(t, socket.check(soon())),
      /^cannot connect to \/[^:]*: there is no such file \(ENOENT\)$/,
    )
  })

  t.test('a server that is killed in mid-query, and comes back', async (t) => {
    const { errors, url } = await through(t)
    const source = await open(t, { url })
    const host = (signal = soon()) => source.findHost(domain('example.org'), signal)
    t.equal(await host(), 'mx1')
    errors.hold()
    const asked = host()
    await sleep(100)
    await errors.kill()
    t.equal(await failure(t, asked), 'domain: the connection was cut')
    t.match(await failure(t, host()), /ECONNREFUSED/)
    errors.letGo()
    await errors.revive()
    t.equal(await host(), 'mx1')
    errors.cut()
    await eventually(t, 'all are cut', () => errors.open === 0)
    t.equal(await host(), 'mx1', 'a connection that was cut while nobody used it')
  })

  t.test('a server that hangs: every question ends in time, and the connections come back', async (t) => {
    const { errors, url } = await through(t)
    const source = await open(t, { url, timeout: 1, connections: 2 })
    const host = () => source.findHost(domain('example.org'), AbortSignal.timeout(1000))
    t.equal(await source.findHost(domain('example.org'), soon()), 'mx1')
    errors.hold()
    for (let i = 0; i < 2; i++) {
      const said = await Promise.all([1, 2, 3, 4].map(() => failure(t, host())))
      t.ok(
        said.every((message) => /in time|does not answer/.test(message)),
        said.join(),
      )
    }
    t.match(await failure(t, source.check(AbortSignal.timeout(200))), /no answer in time/)
    await eventually(t, 'none is left open', () => errors.open === 0)
    errors.letGo()
    t.equal(await source.findHost(domain('example.org'), soon()), 'mx1')
  })

  t.test('a server that hangs does not hold up the end', async (t) => {
    const { errors, url } = await through(t)
    const source = await open(t, { url })
    t.equal(await source.findHost(domain('example.org'), soon()), 'mx1')
    errors.hold()
    const asked = source.findHost(domain('example.org'), AbortSignal.timeout(300))
    await source.close()
    t.match(await failure(t, asked), 'no answer in time')
    await eventually(t, 'all are closed', () => errors.open === 0)

    const idle = await open(t, { url })
    errors.letGo()
    t.equal(await idle.findHost(domain('example.org'), soon()), 'mx1')
    errors.deaf()
    const start = Date.now()
    await idle.close()
    t.ok(Date.now() - start < 5000)
  })

  t.test('a list may be long, and is left when nobody reads on', async (t) => {
    const { errors, url } = await through(t)
    const source = await open(t, {
      url,
      list: "SELECT i || '.example', 'mx1' FROM generate_series(1, 2500) AS s (i);",
    })
    t.equal((await all(source.list(soon()))).length, 2500)
    for await (const _ of source.list(soon())) break
    await eventually(t, 'no connection is left', () => errors.open === 0)
    const empty = await open(t, { url, list: 'SELECT name, host FROM mail_domain WHERE false' })
    await empty.check(soon())
    t.strictSame(await all(empty.list(soon())), [])
  })

  t.test(
    'NOTIFY: what has changed is told, and everything when something may have been missed',
    async (t) => {
      const { errors, url } = await through(t)
      const told: (string | undefined)[] = []
      const source = await open(t, { url, notify: 'mail_changed' }, { onChange: (what) => told.push(what) })
      await source.check(soon())
      t.equal(errors.written.match(/LISTEN mail_changed/g)?.length, 1, 'that was check')
      t.strictSame(told, [], 'nothing was asked, so nothing can have changed')
      await source.findHost(domain('example.org'), soon())
      await source.findLogin(address('info'), soon())
      await eventually(t, 'it listens', () => told.length === 1)
      errors.say(postgresqlNotification('mail_changed', 'example.org'))
      errors.say(postgresqlNotification('mail_changed', ''))
      await eventually(t, 'it hears', () => told.length >= 3)
      t.strictSame(told.slice(0, 3).sort(), ['example.org', undefined, undefined])
      told.length = 0
      await errors.kill()
      await sleep(600)
      t.strictSame(told, [])
      await errors.revive()
      await eventually(t, 'it listens again', () => told.length === 1)
      t.strictSame(told, [undefined])
      await source.close()
      await eventually(t, 'and no more', () => errors.open === 0)
    },
  )
})

t.test('MySQL', async (t) => {
  const data: Record<string, string[]> = {
    'example.org': ['mx1'],
    'example.net': ['mx2'],
    'twice.example': ['mx1', 'mx2'],
    'empty.example': [''],
    'info@example.org': ['user0001'],
    "it's@example.org": ['user0002'],
    '50%@example.org': ['user0003'],
  }
  const answer = (statement: string, values: readonly string[]): MysqlAnswer | undefined => {
    if (statement.includes('hang')) return undefined
    if (statement === queries.list)
      return Object.keys(data)
        .slice(0, 2)
        .map((name) => [name, data[name]?.[0] ?? null])
    const [name = ''] = values
    if (name === 'null.example') return [[null]]
    return (data[name] ?? []).map((value) => [value])
  }

  t.test('is asked with prepared statements: no address is in a query', async (t) => {
    const { port, queries: seen } = await mysqlServer(t, answer)
    const source = await open(t, { url: `mysql://reader@127.0.0.1:${port}/mail` })
    await source.check(soon())
    t.equal(await source.findHost(domain('example.org'), soon()), 'mx1')
    t.equal(await source.findHost(domain('twice.example'), soon()), 'mx1')
    for (const name of ['null.example', 'empty.example', 'example.com']) {
      t.equal(await source.findHost(domain(name), soon()), undefined)
    }
    t.equal(await source.findLogin(address("it's"), soon()), 'user0002')
    for (const text of hostile)
      t.equal(await source.findLogin(address(text.replace(/@.*/, '')), soon()), undefined)
    t.strictSame(await all(source.list(soon())), [
      { domain: 'example.org', host: 'mx1' },
      { domain: 'example.net', host: 'mx2' },
    ])
    t.strictSame([...new Set(seen)].sort(), [
      'SELECT host FROM mail_domain WHERE name = ?',
      'SELECT login FROM mailbox WHERE address = ?',
      queries.list,
      'SET /*M!100101 max_statement_time=5 *//*!50708 max_execution_time=5000 */',
    ])
  })

  t.test('the parameter may stand in several places', async (t) => {
    const account = "SELECT login FROM a WHERE b = ? OR c = $1 OR d = '?' -- ?"
    const values: (readonly string[])[] = []
    const { port } = await mysqlServer(t, (_, given) => {
      values.push(given)
      return [['user0001']]
    })
    const source = await open(t, {
      url: `mysql://reader@127.0.0.1:${port}`,
      account: account.replace("'?' -- ?", '3'),
    })
    t.equal(await source.findLogin(address('info'), soon()), 'user0001')
    t.strictSame(values, [['info@example.org', 'info@example.org']])
  })

  t.test('what is wrong is told in words', async (t) => {
    const { port } = await mysqlServer(t, () => ({
      code: 1146,
      message: "Table 'mail.mailbx' doesn't exist",
    }))
    const url = `mysql://reader@localhost:${port}/mail`
    const source = await open(t, {
      url,
      domain: undefined,
      account: 'SELECT login FROM mailbx WHERE address = ?',
      list: undefined,
    })
    t.equal(
      await failure(t, source.check(soon())),
      'account: there is no such table: "mailbx" (ER_NO_SUCH_TABLE)',
    )
    const faulty = await open(t, {
      url,
      domain: 'SELEC host FROM d WHERE name = ?',
      list: undefined,
      account: undefined,
    })
    t.equal(await failure(t, faulty.check(soon())), 'domain: the query has a fault: "SELEC" (ER_PARSE_ERROR)')
    const stranger = await open(t, { url: url.replace('reader', 'somebody') }, { password: 'secret' })
    t.equal(
      await failure(t, stranger.check(soon())),
      `cannot connect to localhost:${port}: the user or the password is refused (ER_ACCESS_DENIED_ERROR)`,
    )
    const encrypted = await open(t, { url: `${url}?sslmode=require` })
    t.match(await failure(t, encrypted.check(soon())), /the server has no TLS \(HANDSHAKE_NO_SSL_SUPPORT\)$/)
    const socket = await open(t, { url: `${url}?socket=${t.testdir({})}/mysqld.sock` })
    t.match(
      await failure(t, socket.check(soon())),
      /^cannot connect to \/.*: there is no such file \(ENOENT\)$/,
    )
  })

  t.test('a server that hangs, is killed, and comes back', async (t) => {
    const { port } = await mysqlServer(t, answer)
    const errors = await Faults.before(t, port)
    const source = await open(t, {
      url: `mariadb://reader@127.0.0.1:${errors.port}/mail`,
      account: 'SELECT hang FROM mailbox WHERE address = ?',
      timeout: 1,
      connections: 1,
    })
    const host = () => source.findHost(domain('example.org'), AbortSignal.timeout(5000))
    t.equal(await host(), 'mx1')
    for (let i = 0; i < 3; i++) {
      t.equal(
        await failure(t, source.findLogin(address('info'), AbortSignal.timeout(200))),
        'account: no answer in time',
      )
      t.equal(await host(), 'mx1')
    }
    const asked = failure(t, source.findLogin(address('info'), soon()))
    await sleep(100)
    await errors.kill()
    t.match(await asked, /^account: the connection was cut \((PROTOCOL_CONNECTION_LOST|ECONNRESET)\)$/)
    t.match(await failure(t, host()), /nothing listens there \(ECONNREFUSED\)$/)
    await errors.revive()
    errors.hold()
    t.match(await failure(t, host()), /: it does not answer \(ETIMEDOUT\)$/)
    errors.letGo()
    t.equal(await host(), 'mx1')
    errors.hold()
    t.equal(await failure(t, all(source.list(AbortSignal.timeout(200)))), 'list: no answer in time')
    errors.letGo()
    await source.close()
    await eventually(t, 'none is left open', () => errors.open === 0)
  })
})
