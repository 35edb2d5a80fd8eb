import { fairemail as outlook } from '../autodiscover-readers/fairemail.ts'
import type { Client, Found } from '../client.ts'
import { fairemail as reader } from '../readers/fairemail.ts'
import { autoconfigRules, autodiscoverRules, inTurn, type Rules } from '../search.ts'
import { srvAccount } from '../srv-search.ts'
import { autodiscover, ispdb, rawQuery, sub, wellKnown } from '../urls.ts'
import type { Manners, Walk } from '../walk.ts'

const manners: Manners = { seconds: 10, redirects: 'same scheme', ignoresCertificateNames: true }

const rules: Rules = autoconfigRules(reader, { ...manners, accepts: '200', ends: 'never' })

const outlookRules: Rules = autodiscoverRules(outlook, manners)

/** Half an account counts for nothing: it goes on without the records. */
async function srv(walk: Walk): Promise<Found | undefined> {
  const found = await srvAccount(walk, { services: ['_imaps', '_imap', '_submissions', '_submission'] })
  return found.incoming && found.outgoing ? found : undefined
}

/** The flavour from GitHub. SRV records win over documents, except over one with a literal username. Otherwise it scans ports. */
export const fairemail: Client = {
  id: 'fairemail',
  name: 'FairEmail',
  version: '2026-08 (GitHub)',
  date: '2026-11-25',
  known: 'run',

  async rehearse(walk) {
    const { address, domain } = walk.asked
    const records = await srv(walk)
    const query = rawQuery(address)
    const urls = [
      sub('https', domain, query),
      wellKnown('https', domain, query),
      sub('http', domain, query),
      wellKnown('http', domain, query),
      ispdb(domain),
    ]
    const exchange = [autodiscover('https', domain), autodiscover('https', `autodiscover.${domain}`)]
    const document = (await inTurn(walk, urls, rules)) ?? (await inTurn(walk, exchange, outlookRules))
    if (!records) return document
    const username = document?.incoming?.username ?? address
    if (username !== address && username !== address.slice(0, address.lastIndexOf('@'))) return document
    document?.visit.reject('has settings, but FairEmail prefers the SRV records')
    return records
  },
}

/** The flavour from Google Play asks the domain for nothing but SRV records. Otherwise it scans ports. */
export const fairemailPlay: Client = {
  id: 'fairemail-play',
  name: 'FairEmail',
  version: '2026-08 (Google Play)',
  date: '2026-11-25',
  known: 'run',

  async rehearse(walk) {
    return (await srv(walk)) ?? inTurn(walk, [ispdb(walk.asked.domain)], rules)
  },
}
