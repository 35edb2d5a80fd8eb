import type { Domain } from '../model/address.ts'
import type { ClientConfig } from '../model/settings.ts'
import { type DomainTable, entryOf, namesOf, ruleOf, type TableEntry } from './domain-table.ts'
import { mostSpecific, type Pattern } from './pattern.ts'

/** The domains of `domains:` and `domainFiles:`. Plain data and shared memory: another thread can build it. */
export interface DomainsData {
  readonly table: DomainTable
  /** The table contains indexes into this list: a million domains share a handful of rules. */
  readonly rules: readonly TableRule[]
  /** How many entries of the table are about domains that take no mail here. */
  readonly refused: number
}

export interface TableRule {
  /** `undefined` if the domain takes no mail here, as `error:` in a Postfix map says. */
  readonly clientConfig: ClientConfig | undefined
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

/** The entry that says that a domain takes no mail here. */
export interface Refusal {
  readonly pattern: Pattern
  readonly file: string
  readonly line: number
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

  /** The number of domains and wildcards that are served. */
  get size(): number {
    return this.#data.table.size - this.#data.refused
  }

  match(domain: Domain): Match | undefined {
    const exact = this.find(domain)
    if (exact) return { pattern: domain, clientConfig: exact }
    // Without wildcards, there is no need to look up the parents of a domain.
    const { table, refused } = this.#data
    if (!table.hasWildcards) return undefined
    if (refused > 0) return this.#matchUnlessRefused(domain)
    const match = mostSpecific(domain, (pattern) => this.find(pattern))
    return match && { pattern: match.pattern, clientConfig: match.value }
  }

  /** Does the map say that the domain takes no mail here? Then nothing else may serve it. */
  refuses(domain: Domain): boolean {
    return this.#refusingPattern(domain) !== undefined
  }

  /** The entry by which `refuses` is true, for output to people. */
  refusal(domain: Domain): Refusal | undefined {
    const pattern = this.#refusingPattern(domain)
    if (pattern === undefined) return undefined
    const { table, rules } = this.#data
    const { rule, line } = entryOf(table, pattern) as TableEntry
    return { pattern, file: (rules[rule] as TableRule).file, line }
  }

  /** The configuration for exactly this pattern. Every request calls it, so it creates no object. */
  find(pattern: Pattern): ClientConfig | undefined {
    const rule = this.#ruleOf(pattern)
    return rule?.moves === undefined ? rule?.clientConfig : configAt(rule, rule.moves, this.#now())
  }

  /** The entry for a pattern that is served, with file, line and moves, for output to people. */
  explain(pattern: Pattern): Rule {
    const { table, rules } = this.#data
    const entry = entryOf(table, pattern) as TableEntry
    const rule = rules[entry.rule] as TableRule
    const { file, moves = [] } = rule
    const now = this.#now()
    return {
      clientConfig: configAt(rule, moves, now) as ClientConfig,
      file,
      line: entry.line,
      moves: moves.filter(({ at }) => at > now),
    }
  }

  /** The patterns that are served. */
  *patterns(): Generator<Pattern> {
    const { table, refused } = this.#data
    for (const pattern of namesOf(table)) if (refused === 0 || this.find(pattern)) yield pattern
  }

  /** Every configuration that a domain has now or after a move. */
  clientConfigs(): Set<ClientConfig> {
    return new Set(
      this.#data.rules.flatMap(({ clientConfig, moves = [] }) => [
        ...(clientConfig ? [clientConfig] : []),
        ...moves.map((move) => move.clientConfig),
      ]),
    )
  }

  #refusingPattern(domain: Domain): Pattern | undefined {
    if (this.#data.refused === 0) return undefined
    const entry = mostSpecific(domain, (pattern) => this.#ruleOf(pattern))
    return entry?.value.clientConfig === undefined ? entry?.pattern : undefined
  }

  #ruleOf(pattern: Pattern): TableRule | undefined {
    const { table, rules } = this.#data
    return rules[ruleOf(table, pattern)]
  }

  #matchUnlessRefused(domain: Domain): Match | undefined {
    const entry = mostSpecific(domain, (pattern) => this.#ruleOf(pattern))
    const clientConfig = entry && configAt(entry.value, entry.value.moves ?? [], this.#now())
    return clientConfig && { pattern: entry.pattern, clientConfig }
  }
}

/** The configuration of the last move before a time. */
function configAt(
  { clientConfig }: TableRule,
  moves: readonly Move[],
  time: number,
): ClientConfig | undefined {
  return moves.findLast(({ at }) => at <= time)?.clientConfig ?? clientConfig
}
