import { parseDomain } from '../model/address.ts'
import { isOneLine } from '../model/one-line.ts'
import { scanMap } from '../reading/postfix-map.ts'
import { parseTargets, type Target } from './target.ts'

/** A line of a virtual alias map: an address and its targets. */
export interface VirtualAlias {
  /** Lower case; empty for every other address of the domain (`@domain`). */
  readonly localPart: string
  /** Lower-case A-labels. */
  readonly domain: string
  /** As written. */
  readonly value: string
  /** One for a mailbox or an alias, several for a list. */
  readonly targets: readonly Target[]
  readonly line: number
}

/**
 * Reads a virtual alias map of Postfix (virtual(5)). `warn` is called for lines that are ignored: a name without a domain is
 * valid for the domains of Postfix itself, which are unknown here. A domain alone only declares the domain to Postfix.
 */
export function readVirtualMap(
  bytes: Uint8Array,
  warn: (line: number, message: string) => void,
): VirtualAlias[] {
  const lines: { key: string; value: string; line: number }[] = []
  const text = (start: number, end: number): string => new TextDecoder().decode(bytes.subarray(start, end))
  scanMap(bytes, {
    entry: (keyStart, keyEnd, valueStart, valueEnd, line) =>
      lines.push({ key: text(keyStart, keyEnd), value: text(valueStart, valueEnd), line }),
    keyOnly: (start, end, line) => lines.push({ key: text(start, end), value: '', line }),
    joined: (keyStart, keyEnd, value, line) => lines.push({ key: text(keyStart, keyEnd), value, line }),
    orphan: (_start, _end, line) => warn(line, 'ignored: begins with white space, but continues no line'),
  })
  return lines.flatMap(({ key, value, line }) => {
    const name = splitAddress(key)
    const targets = name ? parseTargets(value) : []
    if (name && targets.length > 0) return [{ ...name, value, targets, line }]
    if (name) warn(line, 'ignored: no target after the address')
    else if (!parseDomain(key)?.includes('.')) warn(line, 'ignored: not an address with a domain')
    return []
  })
}

/** `Info@Example.ORG` or `@example.org` -> its parts in lower case; `undefined` for anything else. */
export function splitAddress(text: string): { localPart: string; domain: string } | undefined {
  const at = text.lastIndexOf('@')
  const domain = at === -1 ? undefined : parseDomain(text.slice(at + 1))
  const localPart = text.slice(0, Math.max(0, at)).toLowerCase()
  return domain && isOneLine(localPart) && !localPart.includes('\ufffd') ? { localPart, domain } : undefined
}
