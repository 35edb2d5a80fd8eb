import { isIP } from 'node:net'
import { parseDomain } from '../model/address.ts'

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

/** The same for people. A key that may be anything, such as an address or a password, is not shown: `accounts.map["…"]`. */
export const shownPath = (path: Path): string =>
  formatPath(path.map((step) => (typeof step === 'number' || isShown(step) ? step : '…')))

/** Can a message repeat the key? It can if the key is a word, a domain, a wildcard, or a next hop that is no host name. */
export function isShown(key: string): boolean {
  if (key.length > longestName) return false
  if (/^[A-Za-z0-9_-]+$/.test(key) || key === '*' || /^[a-z]*:$/.test(key)) return true
  return parseDomain(key.replace(/^\*?\./, '')) !== undefined || isIP(key.replace(/^\[|\]$/g, '')) !== 0
}

/** No domain is longer (RFC 1035, section 2.3.4). */
const longestName = 253

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
