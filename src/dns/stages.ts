import type { Domain } from '../model/address.ts'
import { lookupOf } from '../model/lookup.ts'
import { type AccountSettings, accountSettings } from '../model/settings.ts'
import { isResolution } from '../resolver/resolution.ts'
import { Resolver } from '../resolver/resolver.ts'

/** The settings of a domain now, or later. */
export interface Stage {
  readonly settings: AccountSettings
  /** When they come into force, in milliseconds since 1970. Absent for now, or if the time is unknown. */
  readonly at?: number
}

/** The settings of a domain now and after each scheduled move. Empty if the domain is not served. */
export async function stagesOf(domain: Domain, resolver: Resolver): Promise<Stage[]> {
  const { config, backends } = resolver
  const moves = resolver.ruleFor(domain)?.rule.moves ?? []
  const times = [resolver.now(), ...moves.map(({ at }) => at)]
  const stages = times.map(async (at, index): Promise<Stage[]> => {
    const then = new Resolver(config, { now: () => at, ...(backends && { backends }) })
    const found = await then.resolve(lookupOf({ domain, requestHost: domain }))
    if (!isResolution(found)) return []
    const settings = accountSettings(found.domain, found.clientConfig)
    return [{ settings, ...(index > 0 && { at }) }]
  })
  return (await Promise.all(stages)).flat()
}
