import type { Client } from '../client.ts'
import { mailspring as reader } from '../readers/mailspring.ts'
import { autoconfigRules, inTurn, type Rules } from '../search.ts'
import { sub, wellKnown } from '../urls.ts'

const rules: Rules = autoconfigRules(reader, {
  seconds: 20,
  redirects: 'all',
  accepts: 'success',
  ends: 'well-formed XML',
})

export const mailspring: Client = {
  id: 'mailspring',
  name: 'Mailspring',
  version: '2026-08',
  date: '2026-11-25',
  known: 'run',

  rehearse(walk) {
    const { domain } = walk.asked
    return inTurn(walk, [sub('https', domain), wellKnown('https', domain)], rules)
  },
}
