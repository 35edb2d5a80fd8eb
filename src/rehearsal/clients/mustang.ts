import { mustangProtocols, mustangUrl, readMustangJson } from '../autodiscover-readers/mustang.ts'
import { thunderbird as outlook } from '../autodiscover-readers/thunderbird.ts'
import type { Client } from '../client.ts'
import { preferredMx, providerDomains } from '../provider-domains.ts'
import { mustang as reader } from '../readers/mustang.ts'
import { type Account, Incomplete } from '../readers/reader.ts'
import {
  autoconfigRules,
  autodiscoverRules,
  type Ending,
  inTurn,
  preferred,
  type Rules,
  together,
} from '../search.ts'
import { autodiscover, formQuery, sub, wellKnown } from '../urls.ts'
import type { Walk } from '../walk.ts'

const rules: Rules = autoconfigRules(reader, {
  seconds: 3,
  redirects: 'all',
  accepts: 'success',
  ends: 'never',
})

const outlookRules: Rules = autodiscoverRules(outlook, { seconds: 3, redirects: 'all' })

/** An answer with a URL makes an Exchange account, which has no servers of this kind. */
const jsonRules: Rules = {
  ...outlookRules,
  ask: () => ({ method: 'GET', headers: {} }),
  read(answer): Account {
    throw new Incomplete(`it leads to the Exchange server at ${readMustangJson(answer).host}`)
  },
  ends: 'readable document',
}

/** Parula by its present name. */
export const mustang: Client = {
  id: 'mustang',
  name: 'Mustang',
  version: '2026-08',
  date: '2026-11-25',
  known: 'run',

  async rehearse(walk) {
    const { address, domain } = walk.asked
    const own = [sub('https', domain, formQuery(address)), wellKnown('https', domain), sub('http', domain)]
    const database = (name: string) => `https://v1.ispdb.net/${name}`
    const first = preferred(
      walk,
      await Promise.all([together(walk, [database(domain)], rules), together(walk, own, rules)]),
    )
    if (first) return first
    const mx = preferredMx(await walk.records('MX', domain)) ?? domain
    for (const name of providerDomains(mx, domain)) {
      const ofProvider: Rules = {
        ...rules,
        read: ({ body }) => reader.read(body, { ...walk.asked, domain: name }),
      }
      const ending = await inTurn(walk, [database(name), sub('https', name, formQuery(address))], ofProvider)
      if (ending) return ending
    }
    return exchange(walk)
  },
}

async function exchange(walk: Walk): Promise<Ending | undefined> {
  const { address, domain } = walk.asked
  const hosts = [`autodiscover.${domain}`, domain]
  const json = hosts.flatMap((host) =>
    mustangProtocols.map((protocol) => `https://${host}${mustangUrl(address, protocol)}`),
  )
  const xml = hosts.map((host) => autodiscover('https', host))
  return (await together(walk, json, jsonRules)) ?? together(walk, xml, outlookRules)
}
