/**
 * Postfix text maps: `key<white space>value`, one entry a line, `#` comments, LF or CRLF (postmap(1), "TABLE FORMAT"; for
 * values: transport(5)).
 */

const tab = 0x09
const lineFeed = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const hash = 0x23

export interface MapVisitor {
  /** A key in `bytes[keyStart, keyEnd)` and a value in `bytes[valueStart, valueEnd)`; neither is empty. */
  entry(keyStart: number, keyEnd: number, valueStart: number, valueEnd: number, line: number): void
  /** A key without a value. */
  keyOnly(keyStart: number, keyEnd: number, line: number): void
  /** A line that begins with white space, which Postfix joins to the line above. */
  continued(start: number, end: number, line: number): void
}

const isBlank = (code: number | undefined): boolean =>
  code === space || code === tab || code === carriageReturn

/** Splits a map into entries in one pass over its bytes, without creating strings. */
export function scanMap(bytes: Uint8Array, visitor: MapVisitor): void {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  let line = 0
  for (let start = hasMark ? 3 : 0; start < bytes.length; ) {
    line++
    const keyStart = skipBlanks(bytes, start)
    const keyEnd = skipWord(bytes, keyStart)
    const valueStart = skipBlanks(bytes, keyEnd)
    let valueEnd = valueStart
    let end = valueStart
    // Postfix has no comments after a value, but people write them.
    while (
      end < bytes.length &&
      bytes[end] !== lineFeed &&
      !(bytes[end] === hash && end > keyEnd && isBlank(bytes[end - 1]))
    ) {
      if (!isBlank(bytes[end++])) valueEnd = end
    }
    while (end < bytes.length && bytes[end] !== lineFeed) end++
    if (keyEnd > keyStart && bytes[keyStart] !== hash) {
      if (keyStart > start) visitor.continued(keyStart, Math.max(keyEnd, valueEnd), line)
      else if (valueEnd === valueStart) visitor.keyOnly(keyStart, keyEnd, line)
      else visitor.entry(keyStart, keyEnd, valueStart, valueEnd, line)
    }
    start = end + 1
  }
}

function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && isBlank(bytes[at])) at++
  return at
}

function skipWord(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && !isBlank(bytes[at]) && bytes[at] !== lineFeed) at++
  return at
}

/** A value names a host by its key or host name, or the next hops of a Postfix transport. */
export type MapValue = { readonly host: string } | { readonly nextHops: readonly string[] }

/**
 * `maximusconfessor`, `maximusconfessor.all2all.org`, `smtp:[maximusconfessor.all2all.org]:25`,
 * `lmtp:inet:maximusconfessor.all2all.org:24`, `relay:a.example.org,b.example.org` -> the names that it contains.
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
