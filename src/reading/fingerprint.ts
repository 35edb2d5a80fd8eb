import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'

/** Changes when the file is written, replaced, or reached through another link; `absent` if there is no file. */
export async function fingerprint(file: string): Promise<string> {
  return stat(file).then(describe, () => absent)
}

export const absent = 'absent'

/** Contains the time of the last change of the inode: a program can set the time of the last write, but not this one. */
export const describe = ({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string =>
  `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`
