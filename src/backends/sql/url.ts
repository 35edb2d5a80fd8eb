import type { SqlServer } from './database.ts'
import type { Dialect } from './query.ts'

/** Where a database is, as a URL says it. */
export type SqlPlace =
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

/** `require` does not verify with libpq; here whatever is encrypted is verified as well. */
const sslModes = new Map([
  ['disable', false],
  ['require', true],
  ['verify-full', true],
])

const standardPort = { postgresql: 5432, mysql: 3306 } as const

/** What may stand behind the question mark; the socket is called as `libpq` and MySQL's own programs call it. */
const socketKey = { postgresql: 'host', mysql: 'socket' } as const

/** -> where the database is, or what is wrong with the URL, without a word of it, since a password may be in it. */
export function readSqlUrl(text: string): SqlPlace | string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const dialect = url && dialects[url.protocol]
  if (!url || !dialect) {
    return 'must be a URL such as postgres://user@localhost/mail, mysql://user@localhost/mail or sqlite:/var/lib/mail.db'
  }
  if (dialect === 'sqlite') {
    const path = decode(url.pathname)
    if (url.host || url.search || url.hash || !path?.startsWith('/') || path.includes('\0')) {
      return 'must be sqlite: and the path of a file from the root, such as sqlite:/var/lib/mail.db'
    }
    return { dialect, path }
  }
  const options = new Map(url.searchParams)
  const socket = options.get(socketKey[dialect])
  const sslMode = options.get('sslmode')
  const tls = sslMode === undefined ? undefined : sslModes.get(sslMode)
  if (sslMode !== undefined && tls === undefined) {
    return `may say sslmode=${[...sslModes.keys()].join(', ')}; no other is certain`
  }
  if (socket !== undefined && !socket.startsWith('/'))
    return `may say ${socketKey[dialect]}= and a path from the root`
  for (const key of options.keys()) {
    if (key !== 'sslmode' && key !== socketKey[dialect]) {
      return `may say sslmode and ${socketKey[dialect]} behind the question mark, nothing else`
    }
  }
  const parts = [url.hostname, url.username, url.password, url.pathname.slice(1)].map(decode)
  if (parts.includes(undefined)) return 'has a % that must be written as %25'
  const [host = '', user, password, database] = parts
  return {
    dialect,
    host: host.replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: Number(url.port) || standardPort[dialect],
    ...(socket !== undefined && { socket }),
    ...(user && { user }),
    ...(password && { password }),
    ...(database && { database }),
    ...(tls !== undefined && { tls }),
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
