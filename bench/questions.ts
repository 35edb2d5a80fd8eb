import type { Answer } from './connection.ts'
import { domainAt, hostKeyAt } from './domains.ts'
import { hostnameOf } from './provider.ts'

/** The one path that all candidates answer. */
const path = '/mail/config-v1.1.xml'

/** One request, and how to know its right answers. */
export interface Question {
  readonly request: string
  readonly domainElement: string
  /** What the answer of each generation of the map holds. */
  readonly hostElements: readonly string[]
}

/** What a mail client of this domain asks. */
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

/** So many questions, spread evenly over the first `among` domains. */
export function questions(count: number, among: number): readonly Question[] {
  return Array.from({ length: Math.min(count, among) }, (_, turn) =>
    questionAt(Math.floor((turn * among) / Math.min(count, among))),
  )
}

/**
 * Which answers are right: those of one of these generations of the map. `anything` is for a candidate that
 * answers one finished document whatever is asked.
 */
export type Right = readonly number[] | 'anything'

/** What is wrong with an answer, in a few words; undefined if it is right. */
export function fault(question: Question, answer: Answer, right: Right): string | undefined {
  if (answer.status !== 200) return `status ${answer.status}`
  if (right === 'anything') return undefined
  if (!answer.body.includes(question.domainElement)) return `no ${question.domainElement}`
  const found = question.hostElements.findIndex((element) => answer.body.includes(element))
  return right.includes(found) ? undefined : `answer of generation ${found} instead of ${right.join(' or ')}`
}
