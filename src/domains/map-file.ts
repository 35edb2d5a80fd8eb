import { spellingOf } from '../model/address.ts'
import { readMapValue, scanMap } from '../reading/postfix-map.ts'
import { type DomainMap, howToWriteDomains, parsePattern } from './domain-map.ts'
import type { Reading } from './source.ts'

/** How many faults and warnings of one file are told one by one; of the rest, the number. */
const told = { errors: 100, warnings: 5 } as const

/** What comes of a value of the map; found once for each, since thousands of lines may have the same. */
type Outcome =
  | { readonly rule: number }
  | { readonly fault: string }
  | { readonly warning: string }
  | { readonly hostIsFaulty: true }

/** Adds the domains of one of the `domainFiles:`. What is said twice of a line is said of the first such line. */
export function addMapFile(
  map: DomainMap,
  file: string,
  bytes: Uint8Array,
  reading: Pick<Reading, 'hosts' | 'fault' | 'warn'>,
): void {
  const { hosts } = reading
  const at = (line: number, message: string) => ({ file, line, column: 1, path: '', message })
  const errors: number[] = []
  const warnings: number[] = []
  function fault(line: number, message: string): void {
    if (errors.push(line) <= told.errors) reading.fault(at(line, message))
  }
  function warn(line: number, message: string): void {
    if (warnings.push(line) <= told.warnings) reading.warn(at(line, message))
  }

  const outcomes = new Map<string, Outcome>()

  /** The rule of a value; `undefined` where the line gives nothing to serve, which is then said. */
  function ruleFor(value: string, line: number): number | undefined {
    const outcome = outcomes.get(value) ?? outcomeOf(value)
    outcomes.set(value, outcome)
    if ('fault' in outcome) fault(line, outcome.fault)
    if ('warning' in outcome) warn(line, outcome.warning)
    return 'rule' in outcome ? outcome.rule : undefined
  }

  function outcomeOf(value: string): Outcome {
    const clientConfig = hosts.meantBy(value)
    if (clientConfig) return { rule: map.addRule(clientConfig, file) }
    const read = readMapValue(value)
    const names = 'host' in read ? [read.host] : read.nextHops
    if (names.some((name) => hosts.isFaulty(name))) return { hostIsFaulty: true }
    const didYouMean = hosts.didYouMean(names[0] ?? '')
    if ('host' in read) return { fault: `there is no host "${shorten(read.host)}"${didYouMean}` }
    return { warning: `"${shorten(value)}" leads to none of our hosts; not served${didYouMean}` }
  }

  /** A key that is not plainly a domain: in capitals or other scripts, a wildcard, an address, or nothing of it. */
  function addKey(key: string, rule: number, line: number): void {
    const pattern = parsePattern(key)
    if (pattern !== undefined) {
      const conflict = map.add(pattern, rule, line)
      if (conflict) fault(line, `"${shorten(key)}" ${conflict}`)
    } else if (key.includes('@')) {
      warn(line, `"${shorten(key)}" is an address, not a domain; not served`)
    } else fault(line, `"${shorten(key)}" is not a domain; ${howToWriteDomains}`)
  }

  const recent = new RecentValues(bytes)
  const codeAt = (index: number): number => bytes[index] as number
  scanMap(bytes, {
    entry(keyStart, keyEnd, valueStart, valueEnd, line) {
      let rule = recent.get(valueStart, valueEnd)
      if (rule === undefined) {
        rule = ruleFor(decode(bytes, valueStart, valueEnd), line)
        if (rule === undefined) return
        recent.set(valueStart, valueEnd, rule)
      }
      if (spellingOf(codeAt, keyStart, keyEnd) === 'plain') {
        const conflict = map.addBytes(bytes, keyStart, keyEnd, rule, line)
        if (conflict) fault(line, `"${decode(bytes, keyStart, keyEnd)}" ${conflict}`)
      } else addKey(decode(bytes, keyStart, keyEnd), rule, line)
    },
    keyOnly(start, end, line) {
      const key = shorten(decode(bytes, start, end))
      fault(line, `"${key}" has no host behind it; a line is a domain, white space, and a host`)
    },
    continued(start, end, line) {
      const text = shorten(decode(bytes, start, end))
      fault(line, `"${text}" begins with white space, which joins it to the line before, as in Postfix`)
    },
  })
  const [firstFault, ...otherFaults] = errors.slice(told.errors)
  if (firstFault !== undefined) reading.fault(at(firstFault, untold('fault', otherFaults)))
  const [firstWarning, ...otherWarnings] = warnings.slice(told.warnings)
  if (firstWarning !== undefined) reading.warn(at(firstWarning, untold('warning', otherWarnings)))
}

const untold = (what: string, others: readonly number[]): string =>
  `one more ${what}, and below it ${others.length}; mend those above first`

const decode = (bytes: Uint8Array, start: number, end: number): string =>
  new TextDecoder().decode(bytes.subarray(start, end))

/** For messages: one line, and not a screenful of it. */
function shorten(text: string): string {
  const visible = text.replace(/\p{Cc}/gu, '\ufffd')
  return visible.length > 80 ? `${visible.slice(0, 79)}…` : visible
}

/** The rules of values met before, found by their bytes: a map of a million lines has a handful of values. */
class RecentValues {
  readonly #bytes: Uint8Array
  readonly #values = new Map<
    number,
    { readonly start: number; readonly end: number; readonly rule: number }
  >()

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get(start: number, end: number): number | undefined {
    const value = this.#values.get(this.#hash(start, end))
    if (value === undefined || value.end - value.start !== end - start) return undefined
    for (let i = 0; i < end - start; i++) {
      if (this.#bytes[start + i] !== this.#bytes[value.start + i]) return undefined
    }
    return value.rule
  }

  /** Of two values with one hash the newer stays; the other is found the long way. */
  set(start: number, end: number, rule: number): void {
    this.#values.set(this.#hash(start, end), { start, end, rule })
  }

  #hash(start: number, end: number): number {
    let hash = 0
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (this.#bytes[i] as number)) | 0
    return hash
  }
}
