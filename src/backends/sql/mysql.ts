import { connect as connectSocket } from 'node:net'
import type * as Mysql from 'mysql2'
import { type ErrorTexts, invalidCertificate } from '../driver-errors.ts'
import { keepAliveDelay } from '../keep-alive.ts'
import type { SqlConnection, SqlDatabase, SqlServer } from './database.ts'

/** MySQL and MariaDB, with the driver `mysql2`. */
export function mysql({ createConnection }: typeof Mysql, server: SqlServer): SqlDatabase {
  const { host, port, user, password, database, tls, timeout } = server
  return {
    errorTexts,
    async connect(limit) {
      // mysql2 waits for a hung server when closing, and keeps the socket open after a rejected login. So the socket is
      // created and closed here.
      const socket = server.socket === undefined ? connectSocket(port, host) : connectSocket(server.socket)
      socket.setNoDelay(true).setKeepAlive(true, keepAliveDelay)
      const callbacks = createConnection({
        stream: socket,
        host,
        ...(user !== undefined && { user }),
        ...(password !== undefined && { password }),
        ...(database !== undefined && { database }),
        // Without `verifyIdentity`, mysql2 accepts a certificate for any name.
        ...(tls && { ssl: { ...tls, rejectUnauthorized: true, verifyIdentity: true } }),
        connectTimeout: timeout,
      })
      let usable = true
      const markUnusable = () => {
        usable = false
      }
      callbacks.on('error', markUnusable)
      callbacks.on('end', markUnusable)
      const connection = callbacks.promise()
      try {
        await connection.connect()
        if (limit) await connection.query(timeLimit(limit))
      } catch (error) {
        socket.destroy()
        throw error
      }
      return {
        get usable() {
          return usable
        },
        async first({ text, parameters }, parameter) {
          const values = Array(parameters).fill(parameter)
          const [rows] = await connection.execute<Mysql.RowDataPacket[][]>({
            sql: text,
            values,
            rowsAsArray: true,
          })
          return rows[0]?.[0]
        },
        async *rows({ text }) {
          yield* callbacks.query({ sql: text, rowsAsArray: true }).stream()
        },
        close: () => connection.end(),
        destroy: () => {
          connection.destroy()
          socket.destroy()
        },
      } satisfies SqlConnection
    },
  }
}

/** One statement for both servers: only MariaDB runs the first comment, only MySQL (5.7.8 and later) the second. */
const timeLimit = (milliseconds: number): string =>
  `SET /*M!100101 max_statement_time=${milliseconds / 1000} *//*!50708 max_execution_time=${milliseconds} */`

const noDatabase = 'there is no such database'
const rejected = 'the server rejected the user or password'
const noPermission = 'the user has no permission to read this'
const tooLong = 'the query took too long'
const tooMany = 'the server has too many connections'

/** https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html, and the codes of mysql2. */
const errorTexts: ErrorTexts = {
  codes: {
    ER_ACCESS_DENIED_ERROR: rejected,
    ER_ACCESS_DENIED_NO_PASSWORD_ERROR: rejected,
    ER_DBACCESS_DENIED_ERROR: 'the user has no permission to use this database',
    ER_BAD_DB_ERROR: noDatabase,
    ER_NO_DB_ERROR: noDatabase,
    ER_NO_SUCH_TABLE: 'there is no such table',
    ER_BAD_FIELD_ERROR: 'there is no such column',
    ER_PARSE_ERROR: 'the query has a syntax error',
    ER_TABLEACCESS_DENIED_ERROR: noPermission,
    ER_COLUMNACCESS_DENIED_ERROR: noPermission,
    ER_QUERY_TIMEOUT: tooLong,
    ER_STATEMENT_TIMEOUT: tooLong,
    ER_CON_COUNT_ERROR: tooMany,
    ER_USER_LIMIT_REACHED: tooMany,
    HANDSHAKE_SSL_ERROR: 'the TLS handshake failed',
    HANDSHAKE_NO_SSL_SUPPORT: 'the server does not support TLS',
    PROTOCOL_CONNECTION_LOST: 'connection lost',
  },
  // mysql2 has one code for all TLS errors.
  messages: [
    [/^(unable to (verify|get)|self[- ]signed|certificate has expired|Hostname\/IP)/, invalidCertificate],
  ],
}
