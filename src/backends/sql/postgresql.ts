import { setTimeout as sleep } from 'node:timers/promises'
import type * as Pg from 'pg'
import type { SqlConnection, SqlDatabase, SqlServer } from './database.ts'
import type { Meanings } from './failure.ts'

/** PostgreSQL, 12 and later, by `pg`. */
export function postgresql({ Client }: typeof Pg, server: SqlServer): SqlDatabase {
  const { socket, timeout, tls } = server
  const settings: Pg.ClientConfig = {
    host: socket ?? server.host,
    port: server.port,
    user: server.user,
    password: server.password,
    database: server.database,
    ssl: tls && { rejectUnauthorized: true },
    application_name: 'mail-autoconfig',
    connectionTimeoutMillis: timeout,
    keepAlive: true,
  }
  return {
    meanings,
    async connect(limit) {
      const client = new Client({ ...settings, ...(limit && { statement_timeout: limit }) })
      let usable = true
      const lose = () => {
        usable = false
      }
      client.on('error', lose).on('end', lose)
      await client.connect()
      return {
        get usable() {
          return usable
        },
        async first({ text, parameters }, parameter) {
          const values = parameters > 0 ? [parameter] : []
          const { rows } = await client.query<unknown[]>({ text, values, rowMode: 'array' })
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
        destroy: () => cut(client),
      } satisfies SqlConnection
    },
    listen(channel, onChange) {
      const closing = new AbortController()
      // A query that is not answered ends the client, or it would take a server that hangs for one that has nothing to say.
      const listening = listenUntil(closing.signal, channel, onChange, () => {
        return new Client({ ...settings, query_timeout: timeout })
      })
      return {
        close: () => {
          closing.abort()
          return listening
        },
      }
    },
  }
}

/** A farewell would wait for the server; pg ends what is under way only if it looks at it. */
function cut(client: Pg.Client): void {
  ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
}

/** How long it rests before it connects again, in milliseconds; twice as long each time. */
const rest = { first: 250, longest: 30_000 } as const

/** A client of its own, which is connected again as often as it is lost. */
async function listenUntil(
  closing: AbortSignal,
  channel: string,
  onChange: (payload?: string) => void,
  newClient: () => Pg.Client,
): Promise<void> {
  for (let wait: number = rest.first; !closing.aborted; wait = Math.min(2 * wait, rest.longest)) {
    const client = newClient()
    const leave = () => cut(client)
    closing.addEventListener('abort', leave)
    try {
      const gone = new Promise<void>((resolve) => {
        client.on('error', () => resolve()).on('end', resolve)
      })
      client.on('notification', ({ payload }) => onChange(payload || undefined))
      await client.connect()
      await client.query(`LISTEN ${channel}`)
      wait = rest.first
      // What was said before was said while nobody listened.
      onChange()
      await gone
    } catch {
      // `check` tells of it; here it is tried again.
    }
    closing.removeEventListener('abort', leave)
    leave()
    await sleep(wait, undefined, { signal: closing, ref: false }).catch(() => {})
  }
}

const notAllowed = 'the user or the password is refused'
const shutDown = 'the server is being shut down or started'
const type = 'the type of $1 is not clear; say which, as in $1::text'

/** https://www.postgresql.org/docs/current/errcodes-appendix.html, and the words of pg. */
const meanings: Meanings = {
  codes: {
    '28000': notAllowed,
    '28P01': notAllowed,
    '3D000': 'there is no such database',
    '3F000': 'there is no such schema',
    '42P01': 'there is no such table',
    '42703': 'there is no such column',
    '42601': 'the query has a fault',
    '42883': 'there is no such function, or none between these types',
    '42501': 'the user has no right to read this',
    '42P08': type,
    '42P18': type,
    '53300': 'the server has too many connections',
    '57014': 'the query takes too long',
    '57P01': shutDown,
    '57P02': shutDown,
    '57P03': shutDown,
    '25006': 'this server is a standby, where nobody can listen',
  },
  words: [
    [/^(SASL|SCRAM)/, 'the server wants a password; passwordFile says where it stands'],
    [/does not support SSL/, 'the server has no TLS'],
    [/^timeout expired|^Query read timeout/, 'it does not answer'],
    [/^Connection terminated/, 'the connection was cut'],
  ],
}
