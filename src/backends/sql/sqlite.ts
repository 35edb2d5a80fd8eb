import { accessSync, constants, statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type Database from 'libsql/promise'
import type { SqlConnection, SqlDatabase } from './database.ts'
import type { Meanings } from './failure.ts'

/**
 * SQLite, by `libsql`, whose promises compute off the thread that answers. Read only.
 * `timeout`: how long a query waits for one who writes, in milliseconds.
 */
export function sqlite(libsql: typeof Database, path: string, timeout: number): SqlDatabase {
  return {
    meanings,
    async connect() {
      // libsql has one message for all that it cannot open.
      accessSync(path, constants.R_OK)
      const opened = statSync(path)
      const database = new libsql(`${pathToFileURL(path).href}?mode=ro`, { timeout })
      let open = true
      let reading: IterableIterator<unknown[]> = [].values()
      /** Rows that nobody reads would keep others from writing, until libsql forgets them. */
      const finish = (): void => {
        // libsql ends the process if a closed database is interrupted.
        if (open) database.interrupt()
        try {
          for (const _ of reading);
        } catch {
          // Interrupted, as it should be.
        }
      }
      const close = (): void => {
        open = false
        database.close()
      }
      return {
        /** Another file may have been put in its place; if the old one is gone, with the same inode. */
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

/** https://www.sqlite.org/rescode.html, and its words where one code is for much. */
const meanings: Meanings = {
  codes: {
    SQLITE_BUSY: 'another program keeps the file locked',
    SQLITE_CANTOPEN: 'the file cannot be opened',
    SQLITE_CORRUPT: 'the file is damaged',
    SQLITE_INTERRUPT: 'the query takes too long',
    SQLITE_NOTADB: 'the file is no SQLite database',
    SQLITE_READONLY: 'the query would write; it must read only',
  },
  words: [
    [/^no such table/, 'there is no such table'],
    [/^no such column/, 'there is no such column'],
    [/^no such function/, 'there is no such function'],
    [/syntax error|^incomplete input|^unrecognized token/, 'the query has a fault'],
    [/^ConnectionFailed/, 'the file cannot be opened'],
  ],
}
