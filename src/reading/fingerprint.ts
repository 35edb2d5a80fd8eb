import type { Stats } from 'node:fs'
import { open, stat } from 'node:fs/promises'

/** Changes when the file is written, replaced, or reached through another link; `absent` if there is no file. */
export async function fingerprint(file: string): Promise<string> {
  return stat(file).then(describe, () => 'absent')
}

const describe = ({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string =>
  `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`

/**
 * The bytes of a file at one moment. A file that changes while it is read is read again, up to `tries` times; after that,
 * its fingerprint will differ and the caller will read it again later.
 * Rejects as `fs.open` and `read` do.
 */
export async function readWhole(
  file: string,
  tries = 5,
): Promise<{ bytes: Uint8Array; fingerprint: string }> {
  const handle = await open(file)
  try {
    const before = describe(await handle.stat())
    const bytes = await handle.readFile()
    if (before === describe(await handle.stat()) || tries === 1) return { bytes, fingerprint: before }
  } finally {
    await handle.close()
  }
  return readWhole(file, tries - 1)
}
