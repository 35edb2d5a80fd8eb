import { snappymail as outlook } from '../autodiscover-readers/snappymail.ts'
import type { Client } from '../client.ts'
import { snappymail as reader } from '../readers/snappymail.ts'
import { autoconfigRules, autodiscoverRules, hasServer, inTurn, type Rules } from '../search.ts'
import { bestTarget, srvAccount } from '../srv-search.ts'
import { autodiscover, ispdb, mailV1, sub, wellKnown } from '../urls.ts'

const rules: Rules = autoconfigRules(reader, {
  seconds: 20,
  redirects: 'all',
  accepts: 'success',
  ends: 'never',
})

const outlookRules: Rules = autodiscoverRules(outlook, { seconds: 20, redirects: 'all' })

export const snappymail: Client = {
  id: 'snappymail',
  name: 'SnappyMail',
  version: '2026-08',
  date: '2026-11-25',
  known: 'run',

  async rehearse(walk) {
    const { address, domain } = walk.asked
    const urls = [
      mailV1(domain, `?emailaddress=${encodeURIComponent(address)}`),
      wellKnown('https', domain),
      sub('http', domain),
      ispdb(domain),
    ]
    const own = await inTurn(walk, urls, rules)
    if (own) return own
    const target = bestTarget(await walk.records('SRV', `_autodiscover._tcp.${domain}`))
    const hosts = [...(target?.host ? [target.host] : []), `autodiscover.${domain}`, domain]
    const exchange = [
      ...hosts.map((host) => autodiscover('https', host)),
      autodiscover('http', `autodiscover.${domain}`),
    ]
    const ending = await inTurn(walk, exchange, outlookRules)
    if (ending) return ending
    // Its own fallback to SRV loses SMTP.
    const { incoming } = await srvAccount(walk, {
      services: ['_imaps', '_imap', '_submissions', '_submission'],
    })
    return hasServer({ incoming }) ? { incoming } : undefined
  },
}
