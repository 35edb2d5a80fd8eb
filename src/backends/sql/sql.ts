import { type EmailAddress, formatEmailAddress } from '../../model/address.ts'
import { type Backend, type BackendContext, type BackendKind, probe } from '../backend.ts'
import type { Listener } from '../listener.ts'
import { pemFiles } from '../tls-files.ts'
import { drivers, millisecondsOf, openEndpoints } from './endpoints.ts'
import { SqlError } from './error.ts'
import { checkListener, listenTo, replicationLag } from './notifications.ts'
import { SqlQueries } from './queries.ts'
import type { Query } from './query.ts'
import { type SqlSettings, sqlSection } from './settings.ts'

/** Domains and accounts in PostgreSQL, MySQL, MariaDB or SQLite, found with the admin's own queries. */
export const sql: BackendKind<SqlSettings> = {
  key: 'sql',
  schema: sqlSection.meta({ description: 'A database: PostgreSQL, MySQL, MariaDB or SQLite (docs/sql.md).' }),
  driver: ({ location }) => drivers[location.dialect].name,
  hasPassword: ({ location }) => 'password' in location,
  files: pemFiles,
  queriesOf: ({ domain, account }) => ({ domain, account }),
  open: (settings, context) => openSql(settings, context, drivers),
}

export async function openSql(
  settings: SqlSettings,
  context: BackendContext,
  packages: typeof drivers,
): Promise<Backend> {
  const { domain, account, list, notify, connections } = settings
  const [primary, replicas] = await openEndpoints(settings, context, packages)
  const lag = replicas.length > 0 ? replicationLag : 0
  const [first = primary, ...others] = [...replicas, primary]
  const queries = new SqlQueries({
    endpoints: [first, ...others],
    timeout: millisecondsOf(settings),
    connections,
    now: () => performance.now(),
  })

  /** Listening begins with the first query: before that, there are no cached answers that could become outdated. */
  let listener: Listener | undefined
  const listen = (): void => {
    if (notify !== undefined) listener ??= listenTo(primary, notify, lag, context)
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
    concurrency: connections,
    status: () => ({
      connections: queries.connections,
      ...(notify !== undefined && { notify: listener?.status ?? { listening: false } }),
    }),
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
      if (notify !== undefined) await attempt(checkListener(primary, notify, signal))
      if (errors.size > 0) throw new SqlError([...errors].join('; '))
    },
    async close() {
      await Promise.all([queries.close(), listener?.close()])
    },
  }
}

async function readOne(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows) return
}
