import { deltaChat as outlook, Redirected } from '../autodiscover-readers/delta-chat.ts'
import type { Client } from '../client.ts'
import { deltaChat as reader } from '../readers/delta-chat.ts'
import { autoconfigRules, autodiscoverRules, type Ending, inTurn, type Rules } from '../search.ts'
import { autodiscover, ispdb, sub, wellKnown } from '../urls.ts'
import type { Manners, Walk } from '../walk.ts'

const manners: Manners = { seconds: 20, redirects: 'absolute only' }

const rules: Rules = autoconfigRules(reader, {
  ...manners,
  accepts: 'success',
  ends: 'readable document',
  takesHalf: true,
})

const outlookRules: Rules = autodiscoverRules(outlook, {
  ...manners,
  ends: 'readable document',
  takesHalf: true,
})

/** It encodes everything but letters, digits and dots, and asks Autodiscover with a GET. If it finds nothing, it guesses. */
export const deltaChat: Client = {
  id: 'delta-chat',
  name: 'Delta Chat',
  version: '2.62.0',
  date: '2026-11-25',
  known: 'run',

  async rehearse(walk) {
    const { address, domain } = walk.asked
    const own = [
      sub('https', domain, `?emailaddress=${encode(address.toLowerCase())}`),
      wellKnown('https', domain),
    ]
    return (
      (await inTurn(walk, own, rules)) ??
      (await askOutlook(walk, autodiscover('https', domain))) ??
      (await askOutlook(walk, autodiscover('https', `autodiscover.${domain}`))) ??
      (await inTurn(walk, [ispdb(domain)], rules))
    )
  },
}

/** A document with a `RedirectUrl` leads to another one, at most ten times. */
async function askOutlook(walk: Walk, start: string): Promise<Ending | undefined> {
  for (let hops = 0, url: string | undefined = start; url !== undefined && hops < 10; hops++) {
    let next: string | undefined
    const following: Rules = {
      ...outlookRules,
      read(answer, asked) {
        try {
          return outlook.read(answer, asked)
        } catch (error) {
          if (error instanceof Redirected && URL.canParse(error.url)) next = error.url
          throw error
        }
      },
    }
    const ending: Ending | undefined = await inTurn(walk, [url], following)
    if (ending) return ending
    url = next
  }
  return undefined
}

const encode = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => String.fromCharCode(byte))
    .map((character) =>
      /[A-Za-z0-9.]/.test(character)
        ? character
        : `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('')
