import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The ways in which others can use a file, worst first: the bits of its mode, and those that each directory above needs. */
const exposures = [
  { file: 0o002, directory: 0o001, text: 'every user of this machine can change it' },
  { file: 0o020, directory: 0o011, text: 'every member of its group can change it' },
  { file: 0o004, directory: 0o001, text: 'every user of this machine can read it' },
] as const

/**
 * Says how others can use a file that contains a secret. Returns `undefined` if only its owner and the readers of its group can, if
 * files have no modes on this platform, or if the file has just been removed.
 */
export async function exposureOf(file: string, platform = process.platform): Promise<string | undefined> {
  if (platform === 'win32') return undefined
  const modes = await realpath(file)
    .then(modesOf)
    .catch(() => undefined)
  if (!modes) return undefined
  const [mode, ...directories] = modes
  const found = exposures.find(
    (one) => (mode & one.file) !== 0 && directories.every((directory) => (directory & one.directory) !== 0),
  )
  return found && `has mode ${(mode & 0o777).toString(8).padStart(4, '0')}, so ${found.text}`
}

/** The mode of a file, and of each directory above it. */
async function modesOf(path: string): Promise<[number, ...number[]]> {
  const { mode } = await stat(path)
  const above = dirname(path)
  return above === path ? [mode] : [mode, ...(await modesOf(above))]
}
