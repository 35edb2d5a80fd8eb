import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, copyFile, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fingerprint as onDisk } from '../../reading/fingerprint.ts'
import type { SavedFile } from './manifest.ts'

/** The mode of a copy: some files contain secrets. */
export const privateMode = 0o600

/**
 * Copies a file into a directory, where only the user of the process can read it. Returns `undefined` if the file no longer has the
 * fingerprint. File systems that can share blocks copy nothing.
 */
export async function copyToDirectory(
  file: string,
  fingerprint: string,
  directory: string,
  fingerprintOf = onDisk,
): Promise<SavedFile | undefined> {
  const copy = createHash('sha256').update(`${file}\0${fingerprint}`).digest('hex').slice(0, 32)
  const target = join(directory, copy)
  const temporary = `${target}.new`
  if ((await fingerprintOf(file)) !== fingerprint) return undefined
  await copyFile(file, temporary, constants.COPYFILE_FICLONE)
  await chmod(temporary, privateMode)
  await flush(temporary)
  if ((await fingerprintOf(file)) !== fingerprint) {
    await rm(temporary)
    return undefined
  }
  await rename(temporary, target)
  return { file, fingerprint, copy, size: (await stat(target)).size }
}

/** Waits until a file or a directory is on the disk, so that it survives a power failure. */
export async function flush(file: string): Promise<void> {
  const handle = await open(file)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
