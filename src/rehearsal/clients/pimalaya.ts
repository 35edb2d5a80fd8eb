import type { Client } from '../client.ts'
import { pimalaya as reader } from '../readers/pimalaya.ts'
import { autoconfigRules, hasServer, inTurn, type Rules } from '../search.ts'
import { srvAccount } from '../srv-search.ts'
import { ispdb, rawQuery, sub, wellKnown } from '../urls.ts'

const rules: Rules = autoconfigRules(reader, {
  seconds: 20,
  redirects: 'none',
  accepts: 'success',
  ends: 'never',
})

/** Himalaya and its family. It refuses redirects. */
export const pimalaya: Client = {
  id: 'pimalaya',
  name: 'pimalaya',
  version: '2026-08',
  date: '2026-11-25',
  known: 'read',

  async rehearse(walk) {
    const { address, domain } = walk.asked
    const query = rawQuery(address)
    const urls = [
      sub('https', domain, query),
      sub('http', domain, query),
      wellKnown('https', domain),
      wellKnown('http', domain),
      ispdb(domain),
    ]
    const own = await inTurn(walk, urls, rules)
    if (own) return own
    const links = (await walk.records('TXT', domain)).flatMap(
      (text) => /^mailconf=(.*)/.exec(text)?.[1] ?? [],
    )
    const linked = await inTurn(walk, links.filter(isWebUrl), rules)
    if (linked) return linked
    const srv = await srvAccount(walk, { services: ['_imaps', '_imap', '_submissions', '_submission'] })
    return hasServer(srv) ? srv : undefined
  },
}

const isWebUrl = (text: string): boolean => /^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')
