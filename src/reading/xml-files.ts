import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The files of an ISPDB in a folder, sorted by name. Rejects as `fs.readdir` does. */
export async function xmlFilesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder)
  const names = entries.filter((name) => name.endsWith('.xml') && !name.startsWith('.'))
  return names.sort().map((name) => join(folder, name))
}
