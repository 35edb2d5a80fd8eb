import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/** A directory with a short name: the path of a unix socket has at most 107 bytes. */
export function socketDirectory(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'sockets-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  return directory
}
