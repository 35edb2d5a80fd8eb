import { thunderbird as outlook } from '../autodiscover-readers/thunderbird.ts'
import type { Client } from '../client.ts'
import type { HttpAnswer } from '../network.ts'
import { emailEngine as reader } from '../readers/email-engine.ts'
import { autoconfigRules, autodiscoverRules, type Ending, hasServer, inTurn, type Rules } from '../search.ts'
import { srvAccount } from '../srv-search.ts'
import { autodiscover, formQuery, ispdb, sub, wellKnown } from '../urls.ts'

const rules: Rules = autoconfigRules(reader, {
  seconds: 20,
  redirects: 'all',
  accepts: 'success',
  ends: 'never',
})

const outlookRules: Rules = autodiscoverRules(outlook, { seconds: 20, redirects: 'all' })

/** It asks everything at once, and the first answer with settings wins. Which one that is differs from time to time. */
export const emailEngine: Client = {
  id: 'email-engine',
  name: 'EmailEngine',
  version: '2026-08',
  date: '2026-11-25',
  known: 'run',

  async rehearse(walk) {
    const { address, domain } = walk.asked
    const [srv, ...documents] = await Promise.all([
      srvAccount(walk, {
        services: ['_imaps', '_imap', '_submissions', '_submission'],
        takesNoService: true,
        asksForUsername: true,
      }),
      inTurn(walk, [wellKnown('http', domain)], rules),
      inTurn(walk, [sub('https', domain, formQuery(address))], rules),
      inTurn(walk, [ispdb(domain)], rules),
      inTurn(walk, [autodiscover('https', `autodiscover.${domain}`)], outlookRules),
    ])
    if (hasServer(srv)) {
      for (const document of documents) document?.visit.reject('has settings, but SRV records arrive earlier')
      return srv
    }
    const seconds = ({ visit }: Ending) => (visit.answer as HttpAnswer).seconds
    const [first, ...later] = documents.filter(hasServer).sort((a, b) => seconds(a) - seconds(b))
    for (const ending of later) ending.visit.reject('has settings, but another answer arrived earlier')
    return first
  },
}
