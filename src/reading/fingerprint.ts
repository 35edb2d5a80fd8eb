import type { Stats } from 'node:fs'
import { open, stat } from 'node:fs/promises'

/** Differs whenever a file was written, replaced, or reached through another link; `absent` where there is none. */
export async function fingerprint(file: string): Promise<string> {
  return stat(file).then(describe, () => 'absent')
}

const describe = ({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string =>
  `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`

/**
 * The bytes of a file as they stood at one moment. A file that is being written is read again, until it holds still;
 * after so many tries what is there is taken, and the next look at its fingerprint brings the rest.
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
