import type { Answer } from './connection.ts'
import { domainAt, hostKeyAt } from './domains.ts'
import { hostnameOf } from './provider.ts'

/** The only path that all candidates answer. */
const path = '/mail/config-v1.1.xml'

/** One request, and a way to recognise its right answers. */
export interface Question {
  readonly request: string
  readonly domainElement: string
  /** The text that the answer of each generation of the map contains. */
  readonly hostElements: readonly string[]
}

/** The request of a mail client of this domain. */
export function questionAt(index: number): Question {
  const domain = domainAt(index)
  return {
    request: `GET ${path}?emailaddress=jane%40${domain} HTTP/1.1\r\nHost: autoconfig.${domain}\r\n\r\n`,
    domainElement: `<domain>${domain}</domain>`,
    hostElements: [0, 1].map(
      (generation) => `<hostname>${hostnameOf(hostKeyAt(index, generation))}</hostname>`,
    ),
  }
}

/** This number of requests, spread evenly over the first `among` domains. */
export function questions(count: number, among: number): readonly Question[] {
  return Array.from({ length: Math.min(count, among) }, (_, turn) =>
    questionAt(Math.floor((turn * among) / Math.min(count, among))),
  )
}

/**
 * The right answers: those of one of these generations of the map. `anything` is for a candidate that answers every request
 * with one finished document.
 */
export type Right = readonly number[] | 'anything'

/** The error in an answer, in a few words; undefined if the answer is right. */
export function mistake(question: Question, answer: Answer, right: Right): string | undefined {
  if (answer.status !== 200) return `status ${answer.status}`
  if (right === 'anything') return undefined
  if (!answer.body.includes(question.domainElement)) return `no ${question.domainElement}`
  const found = question.hostElements.findIndex((element) => answer.body.includes(element))
  return right.includes(found) ? undefined : `answer of generation ${found} instead of ${right.join(' or ')}`
}
