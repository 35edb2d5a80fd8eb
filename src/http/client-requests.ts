import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { IsTrusted } from './client-address.ts'
import type { Policy } from './policy.ts'

/** The patterns of the `User-Agent` of mail clients and others, the most specific first. Answers never depend on it. */
const families = [
  ['thunderbird', /Thunderbird\//],
  // K-9 Mail and Thunderbird for Android say only which library they use.
  ['thunderbird-android', /^okhttp\//],
  ['evolution', /^Evolution\//],
  ['kmail', /\bKIO\//],
  ['horde', /^Horde/],
  ['outlook', /\bMicrosoft (?:Office|Outlook)|\bOutlook\b/],
  ['apple', /\bCFNetwork\//],
  ['bot', /bot\b|crawl|spider/i],
  ['curl', /^(?:curl|Wget)\//],
  ['mail-autoconfig', /^mail-autoconfig\//],
  ['browser', /^Mozilla\//],
] as const

/** `none`: without a `User-Agent`, as Geary, Delta Chat, SnappyMail and eM Client send it. */
export type ClientFamily = (typeof families)[number][0] | 'none' | 'other'

/** The family of a client, by its `User-Agent`. */
export function familyOf(userAgent: string | undefined): ClientFamily {
  if (!userAgent) return 'none'
  const start = userAgent.slice(0, longest)
  return families.find(([, pattern]) => pattern.test(start))?.[0] ?? 'other'
}

/** Characters: what follows says nothing more. */
const longest = 200

/** There are a few hundred, apart from those that somebody makes up. */
const mostKnown = 1000

type Protocol = 'http' | 'https'

/** Counts requests by the family of the client, and by http and https. It keeps nothing of a client. */
export class ClientRequests {
  readonly #counts = new Map<ClientFamily, Record<Protocol, number>>()
  /** The counts by `User-Agent`: nearly all clients send one of a few. */
  readonly #known = new Map<string, Record<Protocol, number>>()

  add(userAgent: string | undefined, protocol: Protocol): void {
    this.#countsOf(userAgent ?? '')[protocol]++
  }

  *counts(): Generator<{
    readonly client: ClientFamily
    readonly protocol: Protocol
    readonly requests: number
  }> {
    for (const [client, counts] of this.#counts) {
      for (const protocol of ['http', 'https'] as const)
        if (counts[protocol] > 0) yield { client, protocol, requests: counts[protocol] }
    }
  }

  #countsOf(userAgent: string): Record<Protocol, number> {
    const known = this.#known.get(userAgent)
    if (known) return known
    const family = familyOf(userAgent)
    const counts = this.#counts.get(family) ?? { http: 0, https: 0 }
    this.#counts.set(family, counts)
    if (userAgent.length <= longest && this.#known.size < mostKnown) this.#known.set(userAgent, counts)
    return counts
  }
}

/** Counts every request, and refuses none. */
export const countClients =
  (clients: ClientRequests, isTrusted: IsTrusted): Policy =>
  (request) => {
    clients.add(request.headers['user-agent'], protocolOf(request, isTrusted))
    return undefined
  }

/** How the client sent the request: a trusted proxy says it (`X-Forwarded-Proto`). */
function protocolOf({ socket, headers }: IncomingMessage, isTrusted: IsTrusted): Protocol {
  if ((socket as TLSSocket).encrypted) return 'https'
  const forwarded = headers['x-forwarded-proto']
  return forwarded !== undefined &&
    isTrusted(socket.remoteAddress) &&
    /(?:^|,)\s*https$/i.test(String(forwarded))
    ? 'https'
    : 'http'
}
