import { parseDomain, spellingOf } from '../model/address.ts'
import { columnOf, scanMap, textIn } from '../reading/postfix-map.ts'
import { type Pattern, parsePattern } from './pattern.ts'

/**
 * Reads the lines of a map of domains; `serve`, `check` and `drift` use it. `Meaning` is what a value means to the visitor,
 * and is found once for each value, since a million lines have a handful of values.
 */
export interface MapLinesVisitor<Meaning> {
  /**
   * The meaning of a value; of `undefined` if the line has only a domain, or a domain and its user (`example.org: jane` of
   * cPanel).
   */
  meaningOf(value: string | undefined): Meaning
  /**
   * A line for the domain in `bytes[start, end)`, in lower-case A-labels. `offset` is where the value begins, or the key if
   * there is no value.
   */
  domain(start: number, end: number, meaning: Meaning, line: number, offset: number): void
  /** A line for any other pattern: a wildcard, or a domain in another spelling. */
  pattern(pattern: Pattern, meaning: Meaning, line: number, offset: number): void
  /** A line that is not about a domain. */
  ignored(reason: IgnoredReason, line: number, column: number): void
}

export type IgnoredReason = 'address' | 'notDomain' | 'orphan' | 'continued'

/** Returns whether there is any line but comments. */
export function readMapLines<Meaning extends object>(
  bytes: Uint8Array,
  visitor: MapLinesVisitor<Meaning>,
): boolean {
  const meanings = new Map<string | undefined, Meaning>()
  const recent = new RecentValues<Meaning>(bytes)
  const codeAt = (index: number): number => bytes[index] as number

  function meaningOf(value: string | undefined): Meaning {
    const meaning = meanings.get(value) ?? visitor.meaningOf(value)
    meanings.set(value, meaning)
    return meaning
  }

  /** A key that is not a lower-case domain: in upper case or another script, a wildcard, an address, or an invalid key. */
  function readKey(keyStart: number, keyEnd: number, meaning: Meaning, line: number, offset: number): void {
    const key = textIn(bytes, keyStart, keyEnd)
    const pattern = parsePattern(key)
    if (pattern !== undefined) visitor.pattern(pattern, meaning, line, offset)
    else {
      const reason = key.includes('@') ? 'address' : 'notDomain'
      visitor.ignored(reason, line, columnOf(bytes, keyStart))
    }
  }

  function entry(keyStart: number, keyEnd: number, meaning: Meaning, line: number, offset: number): void {
    if (spellingOf(codeAt, keyStart, keyEnd) === 'plain')
      visitor.domain(keyStart, keyEnd, meaning, line, offset)
    else readKey(keyStart, keyEnd, meaning, line, offset)
  }

  /** `example.org: jane`: the value is the user who owns the domain, even if it is spelled like a host. */
  const isPair = (keyEnd: number): boolean => bytes[keyEnd - 1] === colon

  function owned(keyStart: number, keyEnd: number, line: number): void {
    // cPanel's "*: nobody" is not about a domain.
    if (textIn(bytes, keyStart, keyEnd) !== '*:')
      entry(keyStart, keyEnd - 1, meaningOf(undefined), line, keyStart)
  }

  return scanMap(bytes, {
    entry(keyStart, keyEnd, valueStart, valueEnd, line) {
      if (isPair(keyEnd)) return owned(keyStart, keyEnd, line)
      let meaning = recent.get(valueStart, valueEnd)
      if (meaning === undefined) {
        meaning = meaningOf(textIn(bytes, valueStart, valueEnd))
        recent.set(valueStart, valueEnd, meaning)
      }
      return entry(keyStart, keyEnd, meaning, line, valueStart)
    },
    keyOnly(keyStart, keyEnd, line) {
      if (isPair(keyEnd)) owned(keyStart, keyEnd, line)
      else entry(keyStart, keyEnd, meaningOf(undefined), line, keyStart)
    },
    joined(keyStart, keyEnd, value, line, continued) {
      if (isPair(keyEnd)) return owned(keyStart, keyEnd, line)
      const text = textIn(bytes, continued.start, continued.end)
      if (continued.hasValueAbove && isEntry(text))
        visitor.ignored('continued', continued.line, columnOf(bytes, continued.start))
      return entry(keyStart, keyEnd, meaningOf(value), line, continued.start)
    },
    orphan: (start, _end, line) => visitor.ignored('orphan', line, columnOf(bytes, start)),
  })
}

const colon = 0x3a

/** Is the text of a continued line a domain and a value? Then the admin did not mean to continue the line above. */
function isEntry(text: string): boolean {
  const [key = '', ...value] = text.split(/[ \t]+/)
  return value.length > 0 && key.includes('.') && parseDomain(key) !== undefined
}

/** Finds the meanings of earlier values by their bytes. */
class RecentValues<Meaning> {
  readonly #bytes: Uint8Array
  readonly #values = new Map<
    number,
    { readonly start: number; readonly end: number; readonly meaning: Meaning }
  >()

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get(start: number, end: number): Meaning | undefined {
    const value = this.#values.get(this.#hash(start, end))
    if (value === undefined || value.end - value.start !== end - start) return undefined
    for (let i = 0; i < end - start; i++) {
      if (this.#bytes[start + i] !== this.#bytes[value.start + i]) return undefined
    }
    return value.meaning
  }

  /** Of two values with the same hash the newer one is kept; the other is decoded and looked up again. */
  set(start: number, end: number, meaning: Meaning): void {
    this.#values.set(this.#hash(start, end), { start, end, meaning })
  }

  #hash(start: number, end: number): number {
    let hash = 0
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (this.#bytes[i] as number)) | 0
    return hash
  }
}
