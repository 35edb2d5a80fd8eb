/**
 * Postfix text maps: `key<white space>value`, one entry a line, `#` comments, LF or CRLF (postmap(1), "TABLE FORMAT"; for
 * values: `next-hops.ts`).
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
  /**
   * A key whose value continues on the next lines: Postfix joins a line that begins with white space to the line above.
   * `continued` is the first of these lines, and where its text begins; `firstEnd` is the end of the value on the first line.
   */
  joined(keyStart: number, keyEnd: number, value: string, line: number, continued: ContinuedLine): void
  /** A line that begins with white space, with no line above it to continue. */
  orphan(start: number, end: number, line: number): void
}

export interface ContinuedLine {
  readonly line: number
  readonly start: number
  readonly end: number
  /** Does the line above already have a value? */
  readonly hasValueAbove: boolean
}

const isBlank = (code: number | undefined): boolean =>
  code === space || code === tab || code === carriageReturn

/**
 * Splits a map into entries in one pass over its bytes, without creating strings for entries on one line. Returns
 * whether there are any.
 */
export function scanMap(bytes: Uint8Array, visitor: MapVisitor): boolean {
  /** The entry above, which is complete when the next one begins. */
  let key = -1
  let keyEndAbove = 0
  let valueAbove = 0
  let valueEndAbove = 0
  let lineAbove = 0
  let more: (ContinuedLine & { readonly texts: string[] }) | undefined

  function finish(): void {
    if (key === -1) return
    if (more) visitor.joined(key, keyEndAbove, more.texts.join(' '), lineAbove, more)
    else if (valueEndAbove === valueAbove) visitor.keyOnly(key, keyEndAbove, lineAbove)
    else visitor.entry(key, keyEndAbove, valueAbove, valueEndAbove, lineAbove)
  }

  function join(start: number, end: number, line: number): void {
    const hasValueAbove = valueEndAbove > valueAbove
    more ??= {
      line,
      start,
      end,
      hasValueAbove,
      texts: hasValueAbove ? [textIn(bytes, valueAbove, valueEndAbove)] : [],
    }
    more.texts.push(textIn(bytes, start, end))
  }

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
      if (keyStart === start) {
        finish()
        key = keyStart
        keyEndAbove = keyEnd
        valueAbove = valueStart
        valueEndAbove = valueEnd
        lineAbove = line
        more = undefined
      } else {
        const textEnd = valueEnd > valueStart ? valueEnd : keyEnd
        if (key === -1) visitor.orphan(keyStart, textEnd, line)
        else join(keyStart, textEnd, line)
      }
    }
    start = end + 1
  }
  finish()
  return key !== -1
}

export const textIn = (bytes: Uint8Array, start: number, end: number): string =>
  new TextDecoder().decode(bytes.subarray(start, end))

/** The column of an offset, from 1: a warning names the place of what it does not repeat. */
export function columnOf(bytes: Uint8Array, offset: number): number {
  return textIn(bytes, bytes.lastIndexOf(lineFeed, offset - 1) + 1, offset).length + 1
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
