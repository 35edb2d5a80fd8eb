import type { HostNames } from '../hosts/host-names.ts'
import { spellingOf } from '../model/address.ts'
import { readMapValue, scanMap } from '../reading/postfix-map.ts'
import type { Report } from '../reading/report.ts'
import type { DomainMap } from './domain-map.ts'
import { howToWriteDomains, parsePattern } from './pattern.ts'

/** The number of errors and warnings of one file that are listed. The others are only counted. */
const listed = { error: 100, warning: 5 } as const

/** The meaning of a value in the map. It is found once for each value, since thousands of lines may have the same. */
type ValueMeaning =
  | { readonly rule: number }
  | { readonly rule: undefined; readonly error: string }
  | { readonly warning: string }
  /** The value may name a host that is itself invalid, so nothing is reported. */
  | { readonly rule: undefined }

/** Adds the domains of one of the `domainFiles:`. */
export function addMapFile(
  map: DomainMap,
  file: string,
  bytes: Uint8Array,
  hosts: HostNames,
  report: Report,
): void {
  const problems = new Problems(file, report)
  const meanings = new Map<string, ValueMeaning>()

  /** Finds the meaning of a value, and reports what is wrong with it. */
  function readValue(value: string, line: number): ValueMeaning {
    const meaning = meanings.get(value) ?? meaningOf(value)
    meanings.set(value, meaning)
    if ('error' in meaning) problems.error(line, meaning.error)
    if ('warning' in meaning) problems.warn(line, meaning.warning)
    return meaning
  }

  function meaningOf(value: string): ValueMeaning {
    const clientConfig = hosts.meantBy(value)
    if (clientConfig) return { rule: map.addRule(clientConfig, file) }
    const read = readMapValue(value)
    const names = 'host' in read ? [read.host] : read.nextHops
    if (names.some((name) => hosts.mayBeInvalid(name))) return { rule: undefined }
    const didYouMean = hosts.didYouMean(names[0] ?? '')
    if ('host' in read)
      return { rule: undefined, error: `there is no host "${shorten(read.host)}"${didYouMean}` }
    return { warning: `ignored: "${shorten(value)}" does not lead to a configured host${didYouMean}` }
  }

  /** A key that is not a lower-case domain: in upper case or another script, a wildcard, an address, or an invalid key. */
  function addKey(key: string, rule: number | undefined, line: number): void {
    const pattern = parsePattern(key)
    if (pattern !== undefined) {
      const conflict = rule === undefined ? undefined : map.add(pattern, rule, line)
      if (conflict) problems.error(line, `"${shorten(key)}" ${conflict}`)
    } else if (key.includes('@')) {
      problems.warn(line, 'ignored: the key is an address, not a domain')
    } else problems.error(line, `"${shorten(key)}" is not a domain; ${howToWriteDomains}`)
  }

  const recent = new RecentValues(bytes)
  const codeAt = (index: number): number => bytes[index] as number
  scanMap(bytes, {
    entry(keyStart, keyEnd, valueStart, valueEnd, line) {
      let rule = recent.get(valueStart, valueEnd)
      if (rule === undefined) {
        const meaning = readValue(decode(bytes, valueStart, valueEnd), line)
        if ('warning' in meaning) return
        rule = meaning.rule
        if (rule !== undefined) recent.set(valueStart, valueEnd, rule)
      }
      if (rule !== undefined && spellingOf(codeAt, keyStart, keyEnd) === 'plain') {
        const conflict = map.addBytes(bytes, keyStart, keyEnd, rule, line)
        if (conflict) problems.error(line, `"${decode(bytes, keyStart, keyEnd)}" ${conflict}`)
      } else addKey(decode(bytes, keyStart, keyEnd), rule, line)
    },
    keyOnly(start, end, line) {
      const key = shorten(decode(bytes, start, end))
      problems.error(line, `"${key}" has no host; write the domain, white space, and a host`)
    },
    continued(start, end, line) {
      const text = shorten(decode(bytes, start, end))
      problems.error(
        line,
        `"${text}" begins with white space, so Postfix joins it to the line above; remove the white space`,
      )
    },
  })
  problems.count()
}

/** Reports the first errors and warnings of a file, and the number of the others. */
class Problems {
  readonly #file: string
  readonly #report: Report
  readonly #errors: number[] = []
  readonly #warnings: number[] = []

  constructor(file: string, report: Report) {
    this.#file = file
    this.#report = report
  }

  error(line: number, message: string): void {
    if (this.#errors.push(line) <= listed.error) this.#report.errorIn(this.#file, line, message)
  }

  warn(line: number, message: string): void {
    if (this.#warnings.push(line) <= listed.warning) this.#report.warnIn(this.#file, line, message)
  }

  /** Reports the number of those that were not listed. */
  count(): void {
    const others = (lines: number[], limit: number, word: string) => {
      const number = lines.length - limit
      return `${number} more ${word}${number === 1 ? '' : 's'} from this line on; fix those above first`
    }
    const firstError = this.#errors[listed.error]
    if (firstError !== undefined)
      this.#report.errorIn(this.#file, firstError, others(this.#errors, listed.error, 'error'))
    const firstWarning = this.#warnings[listed.warning]
    if (firstWarning !== undefined)
      this.#report.warnIn(this.#file, firstWarning, others(this.#warnings, listed.warning, 'warning'))
  }
}

const decode = (bytes: Uint8Array, start: number, end: number): string =>
  new TextDecoder().decode(bytes.subarray(start, end))

/** For messages: one line of at most 80 characters. */
function shorten(text: string): string {
  const visible = text.replace(/\p{Cc}/gu, '\ufffd')
  return visible.length > 80 ? `${visible.slice(0, 79)}…` : visible
}

/** Finds the rules of earlier values by their bytes: a map of a million lines has a handful of values. */
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

  /** Of two values with the same hash the newer one is kept; the other is decoded and looked up again. */
  set(start: number, end: number, rule: number): void {
    this.#values.set(this.#hash(start, end), { start, end, rule })
  }

  #hash(start: number, end: number): number {
    let hash = 0
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (this.#bytes[i] as number)) | 0
    return hash
  }
}
