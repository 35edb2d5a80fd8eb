import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The ISPDB files in a directory, sorted by name. Rejects as `fs.readdir` does. */
export async function xmlFilesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory)
  const names = entries.filter((name) => name.endsWith('.xml') && !name.startsWith('.'))
  return names.sort().map((name) => join(directory, name))
}
