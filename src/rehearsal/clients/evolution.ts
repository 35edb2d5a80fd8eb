import { createHash } from 'node:crypto'
import type { Client } from '../client.ts'
import { hostOf } from '../provider-domains.ts'
import { evolution as reader } from '../readers/evolution.ts'
import { autoconfigRules, type Ending, inTurn, type Rules } from '../search.ts'
import { ispdb, sub, wellKnown } from '../urls.ts'
import type { Walk } from '../walk.ts'

const rules: Rules = autoconfigRules(reader, {
  seconds: 15,
  redirects: 'all',
  accepts: 'success',
  ends: 'readable document',
  takesHalf: true,
})

/** Evolution 3.46 asks about the domain of the first name server next, and about its parents. */
export const evolution: Client = {
  id: 'evolution',
  name: 'Evolution',
  version: '3.46.4',
  date: '2026-11-25',
  known: 'run',

  async rehearse(walk) {
    const { domain } = walk.asked
    const own = await settingsOf(walk, domain)
    if (own !== 'not found') return own
    const [server] = await walk.records('NS', domain)
    for (let name = hostOf(server ?? ''); name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
      const ending = await settingsOf(walk, name)
      if (ending !== 'not found') return ending
    }
    return undefined
  },
}

/** It goes on only if the ISPDB answers 404. */
async function settingsOf(walk: Walk, domain: string): Promise<Ending | 'not found' | undefined> {
  const query = `?emailaddress=EVOLUTIONUSER%40${domain}&emailmd5=${md5(walk.asked.address)}`
  const urls = [
    sub('https', domain, query),
    sub('http', domain, query),
    wellKnown('https', domain, query),
    wellKnown('http', domain, query),
  ]
  let isUnknown = false
  const database: Rules = {
    ...rules,
    stopsAt: ({ status }) => {
      isUnknown = status === 404
      return undefined
    },
  }
  const ending = (await inTurn(walk, urls, rules)) ?? (await inTurn(walk, [ispdb(domain)], database))
  return isUnknown ? 'not found' : ending
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
