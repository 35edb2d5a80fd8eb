import { basename } from 'node:path'
import { failure, type Result, success } from '../../model/result.ts'

/** A lookup table of Postfix in a database, in the words of `sources:`. */
export interface SqlTable {
  readonly url: string
  /** The query of Postfix with $1 for the domain. */
  readonly query: string
  readonly password: { readonly file: string; readonly value: string } | undefined
}

const schemes = { mysql: 'mysql', pgsql: 'postgres', sqlite: 'sqlite' } as const
export type SqlTableType = keyof typeof schemes

/** The query parameter for a Unix socket. */
const socketParameters = { mysql: 'socket', pgsql: 'host' } as const

/** Reads a file as described in mysql_table(5), pgsql_table(5) and sqlite_table(5). The errors repeat nothing of it. */
export function readSqlTable(type: SqlTableType, file: string, text: string): Result<SqlTable> {
  const settings = settingsIn(text)
  const query = queryOf(settings.get('query') ?? '')
  if (!query.ok) return query
  if (type === 'sqlite') {
    const path = settings.get('dbpath')
    return path === undefined
      ? failure('has no dbpath')
      : success({ url: `sqlite:${encodeURI(path)}`, query: query.value, password: undefined })
  }
  const [user, password, database] = ['user', 'password', 'dbname'].map((name) => settings.get(name))
  if (user === undefined || database === undefined) return failure('has no user or no dbname')
  const place = placeOf(type, settings.get('hosts') ?? 'localhost')
  if (!place.ok) return place
  const { host, parameter } = place.value
  const url = `${schemes[type]}://${encodeURIComponent(user)}@${host}/${encodeURIComponent(database)}${parameter}`
  const name = `${basename(file, '.cf')}.password`
  return success({
    url,
    query: query.value,
    password: password === undefined ? undefined : { file: name, value: password },
  })
}

/** `name = value`; a line that begins with white space continues the line above (mysql_table(5), postconf(5)). */
function settingsIn(text: string): ReadonlyMap<string, string> {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replace(/\r?\n[ \t]+/g, ' ')
    .split('\n')
  const pairs = lines.map((line) => /^(\w+)\s*=\s*(.*?)\s*$/.exec(line)).filter((found) => found !== null)
  return new Map(pairs.map(([, name = '', value = '']) => [name, value]))
}

/** `'%s'` is the domain, and `%%` a percent sign. Other expansions are parts of an address. */
function queryOf(query: string): Result<string> {
  if (query === '') return failure('has no query')
  const translated = query.replace(/'%s'|%s/g, '$1').replace(/;\s*$/, '')
  if (!translated.includes('$1') || /%[^%]/.test(translated.replaceAll('%%', '')))
    return failure("has a query with something else than '%s': write the query under sources: yourself")
  return success(translated.replaceAll('%%', '%'))
}

/** The first server of `hosts`: `localhost`, `inet:db.example.org:3306`, `unix:/run/mysqld/mysqld.sock`. */
function placeOf(
  type: keyof typeof socketParameters,
  hosts: string,
): Result<{ readonly host: string; readonly parameter: string }> {
  const [first = ''] = hosts.split(/[\s,]+/)
  const socket = /^unix:(\/.*)$/.exec(first)?.[1]
  if (socket !== undefined)
    return success({ host: 'localhost', parameter: `?${socketParameters[type]}=${socket}` })
  const host = first.replace(/^inet:/, '')
  return /^[\w.-]+(:\d+)?$/.test(host)
    ? success({ host, parameter: '' })
    : failure('has a server under hosts that is neither a name, an address nor a Unix socket')
}
