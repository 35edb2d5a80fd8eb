import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'libsql'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import type { Backend } from '../../src/backends/backend.ts'
import { Backends } from '../../src/backends/backends.ts'
import { CachedBackend } from '../../src/backends/cached-backend.ts'
import { sql } from '../../src/backends/sql/sql.ts'
import type { Config } from '../../src/config/config.ts'
import { type EmailAddress, parseEmailAddress } from '../../src/model/address.ts'
import { Resolver } from '../../src/resolver/resolver.ts'
import { postgresqlServer } from '../support/databases.ts'
import { domain, example, load, settingsFor, sourceSettings } from '../support/example.ts'

/**
 * The queries of docs/sql.md for control panels, with tables of their shape: the columns that the queries use.
 * test/with-servers/sql.sh runs them with MariaDB and PostgreSQL.
 */

/** Types and values that differ between databases. */
interface Words {
  readonly flag: string
  readonly on: string
  readonly off: string
}
const sqlite: Words = { flag: 'INTEGER', on: '1', off: '0' }
const postgresql: Words = { flag: 'BOOLEAN', on: 'true', off: 'false' }

/** Postfixadmin, mailcow and ViMbAdmin. */
const aliases = ({ flag, on, off }: Words): string => `
  CREATE TABLE domain (domain VARCHAR(255), backupmx ${flag}, active ${flag});
  INSERT INTO domain VALUES ('real.example', ${off}, ${on}), ('off.example', ${off}, ${off}), ('backup.example', ${on}, ${on});
  CREATE TABLE mailbox (username VARCHAR(255), active ${flag});
  INSERT INTO mailbox VALUES ('jane@real.example', ${on}), ('john@real.example', ${on}), ('old@real.example', ${off});
  CREATE TABLE alias (address VARCHAR(255), goto TEXT, active ${flag});
  INSERT INTO alias VALUES ('jane@real.example', 'jane@real.example,copy@elsewhere.example', ${on}),
    ('john@real.example', 'john@real.example', ${on}), ('old@real.example', 'old@real.example', ${on}),
    ('info@real.example', 'jane@real.example', ${on}), ('shut@real.example', 'jane@real.example', ${off}),
    ('sales@real.example', 'jane@real.example,x@elsewhere.example', ${on}),
    ('team@real.example', 'jane@real.example,john@real.example', ${on}),
    ('both@real.example', 'jane@real.example,team@real.example', ${on}),
    ('away@real.example', 'x@elsewhere.example', ${on}), ('was@real.example', 'old@real.example', ${on}),
    ('second@real.example', 'info@real.example,x@elsewhere.example', ${on}), ('third@real.example', 'second@real.example', ${on}),
    ('ring@real.example', 'round@real.example', ${on}), ('round@real.example', 'ring@real.example', ${on}),
    ('pair@real.example', 'team@real.example', ${on}),
    ('late@real.example', 'was@real.example', ${on}), ('dead@real.example', 'shut@real.example', ${on});`
const aliasDomains = ({ flag, on, off }: Words): string => `
  CREATE TABLE alias_domain (alias_domain VARCHAR(255), target_domain VARCHAR(255), active ${flag});
  INSERT INTO alias_domain VALUES ('alias.example', 'real.example', ${on}), ('shut.example', 'real.example', ${off}),
    ('lost.example', 'off.example', ${on});`

const panels: Readonly<Record<string, (words: Words) => string>> = {
  Postfixadmin: (words) =>
    `${aliases(words)}${aliasDomains(words)} INSERT INTO domain VALUES ('ALL', ${words.off}, ${words.on});`,
  mailcow: () =>
    `${aliases(sqlite)}${aliasDomains(sqlite)} INSERT INTO alias VALUES ('null@real.example', 'null@localhost', 1);`,
  ViMbAdmin: () => `${aliases(sqlite)}
    INSERT INTO domain VALUES ('alias.example', 0, 1); INSERT INTO alias VALUES ('@alias.example', '@real.example', 1);`,
  iRedMail: () => `${aliases(sqlite)}${aliasDomains(sqlite)} DROP TABLE alias;
    CREATE TABLE forwardings (address VARCHAR(255), forwarding VARCHAR(255), is_forwarding INTEGER, is_alias INTEGER, active INTEGER);
    INSERT INTO forwardings VALUES ('jane@real.example', 'jane@real.example', 1, 0, 1), ('jane@real.example', 'copy@elsewhere.example', 1, 0, 1),
      ('john@real.example', 'john@real.example', 1, 0, 1), ('old@real.example', 'old@real.example', 1, 0, 1),
      ('info@real.example', 'jane@real.example', 0, 1, 1), ('shut@real.example', 'jane@real.example', 0, 1, 0),
      ('sales@real.example', 'jane@real.example', 0, 1, 1), ('sales@real.example', 'x@elsewhere.example', 0, 1, 1),
      ('team@real.example', 'jane@real.example', 0, 1, 1), ('team@real.example', 'john@real.example', 0, 1, 1),
      ('both@real.example', 'jane@real.example', 0, 1, 1), ('both@real.example', 'team@real.example', 0, 1, 1),
      ('away@real.example', 'x@elsewhere.example', 0, 1, 1), ('was@real.example', 'old@real.example', 0, 1, 1),
      ('second@real.example', 'info@real.example', 0, 1, 1), ('second@real.example', 'x@elsewhere.example', 0, 1, 1),
      ('third@real.example', 'second@real.example', 0, 1, 1), ('ring@real.example', 'round@real.example', 0, 1, 1),
      ('round@real.example', 'ring@real.example', 0, 1, 1),
      ('pair@real.example', 'team@real.example', 0, 1, 1), ('late@real.example', 'was@real.example', 0, 1, 1),
      ('dead@real.example', 'shut@real.example', 0, 1, 1);`,
  ISPConfig: () => `
    CREATE TABLE server (server_id INTEGER, server_name VARCHAR(255));
    INSERT INTO server VALUES (1, 'mx1');
    CREATE TABLE mail_domain (domain VARCHAR(255), server_id INTEGER, active CHAR(1));
    INSERT INTO mail_domain VALUES ('real.example', 1, 'y'), ('alias.example', 1, 'y'), ('off.example', 1, 'n');
    CREATE TABLE mail_user (email VARCHAR(255), login VARCHAR(255));
    INSERT INTO mail_user VALUES ('jane@real.example', 'jane@real.example'), ('john@real.example', 'john@real.example');
    CREATE TABLE mail_forwarding (source VARCHAR(255), destination TEXT, type VARCHAR(20), active CHAR(1));
    INSERT INTO mail_forwarding VALUES ('@alias.example', '@real.example', 'aliasdomain', 'y'),
      ('info@real.example', 'jane@real.example', 'alias', 'y'), ('shut@real.example', 'jane@real.example', 'alias', 'n'),
      ('sales@real.example', 'jane@real.example, x@elsewhere.example', 'forward', 'y'),
      ('team@real.example', 'jane@real.example,john@real.example', 'forward', 'y'),
      ('both@real.example', 'jane@real.example,team@real.example', 'forward', 'y'),
      ('away@real.example', 'x@elsewhere.example', 'forward', 'y'), ('second@real.example', 'info@real.example, x@elsewhere.example', 'forward', 'y'),
      ('third@real.example', 'second@real.example', 'alias', 'y'), ('ring@real.example', 'round@real.example', 'alias', 'y'),
      ('round@real.example', 'ring@real.example', 'alias', 'y'),
      ('pair@real.example', 'team@real.example', 'alias', 'y'), ('dead@real.example', 'shut@real.example', 'alias', 'y');`,
  Modoboa: ({ flag, on, off }) => `
    CREATE TABLE admin_domain (id INTEGER, name VARCHAR(100), type VARCHAR(20), enabled ${flag});
    INSERT INTO admin_domain VALUES (1, 'real.example', 'domain', ${on}), (2, 'off.example', 'domain', ${off}), (3, 'relay.example', 'relaydomain', ${on});
    CREATE TABLE admin_domainalias (id INTEGER, name VARCHAR(100), target_id INTEGER, enabled ${flag});
    INSERT INTO admin_domainalias VALUES (1, 'alias.example', 1, ${on}), (2, 'shut.example', 1, ${off}), (3, 'lost.example', 2, ${on});
    CREATE TABLE core_user (id INTEGER, username VARCHAR(254), is_active ${flag});
    INSERT INTO core_user VALUES (1, 'jane@real.example', ${on}), (2, 'john@real.example', ${on}), (3, 'old@real.example', ${off}), (4, 'admin', ${on});
    CREATE TABLE admin_mailbox (id INTEGER, address VARCHAR(252), domain_id INTEGER, user_id INTEGER);
    INSERT INTO admin_mailbox VALUES (11, 'jane', 1, 1), (12, 'john', 1, 2), (13, 'old', 1, 3);
    CREATE TABLE admin_alias (id INTEGER, address VARCHAR(254), enabled ${flag});
    INSERT INTO admin_alias VALUES (21, 'info@real.example', ${on}), (22, 'shut@real.example', ${off}), (23, 'sales@real.example', ${on}),
      (24, 'team@real.example', ${on}), (25, 'both@real.example', ${on}), (26, 'away@real.example', ${on}), (27, 'was@real.example', ${on}),
      (28, 'jane@real.example', ${on}), (29, 'second@real.example', ${on}), (30, 'third@real.example', ${on}), (31, 'ring@real.example', ${on}),
      (32, 'round@real.example', ${on}), (33, 'pair@real.example', ${on}), (34, 'late@real.example', ${on}), (35, 'dead@real.example', ${on});
    CREATE TABLE admin_aliasrecipient (alias_id INTEGER, address VARCHAR(254), r_mailbox_id INTEGER, r_alias_id INTEGER);
    INSERT INTO admin_aliasrecipient VALUES (21, 'jane@real.example', 11, NULL), (22, 'jane@real.example', 11, NULL),
      (23, 'jane@real.example', 11, NULL), (23, 'x@elsewhere.example', NULL, NULL), (24, 'jane@real.example', 11, NULL), (24, 'john@real.example', 12, NULL),
      (25, 'jane@real.example', 11, NULL), (25, 'team@real.example', NULL, 24), (26, 'x@elsewhere.example', NULL, NULL), (27, 'old@real.example', 13, NULL),
      (28, 'jane@real.example', 11, NULL), (29, 'info@real.example', NULL, 21), (29, 'x@elsewhere.example', NULL, NULL),
      (30, 'second@real.example', NULL, 29), (31, 'round@real.example', NULL, 32), (32, 'ring@real.example', NULL, 31),
      (33, 'team@real.example', NULL, 24), (34, 'was@real.example', NULL, 27), (35, 'shut@real.example', NULL, 22);`,
  Froxlor: () => `
    CREATE TABLE panel_domains (id INTEGER, domain VARCHAR(255), aliasdomain INTEGER, isemaildomain INTEGER, deactivated INTEGER);
    INSERT INTO panel_domains VALUES (1, 'real.example', NULL, 1, 0), (2, 'alias.example', 1, 1, 0), (3, 'off.example', NULL, 1, 1), (4, 'web.example', 1, 0, 0);
    CREATE TABLE mail_users (email VARCHAR(255), username VARCHAR(255));
    INSERT INTO mail_users VALUES ('jane@real.example', 'jane@real.example'), ('john@real.example', 'john@real.example');
    CREATE TABLE mail_virtual (email VARCHAR(50), destination TEXT);
    INSERT INTO mail_virtual VALUES ('jane@real.example', 'jane@real.example copy@elsewhere.example'), ('john@real.example', 'john@real.example'),
      ('info@real.example', 'jane@real.example'), ('sales@real.example', 'jane@real.example x@elsewhere.example'),
      ('team@real.example', 'jane@real.example john@real.example'), ('both@real.example', 'jane@real.example team@real.example'),
      ('away@real.example', 'x@elsewhere.example'), ('second@real.example', 'info@real.example x@elsewhere.example'),
      ('third@real.example', 'second@real.example'), ('ring@real.example', 'round@real.example'), ('round@real.example', 'ring@real.example'),
      ('pair@real.example', 'team@real.example'), ('null@real.example', '');`,
}

t.test('the queries for control panels follow alias domains and aliases', async (t) => {
  const headings = [
    ...readFileSync('docs/sql.md', 'utf8').matchAll(/^## (.*)\n(?=(?:(?!^## ).*\n)*^account: >-$)/gm),
  ]
  t.strictSame(headings.map(([, heading]) => heading).sort(), Object.keys(panels).sort())
  const hosts = { mx1: { hostname: 'mx1.all2all.org' } }
  const config = await load(t, { ...example, hosts, domains: {}, accounts: { disclose: 'public' } })
  for (const [panel, tables] of Object.entries(panels)) {
    await t.test(`${panel}, SQLite`, async (t) => {
      const file = join(t.testdir({}), 'panel.db')
      const database = new Sqlite(file)
      database.exec(tables(sqlite))
      database.close()
      await checkPanel(t, config, panel, `sqlite:${file}`)
    })
  }
  // One server for all, which takes seconds to start.
  const { port, db } = await postgresqlServer(t, '')
  for (const [panel, words] of [
    ['Postfixadmin', postgresql],
    ['iRedMail', sqlite],
    ['Modoboa', postgresql],
  ] as const) {
    await t.test(`${panel}, PostgreSQL`, async (t) => {
      await db.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
      await db.exec(panels[panel]?.(words) ?? '')
      await checkPanel(t, config, panel, `postgres://reader@127.0.0.1:${port}/mail`)
    })
  }
})

async function checkPanel(t: Test, config: Config, panel: string, url: string): Promise<void> {
  const [plain, account] = recipeOf(panel)
  t.equal(plain['account'], undefined, 'by default, people log in with their address')
  const source = (await sql.open(sql.schema.parse({ ...plain, ...account, url, timeout: 5 }), {
    onChange: () => {},
  })) as Required<Backend>
  t.teardown(() => source.close())
  await source.check(AbortSignal.timeout(20_000))
  for (const name of ['real.example', 'alias.example'])
    t.equal(await source.findHost(domain(name), AbortSignal.timeout(20_000)), 'mx1', name)
  for (const name of [
    'off.example',
    'backup.example',
    'shut.example',
    'lost.example',
    'relay.example',
    'web.example',
  ])
    t.equal(await source.findHost(domain(name), AbortSignal.timeout(20_000)), undefined, name)
  const listed: unknown[] = []
  for await (const one of source.list(AbortSignal.timeout(20_000))) listed.push(one)
  t.strictSame(
    listed.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
    ['alias.example', 'real.example'].map((name) => ({ domain: name, host: 'mx1' })),
    'the list contains what the query for a domain knows, alias domains included',
  )
  const login = (localPart: string, name: string) =>
    source.findLogin(parseEmailAddress(`${localPart}@${name}`) as EmailAddress, AbortSignal.timeout(20_000))
  for (const name of ['real.example', 'alias.example']) {
    t.equal(await login('jane', name), 'jane@real.example')
    t.equal(await login('nobody', name), undefined)
  }
  t.equal(await login('jane', 'shut.example'), undefined, 'an alias domain that is turned off')
  await checkAliases(t, config, source)
}

/** The local parts of addresses that have no login: lists, circles, and what is elsewhere or turned off. */
const without = [
  'team',
  'both',
  'pair',
  'away',
  'shut',
  'dead',
  'was',
  'late',
  'ring',
  'round',
  'null',
  'nobody',
]

/** The server follows an alias of an alias, with one query for each. */
async function checkAliases(t: Test, config: Config, source: Backend): Promise<void> {
  const cached = new CachedBackend({ name: 'sql', kind: 'sql' }, source, sourceSettings, { now: () => 0 })
  const resolver = new Resolver(config, { backends: new Backends([cached]) })
  const login = async (address: string) => {
    const { clientConfig } = await settingsFor(resolver, { address: parseEmailAddress(address) })
    return clientConfig.servers[0]?.username
  }
  for (const name of ['real.example', 'alias.example']) {
    for (const localPart of ['info', 'sales', 'second', 'third', 'third+news'])
      t.equal(await login(`${localPart}@${name}`), 'jane@real.example', `${localPart}@${name}`)
    for (const localPart of without)
      t.equal(await login(`${localPart}@${name}`), '%EMAILADDRESS%', `${localPart}@${name}`)
  }
  t.equal(await login('jane@real.example'), '%EMAILADDRESS%', 'the login is the address')
}

/** The source below a heading, and the `account` that follows it. */
function recipeOf(heading: string): [Record<string, unknown>, Record<string, unknown>] {
  const [below = ''] = readFileSync('docs/sql.md', 'utf8').split(`\n## ${heading}\n`)[1]?.split('\n## ') ?? []
  const [config, account] = [...below.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => parse(text))
  return [config.sources[0].sql, account]
}
