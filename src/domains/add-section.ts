import { warnAboutServices, warnAboutTexts } from '../hosts/check-host.ts'
import type { HostNames } from '../hosts/host-names.ts'
import { oddities, oddityOf } from '../model/name-warnings.ts'
import type { ClientConfig } from '../model/settings.ts'
import type { Path } from '../reading/path.ts'
import type { Report } from '../reading/report.ts'
import { conflictWith, type DomainMap } from './domain-map.ts'
import { type DomainsSection, type Override, overridden } from './domain-section.ts'
import type { Move } from './mapped-domains.ts'
import { howToWriteDomains, parsePattern } from './pattern.ts'

/** Adds the domains of `domains:`. */
export function addSection(map: DomainMap, domains: DomainsSection, hosts: HostNames, report: Report): void {
  const plainRules = new Map<ClientConfig, number>()

  /** All domains that only name a host share a rule. */
  function plainRule(clientConfig: ClientConfig, file: string): number {
    const rule = plainRules.get(clientConfig) ?? map.addRule(clientConfig, file)
    plainRules.set(clientConfig, rule)
    return rule
  }

  for (const [name, value] of Object.entries(domains)) {
    const path = ['domains', name]
    const pattern = parsePattern(name)
    if (pattern === undefined) report.errorAtKey(path, `is not a domain; ${howToWriteDomains}`)
    const isPlain = typeof value === 'string'
    const oddity = oddityOf(pattern ?? '')
    if (oddity) report.warn(path, oddities[oddity])
    const clientConfig = hosts.require(
      isPlain ? value : value.host,
      isPlain ? path : [...path, 'host'],
      report,
    )
    const moves = isPlain ? [] : readMoves(value, path, hosts, report)
    if (!isPlain)
      warnAboutOverride(value, [clientConfig, ...moves.map((move) => move.clientConfig)], path, report)
    if (pattern === undefined || !clientConfig) continue
    const { file, line } = report.locateKey(path)
    const rule = isPlain
      ? plainRule(clientConfig, file)
      : addOverridden(map, overridden(clientConfig, value), moves, file)
    const earlier = map.add(pattern, rule, line)
    const conflict = earlier && conflictWith(earlier, clientConfig)
    if (conflict) report.errorAtKey(path, conflict)
  }
}

/** `configs` contains the configuration of the domain now and after each move. */
function warnAboutOverride(
  section: Override,
  configs: readonly (ClientConfig | undefined)[],
  path: Path,
  report: Report,
): void {
  const isAll = configs.some((config) => config?.host.shape === 'all')
  warnAboutServices(section.services ?? {}, { shape: isAll ? 'all' : 'safe' }, path, report)
  warnAboutTexts(section, path, report)
}

function readMoves(section: Override, path: Path, hosts: HostNames, report: Report): Move[] {
  const { moves = [] } = section
  return moves.flatMap(({ at, host }, index) => {
    const place = [...path, 'moves', index]
    const earlier = moves[index - 1]
    if (earlier && earlier.at >= at) report.error([...place, 'at'], 'must be later than the previous move')
    const next = hosts.require(host, [...place, 'host'], report)
    return next ? [{ at, clientConfig: overridden(next, section) }] : []
  })
}

/** Adds a rule for one domain. The configuration before each move contains the time of the move. */
function addOverridden(
  map: DomainMap,
  clientConfig: ClientConfig,
  moves: readonly Move[],
  file: string,
): number {
  const until = (config: ClientConfig, end: Move | undefined): ClientConfig =>
    end ? { ...config, changesAt: end.at } : config
  const later = moves.map((move, index) => ({
    ...move,
    clientConfig: until(move.clientConfig, moves[index + 1]),
  }))
  return map.addRule(until(clientConfig, moves[0]), file, later)
}
