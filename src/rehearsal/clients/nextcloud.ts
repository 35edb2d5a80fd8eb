import type { Client } from '../client.ts'
import { preferredMx } from '../provider-domains.ts'
import { nextcloud as reader } from '../readers/nextcloud.ts'
import { autoconfigRules, inTurn, type Rules } from '../search.ts'
import { ispdb, rawQuery, sub, wellKnown } from '../urls.ts'

const rules: Rules = autoconfigRules(reader, {
  seconds: 7,
  redirects: 'all',
  accepts: 'success',
  ends: 'never',
  takesHalf: true,
})

/** Its server asks for all of its people. It goes on with the MX host and its parent. */
export const nextcloud: Client = {
  id: 'nextcloud',
  name: 'Nextcloud Mail',
  version: '2026-08',
  date: '2026-11-25',
  known: 'run',

  async rehearse(walk) {
    const { address, domain } = walk.asked
    const query = rawQuery(address)
    const urls = (name: string) => [
      sub('https', name, query),
      wellKnown('https', name, query),
      ispdb(name),
      sub('http', name, query),
      wellKnown('http', name, query),
    ]
    const own = await inTurn(walk, urls(domain), rules)
    if (own) return own
    const mx = preferredMx(await walk.records('MX', domain))
    const names = mx === undefined ? [] : [mx, mx.slice(mx.indexOf('.') + 1)]
    for (const name of names) {
      const ending = await inTurn(walk, urls(name), rules)
      if (ending) return ending
    }
    return undefined
  },
}
