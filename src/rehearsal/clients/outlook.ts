import { thunderbird as reader } from '../autodiscover-readers/thunderbird.ts'
import type { Client } from '../client.ts'
import { autodiscoverRules, inTurn, type Rules } from '../search.ts'
import { bestTarget } from '../srv-search.ts'
import { autodiscover } from '../urls.ts'

const rules: Rules = autodiscoverRules(reader, { seconds: 20, redirects: 'all' })

/**
 * Classic Outlook on Windows, with its manual setup: the simplified one asks the same, and does not use the answer for IMAP.
 * Over http it asks only for a redirect.
 */
export const outlook: Client = {
  id: 'outlook',
  name: 'Outlook',
  version: '2016 and later (classic)',
  date: '2026-11-25',
  known: 'documented',

  async rehearse(walk) {
    const { domain } = walk.asked
    const hosts = [domain, `autodiscover.${domain}`]
    const own = await inTurn(
      walk,
      hosts.map((host) => autodiscover('https', host)),
      rules,
    )
    if (own) return own
    const http: Rules = { ...rules, ask: () => ({ method: 'GET', headers: {} }) }
    const redirected = await inTurn(walk, [autodiscover('http', `autodiscover.${domain}`)], http)
    if (redirected) return redirected
    const target = bestTarget(await walk.records('SRV', `_autodiscover._tcp.${domain}`))
    return target?.host ? inTurn(walk, [autodiscover('https', target.host)], rules) : undefined
  },
}
