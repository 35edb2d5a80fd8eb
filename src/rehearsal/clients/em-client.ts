import { thunderbird as reader } from '../autodiscover-readers/thunderbird.ts'
import type { Client } from '../client.ts'
import { autodiscoverRules, inTurn, type Rules } from '../search.ts'
import { bestTarget } from '../srv-search.ts'
import { autodiscover } from '../urls.ts'

const rules: Rules = autodiscoverRules(reader, { seconds: 20, redirects: 'all' })

/** SRV first, then Autodiscover on the domain. If it finds nothing, it guesses. */
export const emClient: Client = {
  id: 'em-client',
  name: 'eM Client',
  version: '10',
  date: '2026-11-25',
  known: 'documented',

  async rehearse(walk) {
    const { domain } = walk.asked
    const target = bestTarget(await walk.records('SRV', `_autodiscover._tcp.${domain}`))
    const hosts = [...(target?.host ? [target.host] : []), domain, `autodiscover.${domain}`]
    return inTurn(
      walk,
      hosts.map((host) => autodiscover('https', host)),
      rules,
    )
  },
}
