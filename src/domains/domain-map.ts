import type { ClientConfig } from '../model/settings.ts'
import { DomainTableBuilder } from './domain-table.ts'
import type { DomainsData, Move, TableRule } from './mapped-domains.ts'
import type { Pattern } from './pattern.ts'

/** The entry that a pattern already has, and where it is written. */
export interface EarlierEntry {
  readonly rule: TableRule
  readonly line: number
}

/** Collects the domains of all files in one table. */
export class DomainMap {
  readonly #builder: DomainTableBuilder
  readonly #rules: TableRule[] = []
  readonly #scratch = new Uint8Array(256)
  #refused = 0

  /** Reserves memory for this many domains with this many bytes in all. It grows if there are more. */
  constructor(domains: number, bytes: number) {
    this.#builder = new DomainTableBuilder(domains, bytes)
  }

  /** `clientConfig` is `undefined` for domains that take no mail here. */
  addRule(clientConfig: ClientConfig | undefined, file: string, moves: readonly Move[] = []): number {
    return this.#rules.push({ clientConfig, file, ...(moves.length > 0 && { moves }) }) - 1
  }

  /** Adds a pattern. If it already has an entry, that one is kept and returned. */
  add(pattern: Pattern, rule: number, line: number): EarlierEntry | undefined {
    const { written } = new TextEncoder().encodeInto(pattern, this.#scratch)
    return this.addBytes(this.#scratch, 0, written, rule, line)
  }

  /**
   * The same for a domain in `bytes[start, end)`, in lower-case A-labels. That a domain takes no mail here has precedence over
   * an entry of another file.
   */
  addBytes(
    bytes: Uint8Array,
    start: number,
    end: number,
    rule: number,
    line: number,
  ): EarlierEntry | undefined {
    const earlier = this.#builder.add(bytes, start, end, rule, line)
    const isRefused = this.#rules[rule]?.clientConfig === undefined
    if (earlier === undefined) {
      if (isRefused) this.#refused++
      return undefined
    }
    const first = this.#rules[earlier.rule] as TableRule
    if (isRefused && first.clientConfig && first.file !== this.#rules[rule]?.file) {
      this.#builder.replace(bytes, start, end, rule, line)
      this.#refused++
    }
    return { rule: first, line: earlier.line }
  }

  finish(): DomainsData {
    return { table: this.#builder.finish(), rules: this.#rules, refused: this.#refused }
  }
}

/** The error for a domain that two files map to two hosts. Mapping it to the same host twice is harmless. */
export function conflictWith({ rule, line }: EarlierEntry, clientConfig: ClientConfig): string | undefined {
  const { key } = clientConfig.host
  const earlier = rule.clientConfig?.host.key
  if (earlier === undefined || earlier === key) return undefined
  return `is mapped to ${key} here and to ${earlier} in ${rule.file}:${line}; remove one of them`
}
