/**
 * Postfix-style text maps: `key<white space>value`, one entry a line, `#` comments, LF or CRLF
 * (postmap(1), "TABLE FORMAT"; the value as transport(5) has it).
 */

const tab = 0x09
const lineFeed = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const hash = 0x23

export interface MapVisitor {
  /** A key in `bytes[keyStart, keyEnd)` and its value in `bytes[valueStart, valueEnd)`, neither of them empty. */
  entry(keyStart: number, keyEnd: number, valueStart: number, valueEnd: number, line: number): void
  /** A key without a value. */
  lonely(keyStart: number, keyEnd: number, line: number): void
  /** A line that begins with white space: Postfix joins it to the line before, where a host has no second part. */
  continued(start: number, end: number, line: number): void
}

const isBlank = (code: number | undefined): boolean =>
  code === space || code === tab || code === carriageReturn

/** Takes a map apart in one pass over its bytes, without a string for any of them. */
export function scanMap(bytes: Uint8Array, visitor: MapVisitor): void {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  let line = 0
  for (let start = hasMark ? 3 : 0, end: number; start < bytes.length; start = end + 1) {
    line++
    end = bytes.indexOf(lineFeed, start)
    if (end === -1) end = bytes.length
    let keyStart = start
    while (keyStart < end && isBlank(bytes[keyStart])) keyStart++
    if (keyStart === end || bytes[keyStart] === hash) continue
    if (keyStart > start) {
      visitor.continued(keyStart, end, line)
      continue
    }
    let keyEnd = keyStart
    while (keyEnd < end && !isBlank(bytes[keyEnd])) keyEnd++
    let valueStart = keyEnd
    while (valueStart < end && isBlank(bytes[valueStart])) valueStart++
    let valueEnd = valueStart
    // A comment behind the value is not Postfix's, but is what people write.
    while (valueEnd < end && !(bytes[valueEnd] === hash && isBlank(bytes[valueEnd - 1]))) valueEnd++
    while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1])) valueEnd--
    if (valueEnd === valueStart) visitor.lonely(keyStart, keyEnd, line)
    else visitor.entry(keyStart, keyEnd, valueStart, valueEnd, line)
  }
}

/** What a value names: one of our hosts by key or name, or the next hop of a Postfix transport. */
export type MapValue = { readonly host: string } | { readonly nextHops: readonly string[] }

/**
 * `maximusconfessor`, `maximusconfessor.all2all.org`, `smtp:[maximusconfessor.all2all.org]:25`,
 * `lmtp:inet:maximusconfessor.all2all.org:24`, `relay:a.example.org,b.example.org` -> the names in it.
 */
export function readMapValue(value: string): MapValue {
  const colon = value.indexOf(':')
  if (colon === -1) return { host: value }
  const nextHops = value
    .slice(colon + 1)
    .split(',')
    .map((hop) => hop.trim().replace(/^inet:/i, ''))
    .map((hop) => /^\[([^\]]*)\]/.exec(hop)?.[1] ?? hop.replace(/:[^:]*$/, ''))
    .filter((hop) => hop !== '')
  return { nextHops }
}
