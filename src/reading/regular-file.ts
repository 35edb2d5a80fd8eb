import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { failure, success } from '../model/result.ts'
import type { FileRead } from './file-source.ts'
import { describe, fingerprint } from './fingerprint.ts'
import { readFailure } from './read-failure.ts'
import { tooLarge } from './size-limits.ts'

/** Opening a pipe must not wait for a program that writes to it. */
const flags = constants.O_RDONLY | constants.O_NONBLOCK

/**
 * The bytes of a regular file at one moment. A file that changes while it is read is read again, up to `tries` times; after that,
 * its fingerprint will differ and the caller will read it again later. Pipes and devices are not read, since they may never end,
 * nor are files with more bytes than the limit. Never rejects.
 */
export async function readRegularFile(file: string, limit: number, tries = 5): Promise<FileRead> {
  try {
    const found = await stat(file)
    // A pipe is not even opened, since the program that writes to it would notice.
    const read = whyNotRead(found, limit) ?? (await readOnce(file, limit))
    if (typeof read === 'string') return { fingerprint: describe(found), content: failure(read) }
    const { bytes, before, after } = read
    if (before === after || tries === 1) return { fingerprint: before, content: success(bytes) }
  } catch (error) {
    const reason = readFailure(error as NodeJS.ErrnoException)
    return { fingerprint: await fingerprint(file), content: failure(reason) }
  }
  return readRegularFile(file, limit, tries - 1)
}

function whyNotRead(stats: Stats, limit: number): string | undefined {
  if (stats.isDirectory()) return readFailure({ code: 'EISDIR' })
  if (!stats.isFile()) return 'it is not a regular file (a pipe, a device or a socket is not read)'
  return stats.size > limit ? tooLarge(stats.size, limit) : undefined
}

interface OnceRead {
  readonly bytes: Uint8Array
  /** The fingerprint before and after reading. */
  readonly before: string
  readonly after: string
}

async function readOnce(file: string, limit: number): Promise<OnceRead | string> {
  const handle = await open(file, flags)
  try {
    const stats = await handle.stat()
    // The file may have been replaced meanwhile.
    const bytes = whyNotRead(stats, limit) ?? (await readToEnd(handle, stats.size, limit))
    if (typeof bytes === 'string') return bytes
    return { bytes, before: describe(stats), after: describe(await handle.stat()) }
  } finally {
    await handle.close()
  }
}

/** The size is only an estimate: the file may grow meanwhile, and files of the kernel have size 0. */
async function readToEnd(handle: FileHandle, size: number, limit: number): Promise<Uint8Array | string> {
  let bytes = new Uint8Array(size + 1)
  let length = 0
  for (;;) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length)
    length += bytesRead
    if (bytesRead === 0) return bytes.subarray(0, length)
    if (length > limit) return tooLarge(length, limit)
    if (length === bytes.length) bytes = grown(bytes)
  }
}

function grown(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(2 * bytes.length + leastRead)
  more.set(bytes)
  return more
}

/** In bytes. */
const leastRead = 4096
