import type { Reader as AutodiscoverReader, Question } from './autodiscover-readers/reader.ts'
import type { Found } from './client.ts'
import type { HttpAnswer } from './network.ts'
import { type Account, type Asked, IllFormed, Incomplete, type Reader, Rejected } from './readers/reader.ts'
import type { Manners, Visit, Walk } from './walk.ts'

/** How a client reads the answers at some URLs. */
export interface Rules extends Manners {
  readonly ask: (asked: Asked) => Question
  readonly read: (answer: HttpAnswer, asked: Asked) => Account
  readonly accepts: keyof typeof statuses
  /** Prefixes of the media types that it reads; any, if there are none. */
  readonly mediaTypes?: readonly string[]
  /** Which useless answer ends its search. */
  readonly ends: keyof typeof endings
  /** An answer that ends its search although its status is an error. */
  readonly stopsAt?: (answer: HttpAnswer) => string | undefined
  /** It takes an account without incoming or outgoing server. */
  readonly takesHalf?: true
}

const statuses = {
  success: (status: number) => status >= 200 && status < 300,
  '200': (status: number) => status === 200,
  'all but 404': (status: number) => status !== 404,
  any: () => true,
}

const endings = {
  never: undefined,
  'any answer': 'takes any 2xx as the end of its search',
  'well-formed XML': 'takes any well-formed XML as the end of its search',
  'readable document': 'takes any document that it can parse as the end of its search',
}

const ends: Readonly<Record<keyof typeof endings, (error: Rejected) => boolean>> = {
  never: () => false,
  'any answer': () => true,
  'well-formed XML': (error) => !(error instanceof IllFormed),
  'readable document': (error) => error instanceof Incomplete,
}

type Style = Omit<Rules, 'ask' | 'read'>

export const autoconfigRules = (reader: Reader, style: Style): Rules => ({
  ...style,
  ask: () => ({ method: 'GET', headers: {} }),
  read: ({ body }, asked) => reader.read(body, asked),
})

/** The readers of Autodiscover check status and media type themselves. */
export const autodiscoverRules = (
  reader: AutodiscoverReader,
  style: Manners & Partial<Pick<Rules, 'ends' | 'takesHalf'>>,
): Rules => ({ accepts: 'any', ends: 'never', ...style, ask: reader.asks, read: reader.read })

/** The end of a search: the account, or nothing. */
export interface Ending extends Found {
  readonly visit: Visit
}

/** Asks one URL after the other until an answer ends the search. `undefined` if none does. */
export async function inTurn(walk: Walk, urls: readonly string[], rules: Rules): Promise<Ending | undefined> {
  for (const [index, url] of urls.entries()) {
    const ending = judge(walk, await ask(walk, url, rules), rules)
    if (!ending) continue
    for (const rest of urls.slice(index + 1)) walk.skip(questionOf(walk, rest, rules), `the search has ended`)
    return ending
  }
  return undefined
}

/** Asks all URLs at once; the first of them in this order decides. */
export async function together(
  walk: Walk,
  urls: readonly string[],
  rules: Rules,
): Promise<Ending | undefined> {
  const visits = await Promise.all(urls.map((url) => ask(walk, url, rules)))
  let ending: Ending | undefined
  for (const visit of visits) {
    if (!ending) ending = judge(walk, visit, rules)
    else if (visit.answer) visit.reject(`asked at the same time, but ${urlOf(ending.visit)} comes first`)
  }
  return ending
}

/** The first search with an account decides; the accounts of the others are not used. */
export function preferred(walk: Walk, endings: readonly (Ending | undefined)[]): Ending | undefined {
  const [first, ...others] = endings.filter(hasServer)
  for (const other of others)
    other.visit.reject(`has settings, but ${walk.name} prefers those from ${urlOf(first?.visit as Visit)}`)
  return first
}

export const hasServer = <Kind extends Found>(found: Kind | undefined): found is Kind =>
  found?.incoming !== undefined || found?.outgoing !== undefined

/** The host names of URLs can be U-labels, as people type them. */
const normalized = (url: string): string => new URL(url).href

const urlOf = (visit: Visit): string => visit.what.replace(/^\S+ /, '')

function questionOf(walk: Walk, url: string, rules: Rules): string {
  return `${rules.ask(walk.asked).method} ${normalized(url)}`
}

function ask(walk: Walk, url: string, rules: Rules): Promise<Visit> {
  return walk.ask({ url: normalized(url), ...rules.ask(walk.asked) }, rules)
}

function judge(walk: Walk, visit: Visit, rules: Rules): Ending | undefined {
  const { answer } = visit
  if (!answer) return undefined
  const stop = rules.stopsAt?.(answer)
  if (stop !== undefined) return { visit: visit.reject(stop) }
  if (!statuses[rules.accepts](answer.status)) {
    visit.reject(`status ${answer.status}: no settings here`)
    return undefined
  }
  try {
    const account = read(answer, walk.asked, rules)
    visit.take(`${walk.name} sets up the account from this document`)
    return { ...account, visit }
  } catch (error) {
    if (!(error instanceof Rejected)) throw error
    if (rules.takesHalf && error instanceof Incomplete && hasServer(error.found)) {
      visit.take(`${walk.name} takes half an account: ${error.message}`)
      return { ...error.found, visit }
    }
    const content = contentOf(answer, error)
    if (!ends[rules.ends](error)) {
      visit.reject(`${walk.name} cannot use ${content}`)
      return undefined
    }
    const why = `${walk.name} ${endings[rules.ends]}: ${content} hides settings at other addresses`
    return { visit: visit.reject(why) }
  }
}

function read(answer: HttpAnswer, asked: Asked, rules: Rules): Account {
  const { contentType } = answer
  if (rules.mediaTypes?.every((type) => !contentType.startsWith(type)))
    throw new Rejected(contentType === '' ? 'without a Content-Type' : `sent as ${contentType}`)
  return rules.read(answer, asked)
}

/** A parked domain or a catch-all of a web site is the commonest error, so it has words of its own. */
function contentOf({ body }: HttpAnswer, { message }: Rejected): string {
  if (body.length === 0) return 'an empty answer'
  const isPage = /^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b/i.test(
    Buffer.from(body.subarray(0, 500)).toString(),
  )
  return `${isPage ? 'this web page' : 'this document'} (${message})`
}
