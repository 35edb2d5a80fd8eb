import type { Client } from '../client.ts'
import { aerc as reader } from '../readers/aerc.ts'
import { autoconfigRules, hasServer, inTurn, preferred, type Rules } from '../search.ts'
import { srvAccount } from '../srv-search.ts'
import { formQuery, ispdb, sub, wellKnown } from '../urls.ts'

/** It does not look at the status. */
const rules: Rules = autoconfigRules(reader, { seconds: 20, redirects: 'all', accepts: 'any', ends: 'never' })

/** It prefers SRV to the documents, and knows `_smtps`, not `_submissions`. */
export const aerc: Client = {
  id: 'aerc',
  name: 'aerc',
  version: '2026-08',
  date: '2026-11-25',
  known: 'run',

  async rehearse(walk) {
    const { address, domain } = walk.asked
    const query = formQuery(address)
    const [srv, own, database] = await Promise.all([
      srvAccount(walk, { services: ['_imaps', '_imap', '_smtps'] }),
      inTurn(walk, [sub('https', domain, query), wellKnown('https', domain, query)], rules),
      inTurn(walk, [ispdb(domain)], rules),
    ])
    const documents = preferred(walk, [own, database])
    if (!hasServer(srv)) return documents
    documents?.visit.reject('has settings, but aerc prefers the SRV records')
    return srv
  },
}
