import { type Domain, parseDomain } from '../domain/address.ts'
import type { Provider } from '../domain/settings.ts'
import { suggestion } from '../schema/suggestion.ts'
import { type DomainTable, DomainTableBuilder, type TableEntry } from './domain-table.ts'
import type { Pattern } from './source.ts'

/** What a rule of the table says: who serves, and in which file the admin wrote so. */
export interface TableRule {
  readonly provider: Provider
  readonly file: string
}

export interface MappedDomains {
  readonly table: DomainTable
  readonly rules: readonly TableRule[]
}

/** The hosts that domains are mapped to, by the names that the admin may use for them. */
export class HostNames {
  readonly #providers: ReadonlyMap<string, Provider>
  readonly #keys: readonly string[]

  /** `keys` are those of faulty hosts too. A host's name leads to the first host that has it; a key comes before it. */
  constructor(hosts: ReadonlyMap<string, Provider>, keys: readonly string[]) {
    const byName = [...hosts.values()]
      .reverse()
      .map((provider) => [provider.host.hostname, provider] as const)
    this.#providers = new Map<string, Provider>([...byName, ...hosts])
    this.#keys = keys
  }

  /** By key or host name, in any case. */
  find(name: string): Provider | undefined {
    return this.#providers.get(name) ?? this.#providers.get(parseDomain(name) ?? '')
  }

  /** Is there such a host, but with faults? Then a domain on it is not to blame. */
  isFaulty(name: string): boolean {
    return this.#keys.includes(name) && !this.#providers.has(name)
  }

  /** For a message about a name that is nobody's. */
  didYouMean(name: string): string {
    return suggestion(name, this.#providers.keys()) || `; there are ${this.#keys.join(', ') || 'none'}`
  }
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

  addRule(provider: Provider, file: string): number {
    return this.#rules.push({ provider, file }) - 1
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
    if (first.provider.host.key === second.provider.host.key) return undefined
    return `is on ${second.provider.host.key} here and on ${first.provider.host.key} in ${first.file}:${earlier.line}`
  }
}

/** `example.org` for itself, `.example.org` (also written `*.example.org`) for all below it, `.` (`*`) for all. */
export function parsePattern(text: string): Pattern | undefined {
  if (text === '*') return '.'
  const wildcard = /^\*?\./.exec(text)?.[0] ?? ''
  const domain: Domain | undefined = parseDomain(text.slice(wildcard.length))
  return domain && (wildcard ? `.${domain}` : domain)
}

export const howToWriteDomains = 'a domain is written as example.org, *.example.org or *'
