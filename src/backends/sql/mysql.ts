import { connect as connectSocket } from 'node:net'
import type * as Mysql from 'mysql2'
import type { SqlConnection, SqlDatabase, SqlServer } from './database.ts'
import type { Meanings } from './failure.ts'

/** MySQL and MariaDB, by `mysql2`. */
export function mysql({ createConnection }: typeof Mysql, server: SqlServer): SqlDatabase {
  const { host, port, user, password, database, tls, timeout } = server
  return {
    meanings,
    async connect(limit) {
      // mysql2 takes leave of a server that hangs, and waits; and one that refuses, it leaves connected.
      const socket = server.socket === undefined ? connectSocket(port, host) : connectSocket(server.socket)
      socket.setNoDelay(true).setKeepAlive(true)
      const callbacks = createConnection({
        stream: socket,
        host,
        ...(user !== undefined && { user }),
        ...(password !== undefined && { password }),
        ...(database !== undefined && { database }),
        // Unless it is told to, it verifies the certificate for whatever name.
        ...(tls && { ssl: { rejectUnauthorized: true, verifyIdentity: true } }),
        connectTimeout: timeout,
      })
      let usable = true
      const lose = () => {
        usable = false
      }
      callbacks.on('error', lose)
      callbacks.on('end', lose)
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

/** One statement for both: the first comment is read by MariaDB alone, the second by MySQL from 5.7.8 on. */
const timeLimit = (milliseconds: number): string =>
  `SET /*M!100101 max_statement_time=${milliseconds / 1000} *//*!50708 max_execution_time=${milliseconds} */`

const noDatabase = 'there is no such database'
const notAllowed = 'the user or the password is refused'
const noRight = 'the user has no right to read this'
const tooLong = 'the query takes too long'
const tooMany = 'the server has too many connections'

/** https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html, and the codes of mysql2. */
const meanings: Meanings = {
  codes: {
    ER_ACCESS_DENIED_ERROR: notAllowed,
    ER_ACCESS_DENIED_NO_PASSWORD_ERROR: notAllowed,
    ER_DBACCESS_DENIED_ERROR: 'the user has no right to use this database',
    ER_BAD_DB_ERROR: noDatabase,
    ER_NO_DB_ERROR: noDatabase,
    ER_NO_SUCH_TABLE: 'there is no such table',
    ER_BAD_FIELD_ERROR: 'there is no such column',
    ER_PARSE_ERROR: 'the query has a fault',
    ER_TABLEACCESS_DENIED_ERROR: noRight,
    ER_COLUMNACCESS_DENIED_ERROR: noRight,
    ER_QUERY_TIMEOUT: tooLong,
    ER_STATEMENT_TIMEOUT: tooLong,
    ER_CON_COUNT_ERROR: tooMany,
    ER_USER_LIMIT_REACHED: tooMany,
    HANDSHAKE_SSL_ERROR: 'TLS does not come about',
    HANDSHAKE_NO_SSL_SUPPORT: 'the server has no TLS',
    PROTOCOL_CONNECTION_LOST: 'the connection was cut',
  },
  // mysql2 has one code for all that goes wrong with TLS.
  words: [
    [
      /^(unable to (verify|get)|self[- ]signed|certificate has expired|Hostname\/IP)/,
      'the certificate of the server does not verify',
    ],
  ],
}
