import { parseDomain } from '../model/address.ts'
import { isOneLine } from '../model/one-line.ts'
import { scanMap } from '../reading/postfix-map.ts'

/** A line of a virtual alias map: what is asked for, and where it leads. */
export interface VirtualAlias {
  /** `local@domain`, or `@domain` for all else of the domain; both in the one spelling that we compare by. */
  readonly localPart: string
  readonly domain: string
  /** One for a mailbox or another name of it; several for a list. As they are written. */
  readonly targets: readonly string[]
  readonly line: number
}

/**
 * Postfix's virtual alias map (virtual(5)), as it is. What is left out is told: names without a domain, which hold for
 * Postfix's own, that we do not know. A domain alone only tells Postfix that it is one.
 */
export function readVirtualMap(
  bytes: Uint8Array,
  leave: (line: number, message: string) => void,
): VirtualAlias[] {
  const lines: { key: string; value: string; line: number }[] = []
  const text = (start: number, end: number): string => new TextDecoder().decode(bytes.subarray(start, end))
  scanMap(bytes, {
    entry: (keyStart, keyEnd, valueStart, valueEnd, line) =>
      lines.push({ key: text(keyStart, keyEnd), value: text(valueStart, valueEnd), line }),
    keyOnly: (start, end, line) => lines.push({ key: text(start, end), value: '', line }),
    continued(start, end) {
      const last = lines.at(-1)
      if (last) last.value += ` ${text(start, end)}`
    },
  })
  return lines.flatMap(({ key, value, line }) => {
    const name = splitAddress(key)
    const targets = value.split(/[\s,]+/).filter((target) => target !== '')
    if (name && targets.length > 0) return [{ ...name, targets, line }]
    if (name) leave(line, 'is left out: nothing stands behind the address')
    else if (!parseDomain(key)?.includes('.')) leave(line, 'is left out: it is no address with a domain')
    return []
  })
}

/** `Info@Example.ORG` or `@example.org` -> its parts, in small letters; `undefined` for what is neither. */
export function splitAddress(text: string): { localPart: string; domain: string } | undefined {
  const at = text.lastIndexOf('@')
  const domain = at === -1 ? undefined : parseDomain(text.slice(at + 1))
  const localPart = text.slice(0, Math.max(0, at)).toLowerCase()
  return domain && isOneLine(localPart) && !localPart.includes('\ufffd') ? { localPart, domain } : undefined
}
