import { MappedDomains } from '../../domains/mapped-domains.ts'
import { formatPattern, type Pattern } from '../../domains/pattern.ts'
import type { Domain } from '../../model/address.ts'
import type { ClientConfig } from '../../model/settings.ts'
import type { Resolver } from '../../resolver/resolver.ts'
import { type Change, clientConfigChanges, type Serving, servingChanges } from '../changes.ts'
import { notesOn } from './notes.ts'

/** The differences between two configurations. */
export interface ConfigDifference {
  /** The largest first. */
  readonly groups: readonly DomainGroup[]
  /** The number of domains on each host of the old configuration. */
  readonly sizes: ReadonlyMap<string, number>
  readonly hosts: readonly HostChange[]
  readonly notes: readonly string[]
}

/** Domains with the same changes. */
export interface DomainGroup {
  readonly kind: (typeof kinds)[number]
  /** The keys of the hosts before and after. */
  readonly from?: string
  readonly to?: string
  readonly changes: readonly Change[]
  /** Sorted, in the notation of the configuration: `*.example.org`. */
  readonly domains: string[]
}

/** The changes of a host itself. */
export interface HostChange {
  readonly host: string
  readonly changes: readonly Change[]
  /** A group of its domains has the same changes. */
  readonly isInGroup: boolean
}

/** The most important first. */
const kinds = ['gone', 'moved', 'changed', 'new'] as const

export function compareResolvers(old: Resolver, next: Resolver): ConfigDifference {
  const comparison = new Comparison()
  for (const pattern of old.patterns())
    comparison.add(pattern, servingOf(old, pattern), servingOf(next, pattern))
  const oldDomains = new MappedDomains(old.config.domains, old.now)
  for (const pattern of next.patterns()) {
    if (oldDomains.find(pattern)) continue
    comparison.add(pattern, servingOf(old, pattern), servingOf(next, pattern))
  }
  const groups = comparison.groups.filter(({ domains }) => domains.length > 0)
  for (const { domains } of groups) domains.sort()
  return {
    groups: groups.sort(byImportance),
    sizes: comparison.sizes,
    hosts: hostChanges(old, next, comparison),
    notes: notesOn(old, next),
  }
}

/** By its own entry or by a wildcard: a wildcard may serve a domain whose own entry is removed. */
function servingOf(resolver: Resolver, pattern: Pattern): Serving | undefined {
  const clientConfig = resolver.find(pattern as Domain)
  if (clientConfig?.changesAt === undefined) return clientConfig && { clientConfig, moves: [] }
  return resolver.ruleFor(pattern as Domain)?.rule
}

/** By the number of domains, then by kind, then by the first domain. */
function byImportance(a: DomainGroup, b: DomainGroup): number {
  return (
    b.domains.length - a.domains.length ||
    kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
    ((a.domains[0] as string) < (b.domains[0] as string) ? -1 : 1)
  )
}

/** Compares each pair of client configurations once, however many domains change from one to the other. */
class Comparison {
  readonly sizes = new Map<string, number>()
  readonly #groups = new Map<string, DomainGroup>()
  readonly #byPair = new Map<
    ClientConfig | undefined,
    Map<ClientConfig | undefined, DomainGroup | undefined>
  >()

  get groups(): DomainGroup[] {
    return [...this.#groups.values()]
  }

  has(old: ClientConfig, next: ClientConfig): boolean {
    return this.#byPair.get(old)?.has(next) ?? false
  }

  add(pattern: Pattern, old: Serving | undefined, next: Serving | undefined): void {
    if (old) {
      const { key } = old.clientConfig.host
      this.sizes.set(key, (this.sizes.get(key) ?? 0) + 1)
    }
    this.#groupOf(old, next)?.domains.push(formatPattern(pattern))
  }

  #groupOf(old: Serving | undefined, next: Serving | undefined): DomainGroup | undefined {
    // Moves belong to one domain, so their changes cannot be shared by a pair.
    if ((old?.moves.length ?? 0) > 0 || (next?.moves.length ?? 0) > 0) return this.#compare(old, next)
    let byNext = this.#byPair.get(old?.clientConfig)
    if (!byNext) {
      byNext = new Map()
      this.#byPair.set(old?.clientConfig, byNext)
    }
    if (!byNext.has(next?.clientConfig)) byNext.set(next?.clientConfig, this.#compare(old, next))
    return byNext.get(next?.clientConfig)
  }

  /** The group for the changes; `undefined` if nothing changes. */
  #compare(old: Serving | undefined, next: Serving | undefined): DomainGroup | undefined {
    const changes = old && next ? servingChanges(old, next) : []
    if (old && next && changes.length === 0) return undefined
    const [from, to] = [old?.clientConfig.host.key, next?.clientConfig.host.key]
    const kind = !next ? 'gone' : !old ? 'new' : from === to ? 'changed' : 'moved'
    const key = JSON.stringify([kind, from, to, changes])
    const group = this.#groups.get(key) ?? {
      kind,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      changes,
      domains: [],
    }
    this.#groups.set(key, group)
    return group
  }
}

/** Hosts are compared, too: they answer to their own names, and for domains that only a backend knows. */
function hostChanges(old: Resolver, next: Resolver, comparison: Comparison): HostChange[] {
  const [before, after] = [old.config.hosts, next.config.hosts]
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort()
  return keys.flatMap((host): HostChange[] => {
    const [one, other] = [before.get(host), after.get(host)]
    if (one && other) {
      const changes = clientConfigChanges(one, other)
      return changes.length > 0 ? [{ host, changes, isInGroup: comparison.has(one, other) }] : []
    }
    const change = {
      what: 'host',
      ...(one && { old: one.host.hostname }),
      ...(other && { new: other.host.hostname }),
    }
    return [{ host, changes: [change], isInGroup: false }]
  })
}
