import { isIP } from 'node:net'
import * as z from 'zod'
import { type Domain, type EmailAddress, formatEmailAddress } from '../../model/address.ts'
import { type Backend, type BackendContext, type BackendKind, backendSettings } from '../backend.ts'
import type { SqlDatabase, SqlServer } from './database.ts'
import { SqlFailure } from './failure.ts'
import { mysql } from './mysql.ts'
import { postgresql } from './postgresql.ts'
import { type Dialect, type Query, readQuery } from './query.ts'
import { SqlQuestions } from './questions.ts'
import { sqlite } from './sqlite.ts'
import { readSqlUrl, type SqlPlace } from './url.ts'

const schema = z
  .strictObject({
    url: z.string().meta({
      description:
        'postgres://user@host/database, mysql://… or mariadb://…, sqlite:/path/of/a/file. Behind it ?sslmode=verify-full, and for a Unix socket ?host=/folder or, with MySQL, ?socket=/path.',
    }),
    passwordFile: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'The file with the password. Relative to this file.' }),
    domain: z.string().optional().meta({
      description:
        'Gives the host of the domain $1, as in SELECT host FROM mail_domain WHERE name = $1. No row: it is not known.',
    }),
    account: z.string().optional().meta({
      description:
        'Gives what the address $1 logs in with, as in SELECT login FROM mailbox WHERE address = $1.',
    }),
    list: z.string().optional().meta({
      description: 'Gives every domain and its host, for `drift`: SELECT name, host FROM mail_domain.',
    }),
    notify: z
      .string()
      .regex(
        /^[a-z_][a-z\d_]{0,62}$/,
        'must be a channel in small letters, digits and _, such as mail_changed',
      )
      .optional()
      .meta({
        description:
          'PostgreSQL only: the channel that tells of changes. The payload is a domain or an address; none is all.',
      }),
    tls: z.boolean().optional().meta({
      description: 'TLS with the certificate verified; off by default, unless the URL says sslmode.',
    }),
    connections: z.int().min(1).max(100).default(4).meta({ description: 'How many connections at most.' }),
    ...backendSettings,
  })
  .check(({ value, issues }) => {
    const fault = (key: string, message: string) => {
      issues.push({ code: 'custom', input: value, path: [key], message })
    }
    const place = readSqlUrl(value.url)
    if (typeof place === 'string') {
      fault('url', place)
      return
    }
    if (value.domain === undefined && value.account === undefined) {
      fault('domain', 'is missing: there must be a query for domain, or for account, or both')
    }
    for (const key of ['domain', 'account', 'list'] as const) {
      const message = value[key] === undefined ? undefined : queryError(key, value[key], place.dialect)
      if (message) fault(key, message)
    }
    if (value.notify !== undefined && place.dialect !== 'postgresql') {
      fault('notify', 'goes with PostgreSQL only')
    }
    for (const key of ['tls', 'passwordFile'] as const) {
      if (value[key] !== undefined && place.dialect === 'sqlite') fault(key, 'does not go with SQLite')
    }
    if ('tls' in place && value.tls !== undefined && value.tls !== place.tls) {
      fault('tls', 'says otherwise than sslmode in the url')
    }
    // mysql2 would compare the certificate with `localhost`.
    if (place.dialect === 'mysql' && (value.tls ?? place.tls) && isIP(place.host) !== 0) {
      fault('url', 'must have a host name where TLS is wanted, since that is what the certificate is for')
    }
  })

export type SqlSettings = z.infer<typeof schema>

/** Domains and accounts in PostgreSQL, MySQL, MariaDB or SQLite, asked with the admin's own queries. */
export const sql: BackendKind<SqlSettings> = {
  key: 'sql',
  schema,
  driver: (settings) => drivers[placeOf(settings).dialect].name,
  open: (settings, context) => openSql(settings, context, drivers),
}

/** The packages that speak to the databases; each is loaded by those who need it. */
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
  const { notify } = settings
  const place = placeOf(settings)
  const database = await openDatabase(place, settings, password, packages)
  const questions = new SqlQuestions(
    database,
    addressOf(place),
    millisecondsOf(settings),
    settings.connections,
  )
  const [domain, account, list] = [settings.domain, settings.account, settings.list].map(
    // The schema has let it pass.
    (text) => (text === undefined ? undefined : (readQuery(text, place.dialect) as Query)),
  )

  /** From the first question on: before it nothing was said that could be so no longer. */
  let listener: { close(): Promise<void> } | undefined
  const listen = (): void => {
    if (notify !== undefined) listener ??= database.listen?.(notify, onChange)
  }
  async function findHost(name: string, signal: AbortSignal) {
    listen()
    return questions.first('domain', domain as Query, name, signal)
  }
  async function findLogin(address: EmailAddress, signal: AbortSignal) {
    listen()
    return questions.first('account', account as Query, formatEmailAddress(address).toLowerCase(), signal)
  }
  async function* everyDomain(signal: AbortSignal) {
    for await (const [domain, host] of questions.pairs('list', list as Query, signal)) yield { domain, host }
  }

  return {
    ...(domain && { findHost }),
    ...(account && { findLogin }),
    ...(list && { list: everyDomain }),
    async check(signal) {
      const errors = new Set<string>()
      const attempt = async (asking: Promise<unknown>) => {
        await asking.catch(({ message }: Error) => errors.add(message))
      }
      if (domain) await attempt(questions.first('domain', domain, nobody.domain, signal))
      if (account) await attempt(questions.first('account', account, formatEmailAddress(nobody), signal))
      if (list) await attempt(firstOf(everyDomain(signal)))
      if (notify !== undefined) await attempt(questions.tryToListen('notify', notify, signal))
      if (errors.size > 0) throw new SqlFailure([...errors].join('; '))
    },
    async close() {
      await Promise.all([questions.close(), listener?.close()])
    },
  }
}

/** Whom `check` asks for (RFC 6761, section 6.4). */
const nobody = { localPart: 'nobody', domain: 'example.invalid' as Domain } as const

async function firstOf(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows) return
}

/** `timeout`, as the drivers want it. */
const millisecondsOf = ({ timeout }: SqlSettings): number => Math.round(timeout * 1000)

/** The schema has let it pass. */
const placeOf = ({ url }: SqlSettings): SqlPlace => readSqlUrl(url) as SqlPlace

/** For messages: without user and password. */
function addressOf(place: SqlPlace): string {
  if ('path' in place) return place.path
  return place.socket ?? `${place.host}:${place.port}`
}

async function openDatabase(
  place: SqlPlace,
  settings: SqlSettings,
  password: string | undefined,
  packages: typeof drivers,
): Promise<SqlDatabase> {
  const timeout = millisecondsOf(settings)
  if (place.dialect === 'sqlite') return sqlite((await load(packages.sqlite)).default, place.path, timeout)
  const { dialect, ...server } = place
  const all: SqlServer = {
    ...server,
    ...(password !== undefined && { password }),
    tls: settings.tls ?? server.tls ?? false,
    timeout,
  }
  return dialect === 'mysql'
    ? mysql(await load(packages.mysql), all)
    : postgresql(await load(packages.postgresql), all)
}

async function load<Package>(driver: { name: string; load: () => Promise<Package> }): Promise<Package> {
  try {
    return await driver.load()
  } catch {
    throw new SqlFailure(
      `the package ${driver.name} is not installed, or not wholly: npm install ${driver.name}`,
    )
  }
}

/** What is wrong with a query, in words for the admin. */
function queryError(key: 'domain' | 'account' | 'list', text: string, dialect: Dialect): string | undefined {
  const query = readQuery(text, dialect)
  if ('foreign' in query) return `has ${query.foreign}, but there is one parameter only: $1`
  if (key === 'list') return query.parameters > 0 ? 'takes no parameter: it gives every domain' : undefined
  return query.parameters === 0 ? `must hold $1, where the ${asked[key]} is to stand` : undefined
}

const asked = { domain: 'domain', account: 'whole address' } as const
