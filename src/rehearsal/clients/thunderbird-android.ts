import type { Client } from '../client.ts'
import { preferredMx, providerDomains } from '../provider-domains.ts'
import { thunderbirdAndroid as reader } from '../readers/thunderbird-android.ts'
import { autoconfigRules, preferred, type Rules, together } from '../search.ts'
import { ispdb, sub, wellKnown } from '../urls.ts'
import type { Walk } from '../walk.ts'

const rules: Rules = autoconfigRules(reader, {
  seconds: 10,
  redirects: 'all',
  accepts: 'success',
  ends: 'never',
})

/** It never sends the address. A useless answer hides no other, because it parses each before it decides. */
export const thunderbirdAndroid: Client = {
  id: 'thunderbird-android',
  name: 'Thunderbird for Android',
  version: '2026-08',
  date: '2026-11-25',
  known: 'read',

  async rehearse(walk) {
    const { domain } = walk.asked
    const urls = [
      sub('https', domain),
      wellKnown('https', domain),
      sub('http', domain),
      wellKnown('http', domain),
    ]
    return preferred(
      walk,
      await Promise.all([
        together(walk, urls, rules),
        together(walk, [ispdb(domain)], rules),
        settingsOfMx(walk),
      ]),
    )
  },
}

async function settingsOfMx(walk: Walk) {
  const { domain } = walk.asked
  const mx = preferredMx(await walk.records('MX', domain)) ?? domain
  const urls = providerDomains(mx, domain).flatMap((name) => [sub('https', name), ispdb(name)])
  return together(walk, urls, rules)
}
