import type { Client } from '../client.ts'
import { preferredMx, providerDomains } from '../provider-domains.ts'
import { gnomeOnlineAccounts as reader } from '../readers/gnome-online-accounts.ts'
import { autoconfigRules, inTurn, type Rules } from '../search.ts'
import { mailV1, rawQuery, sub, wellKnown } from '../urls.ts'

const rules: Rules = autoconfigRules(reader, {
  seconds: 15,
  redirects: 'all',
  accepts: '200',
  ends: 'readable document',
})

export const gnomeOnlineAccounts: Client = {
  id: 'gnome-online-accounts',
  name: 'GNOME Online Accounts',
  version: '3.51',
  date: '2026-11-25',
  known: 'run',

  async rehearse(walk) {
    const { address, domain } = walk.asked
    const urls = (name: string) => [
      mailV1(name, rawQuery(address)),
      sub('https', name, rawQuery(address)),
      wellKnown('https', name),
      sub('http', name),
      `https://v1.ispdb.net/${name}`,
    ]
    const own = await inTurn(walk, urls(domain), rules)
    if (own) return own
    const mx = preferredMx(await walk.records('MX', domain)) ?? domain
    for (const name of providerDomains(mx, domain)) {
      const ending = await inTurn(walk, urls(name), rules)
      if (ending) return ending
    }
    return undefined
  },
}
