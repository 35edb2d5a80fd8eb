import type { Domain } from '../model/address.ts'
import type { ClientConfig } from '../model/settings.ts'
import { type DomainTable, entryOf, namesOf, ruleOf, type TableEntry } from './domain-table.ts'
import { mostSpecific, type Pattern } from './pattern.ts'

/** The domains of `domains:` and `domainFiles:`. Plain data and shared memory: another thread can build it. */
export interface DomainsData {
  readonly table: DomainTable
  /** The table contains indexes into this list: a million domains share a handful of rules. */
  readonly rules: readonly TableRule[]
}

export interface TableRule {
  readonly clientConfig: ClientConfig
  /** The file that the rule was read from. */
  readonly file: string
  /** Scheduled moves, earliest first. */
  readonly moves?: readonly Move[]
}

/** A scheduled move to another host. */
export interface Move {
  /** In milliseconds since 1970. */
  readonly at: number
  readonly clientConfig: ClientConfig
}

/** The rule for a pattern, and where the admin wrote it. */
export interface Rule {
  /** The configuration in force now. */
  readonly clientConfig: ClientConfig
  readonly file: string
  readonly line: number
  /** The moves that have not happened yet. */
  readonly moves: readonly Move[]
}

/** The most specific entry for a domain. */
export interface Match {
  readonly pattern: Pattern
  readonly clientConfig: ClientConfig
}

/** Looks up mapped domains, at the current time of a clock. */
export class MappedDomains {
  readonly #data: DomainsData
  readonly #now: () => number

  /** `now` returns milliseconds since 1970. */
  constructor(data: DomainsData, now: () => number) {
    this.#data = data
    this.#now = now
  }

  /** The number of domains and wildcards. */
  get size(): number {
    return this.#data.table.size
  }

  match(domain: Domain): Match | undefined {
    const exact = this.find(domain)
    if (exact) return { pattern: domain, clientConfig: exact }
    // Without wildcards, there is no need to look up the parents of a domain.
    if (!this.#data.table.hasWildcards) return undefined
    const match = mostSpecific(domain, (pattern) => this.find(pattern))
    return match && { pattern: match.pattern, clientConfig: match.value }
  }

  /** The configuration for exactly this pattern. Every request calls it, so it creates no object. */
  find(pattern: Pattern): ClientConfig | undefined {
    const { table, rules } = this.#data
    const rule = rules[ruleOf(table, pattern)]
    return rule?.moves === undefined ? rule?.clientConfig : configAt(rule, rule.moves, this.#now())
  }

  /** The entry for a pattern of the table, with file, line and moves, for output to people. */
  explain(pattern: Pattern): Rule {
    const { table, rules } = this.#data
    const entry = entryOf(table, pattern) as TableEntry
    const rule = rules[entry.rule] as TableRule
    const { file, moves = [] } = rule
    const now = this.#now()
    return {
      clientConfig: configAt(rule, moves, now),
      file,
      line: entry.line,
      moves: moves.filter(({ at }) => at > now),
    }
  }

  patterns(): Iterable<Pattern> {
    return namesOf(this.#data.table)
  }

  /** Every configuration that a domain has now or after a move. */
  clientConfigs(): Set<ClientConfig> {
    return new Set(
      this.#data.rules.flatMap(({ clientConfig, moves = [] }) => [
        clientConfig,
        ...moves.map((move) => move.clientConfig),
      ]),
    )
  }
}

/** The configuration of the last move before a time. */
function configAt({ clientConfig }: TableRule, moves: readonly Move[], time: number): ClientConfig {
  return moves.findLast(({ at }) => at <= time)?.clientConfig ?? clientConfig
}
