import { thunderbird as exchange } from '../autodiscover-readers/thunderbird.ts'
import type { Client } from '../client.ts'
import { hostOf, preferredMx, providerDomains, registrableDomain } from '../provider-domains.ts'
import { thunderbird as reader } from '../readers/thunderbird.ts'
import {
  autoconfigRules,
  autodiscoverRules,
  type Ending,
  preferred,
  type Rules,
  together,
} from '../search.ts'
import { bestTarget } from '../srv-search.ts'
import { autodiscover, formQuery, sub, wellKnown } from '../urls.ts'
import type { Walk } from '../walk.ts'

const rules: Rules = autoconfigRules(reader, {
  seconds: 5,
  redirects: 'all',
  accepts: 'success',
  mediaTypes: ['text/xml', 'application/xml', 'text/rdf'],
  ends: 'any answer',
})

const databaseRules: Rules = { ...rules, seconds: 10 }

const exchangeRules: Rules = autodiscoverRules(exchange, { seconds: 10, redirects: 'all' })

const database = (domain: string): string => `https://live.thunderbird.net/autoconfig/v1.1/${domain}`

/** It asks everything at once. Of the answers it prefers those of the domain, then the ISPDB, the MX and Autodiscover. */
export const thunderbird: Client = {
  id: 'thunderbird',
  name: 'Thunderbird',
  version: '153.7',
  date: '2026-11-25',
  known: 'run',

  async rehearse(walk) {
    const { address, domain } = walk.asked
    const query = formQuery(address)
    const urls = [
      sub('https', domain, query),
      wellKnown('https', domain, query),
      sub('http', domain, query),
      wellKnown('http', domain, query),
    ]
    // biome-ignore lint/suspicious/noControlCharactersInRegex: everything that is not ASCII
    if (/[^\x00-\x7f]/.test(domain)) {
      walk.skip(`GET ${urls[0]}`, 'Thunderbird refuses such a domain; type it with A-labels (xn--…)')
      return undefined
    }
    const endings = await Promise.all([
      together(walk, urls, rules),
      together(walk, [database(domain)], databaseRules),
      settingsOfMx(walk, query),
      together(walk, exchangeUrls(domain), exchangeRules),
      settingsOfSrv(walk),
    ])
    return preferred(walk, endings)
  },
}

async function settingsOfMx(walk: Walk, query: string): Promise<Ending | undefined> {
  const { domain } = walk.asked
  const mx = preferredMx(await walk.records('MX', domain))
  if (mx === undefined) return undefined
  const domains = providerDomains(mx, domain)
  const endings = await Promise.all([
    ...domains.map((name) => together(walk, [sub('https', name, query)], rules)),
    ...domains.map((name) => together(walk, [database(name)], databaseRules)),
  ])
  return preferred(walk, endings)
}

const exchangeUrls = (domain: string): readonly string[] => [
  autodiscover('https', `autodiscover.${domain}`),
  autodiscover('https', domain),
  autodiscover('http', `autodiscover.${domain}`),
]

/** It asks the person before it asks another domain. */
async function settingsOfSrv(walk: Walk): Promise<Ending | undefined> {
  const { domain, agrees } = walk.asked
  const target = bestTarget(await walk.records('SRV', `_autodiscover._tcp.${domain}`))
  if (!target || target.host === '') return undefined
  const url = autodiscover('https', hostOf(target.host))
  if (registrableDomain(target.host) === registrableDomain(domain) || agrees)
    return together(walk, [url], exchangeRules)
  walk.skip(
    `POST ${url}`,
    'Thunderbird asks the person first, because the host is in another domain (see --agree)',
  )
  return undefined
}
