import type { Client } from '../client.ts'
import { kmail as reader } from '../readers/kmail.ts'
import { autoconfigRules, inTurn, type Rules } from '../search.ts'
import { ispdb, sub, wellKnown } from '../urls.ts'

const rules: Rules = autoconfigRules(reader, {
  seconds: 20,
  redirects: 'all',
  accepts: 'success',
  ends: 'any answer',
  takesHalf: true,
  stopsAt: ({ status, body }) => {
    if (status >= 500) return `status ${status}: KMail ends its search at an error of the server`
    if (status >= 400 && body.length === 0) return `status ${status} without a body: KMail ends its search`
    return undefined
  },
})

/** The account wizard. It asks the ISPDB first. */
export const kmail: Client = {
  id: 'kmail',
  name: 'KMail',
  version: '22.12',
  date: '2026-11-25',
  known: 'run',

  async rehearse(walk) {
    const { domain } = walk.asked
    const urls = [ispdb(domain), sub('https', domain), sub('http', domain), wellKnown('https', domain)]
    const ending = await inTurn(walk, urls, rules)
    if (!ending) walk.skip(`GET ${urls.at(-1)}`, 'KMail asks this URL again and again, without end')
    return ending
  },
}
