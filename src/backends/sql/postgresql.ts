import type * as Pg from 'pg'
import type { ErrorTexts } from '../driver-errors.ts'
import { keepAliveDelay } from '../keep-alive.ts'
import type { SqlConnection, SqlDatabase, SqlServer } from './database.ts'
import { SqlError } from './error.ts'

/** PostgreSQL 12 and later, with the driver `pg`. */
export function postgresql({ Client }: typeof Pg, server: SqlServer): SqlDatabase {
  const { socket, timeout, tls } = server
  const settings: Pg.ClientConfig = {
    host: socket ?? server.host,
    port: server.port,
    user: server.user,
    password: server.password,
    database: server.database,
    ssl: tls && { ...tls, rejectUnauthorized: true },
    application_name: 'mail-autoconfig',
    connectionTimeoutMillis: timeout,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelay,
  }
  return {
    errorTexts,
    async connect(limit) {
      const client = new Client({ ...settings, ...(limit && { statement_timeout: limit }) })
      let usable = true
      const markUnusable = () => {
        usable = false
      }
      client.on('error', markUnusable).on('end', markUnusable)
      try {
        await client.connect()
      } catch (error) {
        // pg keeps the socket open if it rejects what the server asks for, such as a password.
        destroySocket(client)
        throw error
      }
      return {
        get usable() {
          return usable
        },
        async first({ text }, parameter) {
          const { rows } = await client.query<unknown[]>({ text, values: [parameter], rowMode: 'array' })
          return rows[0]?.[0]
        },
        async *rows({ text }) {
          await client.query('BEGIN READ ONLY')
          await client.query(`DECLARE listed NO SCROLL CURSOR FOR ${text}`)
          for (;;) {
            const { rows } = await client.query<unknown[]>({
              text: 'FETCH 1000 FROM listed',
              rowMode: 'array',
            })
            if (rows.length === 0) return
            yield* rows
          }
        },
        close: () => client.end(),
        destroy: () => destroySocket(client),
      } satisfies SqlConnection
    },
    async listen(channel, onNotification) {
      // The query timeout closes the client if there is no answer: otherwise a hung server looks like one that has no
      // notifications.
      const client = new Client({ ...settings, query_timeout: timeout })
      const lost = new AbortController()
      const lose = () => lost.abort(new SqlError('notify: connection lost'))
      client.on('error', lose).on('end', lose)
      client.on('notification', ({ payload }) => onNotification(payload || undefined))
      try {
        await client.connect()
        await refusePooler(client)
        await client.query(`LISTEN ${channel}`)
      } catch (error) {
        destroySocket(client)
        throw error
      }
      return {
        lost: lost.signal,
        // The error of the driver is in its own words, and ends the connection.
        ping: async () => void (await client.query('SELECT 1').catch(lose)),
        destroy: () => destroySocket(client),
      }
    },
  }
}

/**
 * A pooler accepts LISTEN and gives the session to somebody else afterwards. It is recognised because the number of the process
 * that a client gets when it connects is not that of the server's process.
 */
async function refusePooler(client: Pg.Client): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  if (rows[0]?.pid !== (client as unknown as { processID: number }).processID) {
    throw new SqlError(
      'notify: a connection pooler such as PgBouncer loses notifications; name the server itself in url, and the pooler in replicas',
    )
  }
}

/** `client.end()` waits for the server, and for the current query. */
function destroySocket(client: Pg.Client): void {
  ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
}

const rejected = 'the server rejected the user or password'
const shutDown = 'the server is shutting down or starting up'
const ambiguousType = 'the type of $1 is ambiguous; add a cast, such as $1::text'

/** https://www.postgresql.org/docs/current/errcodes-appendix.html, and the messages of pg. */
const errorTexts: ErrorTexts = {
  codes: {
    '28000': rejected,
    '28P01': rejected,
    '3D000': 'there is no such database',
    '3F000': 'there is no such schema',
    '42P01': 'there is no such table',
    '42703': 'there is no such column',
    '42601': 'the query has a syntax error',
    '42883': 'there is no such function or operator for these types',
    '42501': 'the user has no permission to read this',
    '42P08': ambiguousType,
    '42P18': ambiguousType,
    '53300': 'the server has too many connections',
    '57014': 'the query took too long',
    '57P01': shutDown,
    '57P02': shutDown,
    '57P03': shutDown,
    '25006': 'a standby server does not support LISTEN; use the primary server',
  },
  messages: [
    [/^(SASL|SCRAM)/, 'the server requires a password; set passwordFile'],
    [/does not support SSL/, 'the server does not support TLS'],
    [/^timeout expired|^Query read timeout/, 'no response'],
    [/^Connection terminated/, 'connection lost'],
  ],
}
