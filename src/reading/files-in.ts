import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The files in a directory with an extension such as `.xml`, sorted by name. Rejects as `fs.readdir` does. */
export async function filesIn(directory: string, extension: string): Promise<string[]> {
  const entries = await readdir(directory)
  const names = entries.filter((name) => name.endsWith(extension) && !name.startsWith('.'))
  return names.sort().map((name) => join(directory, name))
}
