import { domainToUnicode } from 'node:url'
import type { Client } from '../client.ts'
import { horde as reader } from '../readers/horde.ts'
import { autoconfigRules, inTurn, type Rules } from '../search.ts'
import { sub, wellKnown } from '../urls.ts'

const rules: Rules = autoconfigRules(reader, {
  seconds: 5,
  redirects: 'all',
  accepts: 'all but 404',
  ends: 'never',
  takesHalf: true,
})

/** Mail_Autoconfig asks over http only, and about the parents of a subdomain. It writes the domain of the address in U-labels. */
export const horde: Client = {
  id: 'horde',
  name: 'Horde',
  version: '1.0.3',
  date: '2026-11-25',
  known: 'run',

  rehearse(walk) {
    const { address, domain } = walk.asked
    const login = `${address.slice(0, address.lastIndexOf('@'))}@${domainToUnicode(domain)}`
    const unicode: Rules = { ...rules, read: ({ body }) => reader.read(body, { address: login, domain }) }
    const urls = parentsOf(domain).flatMap((name) => [
      sub('http', name, `?emailaddress=${encodeURIComponent(login)}`),
      wellKnown('http', name),
    ])
    return inTurn(walk, urls, unicode)
  },
}

function parentsOf(domain: string): readonly string[] {
  const labels = domain.split('.')
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
}
