import { type Domain, parseDomain } from '../model/address.ts'
import type { ClientConfig } from '../model/settings.ts'
import { type DomainTable, DomainTableBuilder, type TableEntry } from './domain-table.ts'
import type { Pattern } from './source.ts'

/** What a rule of the table says: who serves, and in which file the admin wrote so. */
export interface TableRule {
  readonly clientConfig: ClientConfig
  readonly file: string
  /** To which providers the domain goes over, in the order of time. Each before the last knows when it ends. */
  readonly moves?: readonly Move[]
}

/** A change of provider that is named in advance. */
export interface Move {
  /** In milliseconds since 1970. */
  readonly at: number
  readonly clientConfig: ClientConfig
}

export interface MappedDomains {
  readonly table: DomainTable
  readonly rules: readonly TableRule[]
}

/** Collects the domains of all files into one table. */
export class DomainMap {
  readonly #builder: DomainTableBuilder
  readonly #rules: TableRule[] = []
  readonly #scratch = new Uint8Array(256)

  /** For so many domains, of so many bytes together; more may come. */
  constructor(domains: number, bytes: number) {
    this.#builder = new DomainTableBuilder(domains, bytes)
  }

  addRule(clientConfig: ClientConfig, file: string, moves: readonly Move[] = []): number {
    return this.#rules.push({ clientConfig, file, ...(moves.length > 0 && { moves }) }) - 1
  }

  /** Adds a pattern; gives what is wrong with that, if something is. */
  add(pattern: Pattern, rule: number, line: number): string | undefined {
    const { written } = new TextEncoder().encodeInto(pattern, this.#scratch)
    return this.addBytes(this.#scratch, 0, written, rule, line)
  }

  /** The same for a domain in `bytes[start, end)`, in the one spelling we compare by. */
  addBytes(bytes: Uint8Array, start: number, end: number, rule: number, line: number): string | undefined {
    const earlier = this.#builder.add(bytes, start, end, rule, line)
    return earlier && this.#conflict(earlier, rule)
  }

  finish(): MappedDomains {
    return { table: this.#builder.finish(), rules: this.#rules }
  }

  /** The same domain on the same host again is a matter of taste; on another host, one of the two is wrong. */
  #conflict(earlier: TableEntry, rule: number): string | undefined {
    const first = this.#rules[earlier.rule] as TableRule
    const second = this.#rules[rule] as TableRule
    if (first.clientConfig.host.key === second.clientConfig.host.key) return undefined
    return `is on ${second.clientConfig.host.key} here and on ${first.clientConfig.host.key} in ${first.file}:${earlier.line}`
  }
}

/** `example.org` for itself, `.example.org` (also written `*.example.org`) for all below it, `.` (`*`) for all. */
export function parsePattern(text: string): Pattern | undefined {
  if (text === '*') return '.'
  const wildcard = /^\*?\./.exec(text)?.[0] ?? ''
  const domain: Domain | undefined = parseDomain(text.slice(wildcard.length))
  return domain && (wildcard ? `.${domain}` : domain)
}

/** As people write it: `example.org`, `*.example.org`, `*`. */
export const formatPattern = (pattern: Pattern): string =>
  pattern === '.' ? '*' : pattern.replace(/^\./, '*.')

export const howToWriteDomains = 'a domain is written as example.org, *.example.org or *'
