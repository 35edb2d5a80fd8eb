import { isIP } from 'node:net'
import { parseDomain } from '../../model/address.ts'
import { failure, type Result, success } from '../../model/result.ts'
import type { SqlServer } from './database.ts'
import type { Dialect } from './query.ts'

/** Where a database is, according to its URL. */
export type SqlLocation =
  | { readonly dialect: 'sqlite'; readonly path: string }
  | ({ readonly dialect: 'postgresql' | 'mysql'; readonly tls?: boolean } & Omit<
      SqlServer,
      'tls' | 'timeout'
    >)

const dialects: Readonly<Record<string, Dialect>> = {
  'postgres:': 'postgresql',
  'postgresql:': 'postgresql',
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
  'sqlite:': 'sqlite',
}

/** libpq does not verify the certificate with `require`; here every encrypted connection is verified. */
const sslModes = new Map([
  ['disable', false],
  ['require', true],
  ['verify-full', true],
])

const standardPort = { postgresql: 5432, mysql: 3306 } as const

/** The query parameter for a Unix socket has the name that libpq and the MySQL clients use. */
const socketParameter = {
  postgresql: { key: 'host', example: '/run/postgresql' },
  mysql: { key: 'socket', example: '/run/mysqld/mysqld.sock' },
} as const

/** Reads the URL of a database. The errors quote nothing of it, because it may contain a password. */
export function readSqlUrl(text: string): Result<SqlLocation> {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const dialect = url && dialects[url.protocol]
  if (!url || !dialect) {
    return failure(
      'must be a URL such as postgres://user@localhost/mail, mysql://user@localhost/mail or sqlite:/var/lib/mail.db',
    )
  }
  return dialect === 'sqlite' ? readFileUrl(url) : readServerUrl(url, dialect)
}

function readFileUrl(url: URL): Result<SqlLocation> {
  const path = decode(url.pathname)
  if (url.host || url.search || url.hash || !path?.startsWith('/') || path.includes('\0')) {
    return failure('must be "sqlite:" and the absolute path of a file, such as sqlite:/var/lib/mail.db')
  }
  return success({ dialect: 'sqlite', path })
}

function readServerUrl(url: URL, dialect: 'postgresql' | 'mysql'): Result<SqlLocation> {
  const { key: socketKey, example } = socketParameter[dialect]
  const options = new Map(url.searchParams)
  const socket = options.get(socketKey)
  const sslMode = options.get('sslmode')
  const tls = sslMode === undefined ? undefined : sslModes.get(sslMode)
  if (sslMode !== undefined && tls === undefined) {
    return failure(`has an unsupported sslmode; use one of: ${[...sslModes.keys()].join(', ')}`)
  }
  if (socket !== undefined && !socket.startsWith('/')) {
    return failure(`must have an absolute path after ${socketKey}=, such as ${socketKey}=${example}`)
  }
  for (const key of options.keys()) {
    if (key !== 'sslmode' && key !== socketKey) {
      return failure(`has an unsupported parameter after "?"; use only sslmode and ${socketKey}`)
    }
  }
  const parts = [url.hostname, url.username, url.password, url.pathname.slice(1)].map(decode)
  if (parts.includes(undefined)) return failure('contains an invalid percent-encoding; write % as %25')
  const [host = '', user, password, database] = parts
  return success({
    dialect,
    host: host.replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: Number(url.port) || standardPort[dialect],
    ...(socket !== undefined && { socket }),
    ...(user && { user }),
    ...(password && { password }),
    ...(database && { database }),
    ...(tls !== undefined && { tls }),
  })
}

/** `host`, `host:port` or `[address]:port`, split into host and port. */
export function readEndpoint(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain = '', port = standardPort.postgresql] =
    /^(?:\[(.*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text) ?? []
  return { host: bracketed ?? plain, port: Number(port) }
}

export function isEndpoint(text: string): boolean {
  const { host, port } = readEndpoint(text)
  return (parseDomain(host) !== undefined || isIP(host) !== 0) && port >= 1 && port <= 65_535
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
