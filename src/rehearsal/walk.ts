import type { Account, AccountServer, Client, Found, Outcome, Rehearsal, Step, Typed } from './client.ts'
import type { HttpAnswer, HttpRequest, Network, RecordType } from './network.ts'
import type { Server } from './readers/reader.ts'

/** How a client asks for a URL. */
export interface Manners {
  /** The time after which it gives up. */
  readonly seconds: number
  readonly redirects: 'all' | 'absolute only' | 'same scheme' | 'none'
  readonly ignoresCertificateNames?: true
}

/** Everything that one client asks about one address. */
export class Walk {
  readonly asked: Typed
  readonly name: string
  readonly #network: Network
  readonly #signal: AbortSignal
  readonly #steps: Visit[] = []

  constructor(name: string, asked: Typed, network: Network, signal: AbortSignal) {
    this.name = name
    this.asked = asked
    this.#network = network
    this.#signal = signal
  }

  get steps(): readonly Step[] {
    return this.#steps.map(({ what, status, outcome, why }) => ({ what, status, outcome, why }))
  }

  /** Asks for a URL and follows redirects as the client does. The caller decides what becomes of an answer. */
  async ask(request: HttpRequest, manners: Manners, hops = 0): Promise<Visit> {
    const { method, url } = request
    const visit = this.#begin(`${method} ${url}`)
    const answer = await this.#answerTo(request, manners, visit)
    if (!answer) return visit
    const target = redirectOf(answer)
    if (target === undefined) return visit.got(answer)
    const refused = hops === maxRedirects ? 'redirects too often' : whyNotFollowed(target, url, manners)
    if (refused !== undefined) return visit.reject(`${refused}; ${this.name} does not follow it`)
    const next = follow(request, answer.status, new URL(target, url).href)
    visit.take(`redirects to ${next.url}`)
    return this.ask(next, manners, hops + 1)
  }

  async #answerTo(request: HttpRequest, manners: Manners, visit: Visit): Promise<HttpAnswer | undefined> {
    if (this.#signal.aborted) {
      visit.skip('the time limit of the rehearsal has passed')
      return undefined
    }
    const { seconds, ignoresCertificateNames } = manners
    const reply = await this.#network.http({
      ...request,
      ...(ignoresCertificateNames && { ignoresCertificateNames }),
    })
    visit.status = 'failure' in reply ? reply.failure : reply.status
    if ('failure' in reply) visit.reject(reply.reason)
    else if (reply.seconds > seconds) {
      visit.status = 'gave up'
      visit.reject(`no answer within ${seconds} seconds, the time that ${this.name} waits`)
    } else return reply
    return undefined
  }

  /** The records of a name; none if there are none. */
  async records(type: RecordType, name: string): Promise<readonly string[]> {
    const visit = this.#begin(`${type} ${name}`)
    if (this.#signal.aborted) {
      visit.skip('the time limit of the rehearsal has passed')
      return []
    }
    const reply = await this.#network.dns(type, name)
    if ('failure' in reply) {
      visit.status = reply.failure
      visit.reject(reply.reason)
      return []
    }
    visit.status = reply.records
    visit.take(`${this.name} looks at these records next`)
    return reply.records
  }

  /** Something that the client would not ask, and why. */
  skip(what: string, why: string): void {
    this.#begin(what).skip(why)
  }

  #begin(what: string): Visit {
    const visit = new Visit(what)
    this.#steps.push(visit)
    return visit
  }
}

/** A step, while it is not known how it ends. */
export class Visit implements Step {
  readonly what: string
  status: Step['status'] = null
  outcome: Outcome = 'rejected'
  why = ''
  answer: HttpAnswer | undefined

  constructor(what: string) {
    this.what = what
  }

  got(answer: HttpAnswer): this {
    this.answer = answer
    return this
  }

  take(why: string): this {
    return this.#end('taken', why)
  }

  reject(why: string): this {
    return this.#end('rejected', why)
  }

  skip(why: string): this {
    return this.#end('not asked', why)
  }

  #end(outcome: Outcome, why: string): this {
    this.outcome = outcome
    this.why = why
    return this
  }
}

/** Browsers and libsoup stop here; other clients allow fewer, but no sensible site needs more than one or two. */
const maxRedirects = 20

function redirectOf({ status, location }: HttpAnswer): string | undefined {
  return [301, 302, 303, 307, 308].includes(status) ? location : undefined
}

function whyNotFollowed(target: string, from: string, { redirects }: Manners): string | undefined {
  if (!URL.canParse(target, from)) return 'redirects to something that is not a URL'
  const { protocol } = new URL(target, from)
  if (!['http:', 'https:'].includes(protocol)) return `redirects to ${protocol}`
  if (redirects === 'none') return 'redirects'
  if (redirects === 'absolute only' && !URL.canParse(target)) return 'redirects to a relative URL'
  if (redirects === 'same scheme' && protocol !== new URL(from).protocol)
    return 'redirects between http and https'
  return undefined
}

/** A POST becomes a GET, except after 307 and 308 (WHATWG Fetch, section 4.4). */
function follow(request: HttpRequest, status: number, url: string): HttpRequest {
  return status === 307 || status === 308 ? { ...request, url } : { method: 'GET', url }
}

/** Lets a client look for the settings of an address, with an end in time. */
export async function rehearse(
  client: Client,
  asked: Typed,
  network: Network,
  signal: AbortSignal,
): Promise<Rehearsal> {
  const walk = new Walk(client.name, asked, network, signal)
  const found = await client.rehearse(walk)
  return { client: client.id, version: client.version, steps: walk.steps, account: accountOf(found) }
}

function accountOf(found: Found | undefined): Account | null {
  if (!found?.incoming && !found?.outgoing) return null
  return { incoming: serverOf(found.incoming), outgoing: serverOf(found.outgoing) }
}

function serverOf(server: Server | undefined): AccountServer | null {
  if (!server) return null
  const { hostname: host, port, socketType, username, authentication } = server
  // A client that tries begins with TLS.
  const first = socketType === 'automatic' ? 'SSL' : socketType
  return {
    type: server.type.toLowerCase(),
    host,
    port,
    socketType: first,
    username,
    ...(authentication !== undefined && { authentication }),
  }
}
