/** Keys and indexes that lead to a part of the configuration. */
export type Path = readonly (string | number)[]

/** `hosts.mx1.servers[0].port`, `domains["example.org"]`. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`
      if (!/^[A-Za-z0-9_-]+$/.test(step)) return `["${step}"]`
      return index === 0 ? step : `.${step}`
    })
    .join('')
}

/**
 * For each list from which invalid entries were removed, by its formatted path: the indexes in the file of the entries that
 * remain.
 */
export type KeptEntries = ReadonlyMap<string, readonly number[]>

/** A path whose indexes count only the entries that remain -> the path whose indexes count all entries in the file. */
export function pathInFile(path: Path, kept: KeptEntries): Path {
  if (kept.size === 0) return path
  const inFile: (string | number)[] = []
  for (const step of path) {
    const indexes = typeof step === 'number' ? kept.get(formatPath(inFile)) : undefined
    inFile.push(indexes?.[Number(step)] ?? step)
  }
  return inFile
}
