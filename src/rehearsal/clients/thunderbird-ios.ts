import type { Client } from '../client.ts'
import { preferredMx, registrableDomain } from '../provider-domains.ts'
import { thunderbirdIos as reader } from '../readers/thunderbird-ios.ts'
import { autoconfigRules, inTurn, type Rules } from '../search.ts'
import { ispdb, rawQuery, sub, wellKnown } from '../urls.ts'

const rules: Rules = autoconfigRules(reader, { seconds: 20, redirects: 'all', accepts: '200', ends: 'never' })

export const thunderbirdIos: Client = {
  id: 'thunderbird-ios',
  name: 'Thunderbird for iOS',
  version: '2026-08',
  date: '2026-11-25',
  known: 'read',

  async rehearse(walk) {
    const { address, domain } = walk.asked
    const urls = (name: string) => [
      sub('https', name, rawQuery(address)),
      wellKnown('https', name),
      ispdb(name),
    ]
    const own = await inTurn(walk, urls(domain), rules)
    if (own) return own
    const mx = preferredMx(await walk.records('MX', domain)) ?? domain
    const provider = registrableDomain(mx)
    return provider === domain ? undefined : inTurn(walk, urls(provider), rules)
  },
}
