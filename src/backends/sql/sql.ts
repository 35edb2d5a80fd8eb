import { type Domain, type EmailAddress, formatEmailAddress } from '../../model/address.ts'
import type { Backend, BackendContext, BackendKind } from '../backend.ts'
import type { SqlDatabase } from './database.ts'
import { SqlError } from './error.ts'
import { mysql } from './mysql.ts'
import { postgresql } from './postgresql.ts'
import { SqlQueries } from './queries.ts'
import type { Query } from './query.ts'
import { type SqlSettings, sqlSection } from './settings.ts'
import { sqlite } from './sqlite.ts'
import type { SqlLocation } from './url.ts'

/** Domains and accounts in PostgreSQL, MySQL, MariaDB or SQLite, found with the admin's own queries. */
export const sql: BackendKind<SqlSettings> = {
  key: 'sql',
  schema: sqlSection,
  driver: ({ location }) => drivers[location.dialect].name,
  hasPassword: ({ location }) => 'password' in location,
  open: (settings, context) => openSql(settings, context, drivers),
}

/** The npm packages of the databases. Only the one that is needed is loaded. */
export const drivers = {
  postgresql: { name: 'pg', load: () => import('pg') },
  mysql: { name: 'mysql2', load: () => import('mysql2') },
  sqlite: { name: 'libsql', load: () => import('libsql/promise') },
} as const

export async function openSql(
  settings: SqlSettings,
  { password, onChange }: BackendContext,
  packages: typeof drivers,
): Promise<Backend> {
  const { location, domain, account, list, notify, connections } = settings
  const database = await openDatabase(settings, password, packages)
  const queries = new SqlQueries(database, addressOf(location), millisecondsOf(settings), connections)

  /** Listening begins with the first query: before that, there are no cached answers that could become outdated. */
  let listener: { close(): Promise<void> } | undefined
  const listen = (): void => {
    if (notify !== undefined) listener ??= database.listen?.(notify, onChange)
  }
  async function findHost(name: string, signal: AbortSignal) {
    listen()
    return queries.first('domain', domain as Query, name, signal)
  }
  async function findLogin(address: EmailAddress, signal: AbortSignal) {
    listen()
    return queries.first('account', account as Query, formatEmailAddress(address).toLowerCase(), signal)
  }
  async function* everyDomain(signal: AbortSignal) {
    for await (const [domain, host] of queries.pairs('list', list as Query, signal)) yield { domain, host }
  }

  return {
    ...(domain && { findHost }),
    ...(account && { findLogin }),
    ...(list && { list: everyDomain }),
    async check(signal) {
      const errors = new Set<string>()
      const attempt = async (query: Promise<unknown>) => {
        await query.catch(({ message }: Error) => errors.add(message))
      }
      if (domain) await attempt(queries.first('domain', domain, probe.domain, signal))
      if (account) await attempt(queries.first('account', account, formatEmailAddress(probe), signal))
      if (list) await attempt(readOne(everyDomain(signal)))
      if (notify !== undefined) await attempt(queries.checkListen('notify', notify, signal))
      if (errors.size > 0) throw new SqlError([...errors].join('; '))
    },
    async close() {
      await Promise.all([queries.close(), listener?.close()])
    },
  }
}

/** The address that `check` looks up. It never exists (RFC 6761, section 6.4). */
const probe = { localPart: 'nobody', domain: 'example.invalid' as Domain } as const

async function readOne(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows) return
}

/** `timeout` in milliseconds, as the drivers expect it. */
const millisecondsOf = ({ timeout }: SqlSettings): number => Math.round(timeout * 1000)

/** The address in messages, without user and password. */
function addressOf(location: SqlLocation): string {
  if ('path' in location) return location.path
  return location.socket ?? `${location.host}:${location.port}`
}

async function openDatabase(
  settings: SqlSettings,
  password: string | undefined,
  packages: typeof drivers,
): Promise<SqlDatabase> {
  const { location, tls } = settings
  const timeout = millisecondsOf(settings)
  if (location.dialect === 'sqlite') {
    return sqlite((await load(packages.sqlite)).default, location.path, timeout)
  }
  const { dialect, ...endpoint } = location
  const server = { ...endpoint, ...(password !== undefined && { password }), tls, timeout }
  return dialect === 'mysql'
    ? mysql(await load(packages.mysql), server)
    : postgresql(await load(packages.postgresql), server)
}

async function load<Package>(driver: { name: string; load: () => Promise<Package> }): Promise<Package> {
  try {
    return await driver.load()
  } catch {
    throw new SqlError(
      `the package ${driver.name} is not installed or is incomplete: npm install ${driver.name}`,
    )
  }
}
