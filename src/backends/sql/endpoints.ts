import type { BackendContext, SourceFiles } from '../backend.ts'
import { readTlsFiles, type TlsFiles } from '../tls-files.ts'
import type { SqlDatabase } from './database.ts'
import { SqlError } from './error.ts'
import { mysql } from './mysql.ts'
import { postgresql } from './postgresql.ts'
import type { SqlSettings } from './settings.ts'
import { sqlite } from './sqlite.ts'
import { readEndpoint } from './url.ts'

/** A server, or a file, that answers the queries. */
export interface SqlEndpoint {
  readonly database: SqlDatabase
  /** Where it is, for messages. */
  readonly address: string
}

/** The npm packages of the databases. Only the one that is needed is loaded. */
export const drivers = {
  postgresql: { name: 'pg', load: () => import('pg') },
  mysql: { name: 'mysql2', load: () => import('mysql2') },
  sqlite: { name: 'libsql', load: () => import('libsql/promise') },
} as const

/** `timeout` in milliseconds, as the drivers expect it. */
export const millisecondsOf = ({ timeout }: SqlSettings): number => Math.round(timeout * 1000)

/** The server in the URL, and its replicas. */
export async function openEndpoints(
  settings: SqlSettings,
  { password, files = {} }: BackendContext,
  packages: typeof drivers,
): Promise<[primary: SqlEndpoint, replicas: SqlEndpoint[]]> {
  const { location, replicas = [] } = settings
  const timeout = millisecondsOf(settings)
  if (location.dialect === 'sqlite') {
    const { default: libsql } = await load(packages.sqlite)
    return [{ database: sqlite(libsql, location.path, timeout), address: location.path }, []]
  }
  const { dialect, socket, ...endpoint } = location
  const server = {
    ...endpoint,
    ...(password !== undefined && { password }),
    tls: settings.tls && tlsOf(files),
    // Each can be tried within the timeout.
    timeout: Math.ceil(timeout / (replicas.length + 1)),
  }
  const primary = { ...server, ...(socket !== undefined && { socket }) }
  const address = socket ?? `${server.host}:${server.port}`
  if (dialect === 'mysql') {
    return [{ database: mysql(await load(packages.mysql), primary), address }, []]
  }
  const pg = await load(packages.postgresql)
  return [
    { database: postgresql(pg, primary), address },
    replicas.map((replica) => {
      const { host, port } = readEndpoint(replica)
      return { database: postgresql(pg, { ...server, host, port }), address: `${host}:${port}` }
    }),
  ]
}

function tlsOf(files: SourceFiles): TlsFiles {
  const read = readTlsFiles(files)
  if (!read.ok) throw new SqlError(read.error)
  return read.value
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
