import { accessSync, constants, statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type Database from 'libsql/promise'
import type { ErrorTexts } from '../driver-errors.ts'
import type { SqlConnection, SqlDatabase } from './database.ts'

/**
 * SQLite, read only, with the driver `libsql`, which runs queries outside the main thread.
 * `timeout`: how long a query waits for a program that writes to the file, in milliseconds.
 */
export function sqlite(libsql: typeof Database, path: string, timeout: number): SqlDatabase {
  return {
    errorTexts,
    async connect() {
      // libsql has one error for every file that it cannot open, so the reason is found out here.
      accessSync(path, constants.R_OK)
      const opened = statSync(path)
      const database = new libsql(`${pathToFileURL(path).href}?mode=ro`, { timeout })
      let open = true
      let reading: IterableIterator<unknown[]> = [].values()
      /** Reads the remaining rows: otherwise the file stays locked for writers until libsql collects the statement. */
      const finish = (): void => {
        // libsql aborts the process if a closed database is interrupted.
        if (open) database.interrupt()
        try {
          for (const _ of reading);
        } catch {
          // The interruption is reported as an error.
        }
      }
      const close = (): void => {
        open = false
        database.close()
      }
      return {
        /**
         * False if another file has replaced this one. The new file may have the inode of the old one, so its birth time
         * counts, too.
         */
        get usable() {
          const now = statSync(path, { throwIfNoEntry: false })
          return (['dev', 'ino', 'birthtimeMs'] as const).every((key) => now?.[key] === opened[key])
        },
        async first({ text }, parameter) {
          reading = await (await database.prepare(text)).raw(true).iterate(parameter)
          const { value } = reading.next()
          finish()
          return value?.[0]
        },
        async *rows({ text }) {
          reading = await (await database.prepare(text)).raw(true).iterate()
          yield* reading
        },
        close: async () => close(),
        destroy: () => {
          finish()
          close()
        },
      } satisfies SqlConnection
    },
  }
}

/** https://www.sqlite.org/rescode.html, and the messages of errors that share a code. */
const errorTexts: ErrorTexts = {
  codes: {
    SQLITE_BUSY: 'the file is locked by another program',
    SQLITE_CANTOPEN: 'the file cannot be opened',
    SQLITE_CORRUPT: 'the file is damaged',
    SQLITE_INTERRUPT: 'the query took too long',
    SQLITE_NOTADB: 'the file is not a SQLite database',
    SQLITE_READONLY: 'the query writes to the database, which is opened read-only',
  },
  messages: [
    [/^no such table/, 'there is no such table'],
    [/^no such column/, 'there is no such column'],
    [/^no such function/, 'there is no such function'],
    [/syntax error|^incomplete input|^unrecognized token/, 'the query has a syntax error'],
    [/^ConnectionFailed/, 'the file cannot be opened'],
  ],
}
