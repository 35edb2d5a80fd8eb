import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import Sqlite from 'libsql'
import Libsql from 'libsql/promise'
import t, { type Test } from 'tap'
import * as z from 'zod'
import type { Backend, BackendContext } from '../../src/backends/backend.ts'
import type { SqlConnection } from '../../src/backends/sql/database.ts'
import { drivers } from '../../src/backends/sql/endpoints.ts'
import { SqlPool } from '../../src/backends/sql/pool.ts'
import { openSql, sql } from '../../src/backends/sql/sql.ts'
import { parseEmailAddress } from '../../src/model/address.ts'
import { issue } from '../support/certificates.ts'
import {
  Faults,
  type MysqlAnswer,
  mysqlServer,
  postgresqlError,
  postgresqlNotification,
  postgresqlServer,
} from '../support/databases.ts'
import { domain } from '../support/example.ts'
import { until } from '../support/until.ts'

/** A valid source. Each test changes one thing in it. */
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
/** Addresses that do not exist. No part of them may be run as SQL, used as a pattern, or appear in a message. */
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

/** The message of a rejection, which must not contain personal data. */
async function failure(t: Test, query: Promise<unknown>): Promise<string> {
  try {
    await query
  } catch (error) {
    t.notMatch(error, { cause: Error })
    const { message, stack = '' } = error as Error
    for (const secret of ['info@', 'OR 1=1', 'xxx', 'secret']) t.notOk(`${message}${stack}`.includes(secret))
    return message
  }
  t.fail('it did not reject')
  return ''
}

async function eventually(t: Test, description: string, condition: () => boolean): Promise<void> {
  t.ok(await until(condition, description), description)
}

/** Checks the answers that every database must give. */
async function checkAnswers(t: Test, source: Required<Backend>): Promise<void> {
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

t.test('each error in the settings is reported at its key', async (t) => {
  const url = 'postgres://reader@localhost/mail'
  const errorsOf = (settings: Record<string, unknown>) => {
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
    t.strictSame(errorsOf(settings), [], JSON.stringify(settings))
  }
  for (const [settings, message] of [
    [{ url: 'localhost' }, /^url must be a URL such as postgres:/],
    [{ url: 'oracle://reader@localhost/mail' }, /^url must be a URL such as postgres:/],
    [{ url: 'sqlite:mail.db' }, /^url must be "sqlite:" and the absolute path/],
    [{ url: 'sqlite://host/mail.db' }, /^url must be "sqlite:" and the absolute path/],
    [{ url: 'sqlite:/mail.db?mode=rwc' }, /^url must be "sqlite:" and the absolute path/],
    [{ url: 'sqlite:/%ff' }, /^url must be "sqlite:" and the absolute path/],
    [
      { url: 'postgres://a:%zz@localhost/mail' },
      /^url contains an invalid percent-encoding; write % as %25$/,
    ],
    [
      { url: 'postgres://localhost/mail?sslmode=prefer' },
      /^url has an unsupported sslmode; use one of: disable, require, verify-full$/,
    ],
    [{ url: 'postgres://localhost/mail?sslmode=constructor' }, /^url has an unsupported sslmode/],
    [
      { url: 'postgres://localhost/mail?host=db' },
      /^url must have an absolute path after host=, such as host=\/run\/postgresql$/,
    ],
    [
      { url: 'postgres://localhost/mail?password=x' },
      /^url has an unsupported parameter after "\?"; use only sslmode and host$/,
    ],
    [{ url: 'mysql://localhost/mail?host=/run' }, /use only sslmode and socket$/],
    [{ domain: undefined, account: undefined }, /^domain is required unless "account" is set$/],
    [{ domain: 'SELECT 1' }, /^domain must contain the parameter \$1, which is the domain$/],
    [
      { account: "SELECT '$1', $x$ $1 $x$, E'\\'$1' -- $1" },
      /^account must contain the parameter \$1, which is the whole address$/,
    ],
    [{ account: 'SELECT $1 || $2' }, /^account contains the unknown parameter \$2; use \$1$/],
    [{ domain: 'SELECT host FROM d WHERE name = ?' }, /^domain must contain the parameter \$1/],
    [{ url: 'sqlite:/a', domain: 'SELECT ?2' }, /^domain contains the unknown parameter \?2/],
    [
      { list: 'SELECT name, host FROM d WHERE name = $1' },
      /^list must not have a parameter: it returns every domain$/,
    ],
    [{ notify: 'Mail-Changed' }, /^notify must be a channel name of lower-case letters/],
    [{ notify: 'x', url: 'mysql://localhost/mail' }, /^notify is supported only by PostgreSQL; remove it$/],
    [{ tls: true, url: 'sqlite:/var/lib/mail.db' }, /^tls is not supported by SQLite; remove it$/],
    [
      { passwordFile: 'x', url: 'sqlite:/var/lib/mail.db' },
      /^passwordFile is not supported by SQLite; remove it$/,
    ],
    [
      { tls: false, url: 'mysql://localhost/mail?sslmode=require' },
      /^tls contradicts sslmode in the url; set only one of them$/,
    ],
    [{ tls: true, url: 'mysql://[::1]/mail' }, /^url must contain a host name, not an IP address/],
    [{ connections: 0 }, /^connections /],
    [{ query: 'SELECT 1' }, /query/],
  ] as const) {
    const errors = errorsOf(settings)
    t.equal(errors.length, 1, JSON.stringify(settings))
    t.match(errors[0], message)
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

t.test('the error for a missing driver says how to install it', async (t) => {
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
    /^the package pg is not installed or is incomplete: npm install pg$/,
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

  t.test('returns hosts and logins', async (t) => {
    const source = await open(t, { url: urlOf(databaseFile(t)) })
    await checkAnswers(t, source)
  })

  t.test('an answer may be a number or bytes', async (t) => {
    const url = urlOf(databaseFile(t))
    for (const [account, login] of [
      ['SELECT number FROM mailbox WHERE address = ?', '7'],
      ["SELECT CAST(' user0001 ' AS BLOB) WHERE ?1 <> '' AND $1 <> '?'", 'user0001'],
    ]) {
      const source = await open(t, { url, account })
      t.equal(await source.findLogin(address('info'), soon()), login)
    }
  })

  t.test(
    'changes by other programs are visible at once, and so is a file that replaces the database',
    async (t) => {
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
    },
  )

  t.test('each database file that was opened is closed', async (t) => {
    const file = databaseFile(t)
    const events: string[] = []
    class Observed extends Libsql {
      constructor(...options: ConstructorParameters<typeof Libsql>) {
        super(...options)
        events.push('open')
      }
      override close(): void {
        events.push('closed')
        super.close()
      }
    }
    const load = async () => ({ default: Observed }) as never
    const packages = { ...drivers, sqlite: { name: 'libsql', load } } as const
    const settings = sql.schema.parse({ ...queries, url: urlOf(file), timeout: 5 })
    const source = await openSql(settings, { onChange: () => {} }, packages)
    const host = () => source.findHost?.(domain('example.org'), soon())
    t.equal(await host(), 'mx1')
    t.equal(await host(), 'mx1')
    t.strictSame(events.splice(0), ['open'])
    const next = join(t.testdir({}), 'next.db')
    write(next, tables)
    renameSync(next, file)
    t.equal(await host(), 'mx1')
    t.strictSame(events.splice(0), ['closed', 'open'])
    t.equal((await all(source.list?.(soon()) ?? (async function* () {})())).length, 4)
    await eventually(t, 'the connection of the list is closed', () => events.length === 2)
    t.strictSame(events.splice(0), ['open', 'closed'])
    await source.close()
    t.strictSame(events, ['closed'])
  })

  t.test('unread rows do not keep other programs from writing', async (t) => {
    const file = databaseFile(t)
    const rows = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000)'
    const list = `${rows} SELECT name || i AS name, host FROM n, mail_domain`
    const source = await open(t, { url: urlOf(file), domain: `${list} WHERE name <> $1`, list })
    t.equal(await source.findHost(domain('example.org'), soon()), 'empty.example1')
    write(file, 'DELETE FROM mailbox')
    for await (const _ of source.list(soon())) break
    write(file, 'DELETE FROM mail_domain')
  })

  t.test('a query that writes is rejected', async (t) => {
    const file = databaseFile(t)
    const source = await open(t, {
      url: urlOf(file),
      domain: 'DELETE FROM mail_domain WHERE name = $1 RETURNING host',
    })
    t.match(
      await failure(t, source.findHost(domain('example.org'), soon())),
      /^domain: the query writes to the database, which is opened read-only \(SQLITE_READONLY\)$/,
    )
  })

  t.test('an error names the key of the query and contains no personal data', async (t) => {
    const file = databaseFile(t)
    for (const [settings, message] of [
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
        'account: the query has a syntax error: "SELEC" (SQLITE_ERROR)',
      ],
      [
        { account: "SELECT abs(-9223372036854775808) WHERE $1 <> ''" },
        'account: unexpected error (SQLITE_ERROR)',
      ],
      [
        { list: 'SELECT name FROM mail_domain' },
        'list: the query must return two columns: the domain and its host',
      ],
    ] as const) {
      const source = await open(t, { url: urlOf(file), ...settings })
      t.equal(await failure(t, source.check(soon())), message)
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
    writeFileSync(file, 'not a database, but a text that is long enough to be one'.repeat(50))
    const other = await open(t, { url: urlOf(file), list: undefined, account: undefined })
    t.equal(
      await failure(t, other.check(soon())),
      'domain: the file is not a SQLite database (SQLITE_NOTADB)',
    )
    rmSync(file)
    mkdirSync(file)
    // How SQLite fails on a directory depends on what it has read of the file before.
    t.match(
      await failure(t, other.check(soon())),
      /^domain: the file is (not a SQLite database \(SQLITE_NOTADB\)|damaged \(SQLITE_CORRUPT\))$/,
    )
  })

  t.test('a slow query times out, blocks no other query, and frees its connection', async (t) => {
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
    t.equal(await waiting, 'timed out: all connections are busy (connections: 1)')
    const next = source.findHost(domain('example.org'), soon())
    t.equal(await slow, 'account: timed out')
    t.equal(await next, 'mx1')
    t.equal(await failure(t, all(source.list(AbortSignal.timeout(100)))), 'list: timed out')
    t.equal(
      await failure(t, source.findHost(domain('example.org'), AbortSignal.abort())),
      'domain: timed out',
    )
    t.ok(Date.now() - start < 5000)
  })
})

t.test('a slot that is granted at the moment of an abort is not lost', async (t) => {
  const leaving = new AbortController()
  const connection = {
    get usable() {
      queueMicrotask(() => leaving.abort())
      return false
    },
    destroy() {},
  } as SqlConnection
  const pool = new SqlPool({ connect: async () => connection, limit: 1, now: () => 0 })
  const first = pool.use(soon(), async () => 'first')
  const second = pool.use(leaving.signal, async () => 'second')
  t.equal(await first, 'first')
  await t.rejects(second, { message: 'timed out: all connections are busy (connections: 1)' })
  t.equal(await pool.use(soon(), async () => 'third'), 'third')
})

t.test('PostgreSQL', async (t) => {
  const server = await postgresqlServer(t, tables)
  const through = async (t: Test) => {
    const proxy = await Faults.before(t, server.port)
    return { proxy, url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres` }
  }

  t.test('returns hosts and logins with bound parameters: no address is in a query', async (t) => {
    const { proxy, url } = await through(t)
    const source = await open(t, { url })
    await checkAnswers(t, source)
    t.match(proxy.written, /SELECT login FROM mailbox WHERE address = \$1\0/)
    t.ok(proxy.written.includes('statement_timeout\x005000\x00'), 'the server has a time limit, too')
  })

  t.test('many queries share the connections, and no more are opened', async (t) => {
    const { proxy, url } = await through(t)
    const source = await open(t, { url, connections: 2 })
    const names = Array.from({ length: 20 }, () => domain('example.org'))
    const hosts = await Promise.all(names.map((name) => source.findHost(name, soon())))
    t.strictSame(new Set(hosts), new Set(['mx1']))
    t.equal(proxy.connections, 2)
    await source.close()
    await eventually(t, 'the connections are closed', () => proxy.open === 0)
  })

  t.test('errors are described in plain words', async (t) => {
    const { proxy, url } = await through(t)
    for (const [settings, message] of [
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
        'account: the query has a syntax error: "SELEC" (42601)',
      ],
      [{ account: 'SELECT $1::integer' }, 'account: unexpected error (22P02)'],
      [{ list: 'SELECT name, hosst FROM mail_domain' }, 'list: there is no such column: "hosst" (42703)'],
    ] as const) {
      const source = await open(t, { url, ...settings })
      t.equal(await failure(t, source.check(soon())), message)
      t.equal(await source.findHost?.(domain('example.net'), soon()).catch(() => 'mx2'), 'mx2')
    }
    proxy.refuseWith(postgresqlError('28P01', 'password authentication failed for user "info@example.org"'))
    const source = await open(t, { url }, { password: 'secret' })
    t.equal(
      await failure(t, source.check(soon())),
      `cannot connect to 127.0.0.1:${proxy.port}: the server rejected the user or password (28P01)`,
    )
    proxy.refuseWith(postgresqlError('what?', 'an unknown message'))
    t.match(await failure(t, source.check(soon())), /: unexpected error$/)
    proxy.refuseWith(Buffer.from('N'))
    const encrypted = await open(t, { url, tls: true })
    t.match(await failure(t, encrypted.check(soon())), /: the server does not support TLS$/)
    proxy.refuseWith(undefined)
    const { certificate, key } = await issue('P-256')
    proxy.encryptWith({ cert: certificate, key })
    t.match(
      await failure(t, encrypted.check(soon())),
      /: the server's certificate cannot be verified \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)$/,
    )
    await proxy.kill()
    t.equal(
      await failure(t, source.findHost(domain('example.org'), soon())),
      `cannot connect to 127.0.0.1:${proxy.port}: connection refused (ECONNREFUSED)`,
    )
    const socket = await open(t, {
      url: `postgres://postgres@/mail?host=${t.testdir({})}`.replace('@/', '@localhost/'),
    })
    t.match(
      await failure(t, socket.check(soon())),
      /^cannot connect to \/[^:]*: there is no such file \(ENOENT\)$/,
    )
  })

  t.test('queries succeed again after the server was killed during a query', async (t) => {
    const { proxy, url } = await through(t)
    const source = await open(t, { url })
    const host = (signal = soon()) => source.findHost(domain('example.org'), signal)
    t.equal(await host(), 'mx1')
    proxy.hold()
    const before = proxy.written.length
    const pending = host()
    await eventually(t, 'the query is sent', () => proxy.written.length > before)
    await proxy.kill()
    t.equal(await failure(t, pending), 'domain: connection lost')
    t.match(await failure(t, host()), /ECONNREFUSED/)
    proxy.letGo()
    await proxy.revive()
    t.equal(await host(), 'mx1')
    proxy.cut()
    await eventually(t, 'all connections are cut', () => proxy.open === 0)
    // The client has seen it, too.
    for (let i = 0; i < 10; i++) await turn()
    t.equal(await host(), 'mx1', 'an idle connection that was cut is replaced')
  })

  t.test('every query to a hung server ends in time, and connections are opened again', async (t) => {
    const { proxy, url } = await through(t)
    const source = await open(t, { url, timeout: 1, connections: 2 })
    const host = () => source.findHost(domain('example.org'), AbortSignal.timeout(1000))
    t.equal(await source.findHost(domain('example.org'), soon()), 'mx1')
    proxy.hold()
    for (let i = 0; i < 2; i++) {
      const messages = await Promise.all([1, 2, 3, 4].map(() => failure(t, host())))
      t.ok(
        messages.every((message) => /timed out|no response/.test(message)),
        messages.join(),
      )
    }
    t.match(await failure(t, source.check(AbortSignal.timeout(200))), /timed out/)
    await eventually(t, 'no connection is left open', () => proxy.open === 0)
    proxy.letGo()
    t.equal(await source.findHost(domain('example.org'), soon()), 'mx1')
  })

  t.test('a hung server does not delay closing', async (t) => {
    const { proxy, url } = await through(t)
    const source = await open(t, { url })
    t.equal(await source.findHost(domain('example.org'), soon()), 'mx1')
    proxy.hold()
    const pending = source.findHost(domain('example.org'), AbortSignal.timeout(300))
    await source.close()
    t.match(await failure(t, pending), 'timed out')
    await eventually(t, 'all connections are closed', () => proxy.open === 0)

    const idle = await open(t, { url })
    proxy.letGo()
    t.equal(await idle.findHost(domain('example.org'), soon()), 'mx1')
    proxy.deaf()
    const start = Date.now()
    await idle.close()
    t.ok(Date.now() - start < 5000)
    await eventually(t, 'a connection that the server does not close is dropped', () => proxy.open === 0)
  })

  t.test('a list may be long, and its connection closes when the reader stops', async (t) => {
    const { proxy, url } = await through(t)
    const source = await open(t, {
      url,
      list: "SELECT i || '.example', 'mx1' FROM generate_series(1, 2500) AS s (i);",
    })
    t.equal((await all(source.list(soon()))).length, 2500)
    for await (const _ of source.list(soon())) break
    await eventually(t, 'no connection is left', () => proxy.open === 0)
    const empty = await open(t, { url, list: 'SELECT name, host FROM mail_domain WHERE false' })
    await empty.check(soon())
    t.strictSame(await all(empty.list(soon())), [])
  })

  t.test('NOTIFY reports each change, and everything when notifications may have been missed', async (t) => {
    const { proxy, url } = await through(t)
    const changes: (string | undefined)[] = []
    const source = await open(
      t,
      { url, notify: 'mail_changed' },
      { onChange: (change) => changes.push(change) },
    )
    await source.check(soon())
    t.equal(proxy.written.match(/LISTEN mail_changed/g)?.length, 1, 'by check')
    await eventually(t, 'only the connection of the queries stays open', () => proxy.open === 1)
    t.strictSame(changes, [], 'nothing was queried, so nothing can have changed')
    await source.findHost(domain('example.org'), soon())
    await source.findLogin(address('info'), soon())
    await eventually(t, 'it listens', () => changes.length === 1)
    proxy.say(postgresqlNotification('mail_changed', 'example.org'))
    proxy.say(postgresqlNotification('mail_changed', ''))
    await eventually(t, 'it receives the notifications', () => changes.length >= 3)
    t.strictSame(changes.slice(0, 3).sort(), ['example.org', undefined, undefined])
    changes.length = 0
    await proxy.kill()
    await sleep(600)
    t.strictSame(changes, [])
    await proxy.revive()
    await eventually(t, 'it listens again', () => changes.length === 1)
    t.strictSame(changes, [undefined])
    await source.close()
    await eventually(t, 'it has stopped listening', () => proxy.open === 0)
  })
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

  t.test('is queried with prepared statements: no address is in a query', async (t) => {
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

  t.test('the parameter may occur several times', async (t) => {
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

  t.test('errors are described in plain words', async (t) => {
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
    t.equal(
      await failure(t, faulty.check(soon())),
      'domain: the query has a syntax error: "SELEC" (ER_PARSE_ERROR)',
    )
    const rejected = await open(t, { url: url.replace('reader', 'somebody') }, { password: 'secret' })
    t.equal(
      await failure(t, rejected.check(soon())),
      `cannot connect to localhost:${port}: the server rejected the user or password (ER_ACCESS_DENIED_ERROR)`,
    )
    const encrypted = await open(t, { url: `${url}?sslmode=require` })
    t.match(
      await failure(t, encrypted.check(soon())),
      /the server does not support TLS \(HANDSHAKE_NO_SSL_SUPPORT\)$/,
    )
    const socket = await open(t, { url: `${url}?socket=${t.testdir({})}/mysqld.sock` })
    t.match(
      await failure(t, socket.check(soon())),
      /^cannot connect to \/.*: there is no such file \(ENOENT\)$/,
    )
  })

  t.test('queries succeed again after the server hung or was killed', async (t) => {
    const { port } = await mysqlServer(t, answer)
    const proxy = await Faults.before(t, port)
    const source = await open(t, {
      url: `mariadb://reader@127.0.0.1:${proxy.port}/mail`,
      account: 'SELECT hang FROM mailbox WHERE address = ?',
      timeout: 1,
      connections: 1,
    })
    const host = () => source.findHost(domain('example.org'), AbortSignal.timeout(5000))
    t.equal(await host(), 'mx1')
    for (let i = 0; i < 3; i++) {
      t.equal(
        await failure(t, source.findLogin(address('info'), AbortSignal.timeout(200))),
        'account: timed out',
      )
      t.equal(await host(), 'mx1')
    }
    const before = proxy.written.length
    const pending = failure(t, source.findLogin(address('info'), soon()))
    await eventually(t, 'the query is sent', () => proxy.written.length > before)
    await proxy.kill()
    t.match(await pending, /^account: connection lost \((PROTOCOL_CONNECTION_LOST|ECONNRESET)\)$/)
    t.match(await failure(t, host()), /connection refused \(ECONNREFUSED\)$/)
    await proxy.revive()
    proxy.hold()
    t.match(await failure(t, host()), /: no response \(ETIMEDOUT\)$/)
    proxy.letGo()
    t.equal(await host(), 'mx1')
    proxy.hold()
    t.equal(await failure(t, all(source.list(AbortSignal.timeout(200)))), 'list: timed out')
    proxy.letGo()
    await source.close()
    await eventually(t, 'no connection is left open', () => proxy.open === 0)
  })
})
