import type { ClientConfig } from '../model/settings.ts'
import { DomainTableBuilder, type TableEntry } from './domain-table.ts'
import type { DomainsData, Move, TableRule } from './mapped-domains.ts'
import type { Pattern } from './pattern.ts'

/** Collects the domains of all files in one table. */
export class DomainMap {
  readonly #builder: DomainTableBuilder
  readonly #rules: TableRule[] = []
  readonly #scratch = new Uint8Array(256)

  /** Reserves memory for this many domains with this many bytes in all. It grows if there are more. */
  constructor(domains: number, bytes: number) {
    this.#builder = new DomainTableBuilder(domains, bytes)
  }

  addRule(clientConfig: ClientConfig, file: string, moves: readonly Move[] = []): number {
    return this.#rules.push({ clientConfig, file, ...(moves.length > 0 && { moves }) }) - 1
  }

  /** Adds a pattern. Returns an error message if the pattern is already mapped to another host. */
  add(pattern: Pattern, rule: number, line: number): string | undefined {
    const { written } = new TextEncoder().encodeInto(pattern, this.#scratch)
    return this.addBytes(this.#scratch, 0, written, rule, line)
  }

  /** The same for a domain in `bytes[start, end)`, in lower-case A-labels. */
  addBytes(bytes: Uint8Array, start: number, end: number, rule: number, line: number): string | undefined {
    const earlier = this.#builder.add(bytes, start, end, rule, line)
    return earlier && this.#conflict(earlier, rule)
  }

  finish(): DomainsData {
    return { table: this.#builder.finish(), rules: this.#rules }
  }

  /** Mapping a domain to the same host twice is harmless. */
  #conflict(earlier: TableEntry, rule: number): string | undefined {
    const first = this.#rules[earlier.rule] as TableRule
    const { host } = (this.#rules[rule] as TableRule).clientConfig
    const { host: firstHost } = first.clientConfig
    if (firstHost.key === host.key) return undefined
    return `is mapped to ${host.key} here and to ${firstHost.key} in ${first.file}:${earlier.line}; remove one of them`
  }
}
