import type { Check } from '../checks/check.ts'
import type { CheckId } from '../model/check-ids.ts'
import { printable } from '../model/one-line.ts'

/** The kinds of change. */
export type ChangeKind = 'problem-appeared' | 'problem-ended' | 'certificate-alarm'

/** Something that has changed, as the webhook and the command get it. */
export interface Change {
  readonly change: ChangeKind
  readonly id: CheckId
  /** The key of the mail host, or the public name of this service. */
  readonly host: string
  /** Only of a problem of one domain. */
  readonly domain?: string
  readonly target: string
  readonly expected: string
  readonly seen: string
  readonly advice: string
  /** When the problem was first seen (ISO 8601). */
  readonly since: string
  /** Only of an alarm: when the certificate ends (ISO 8601), and in how many whole days. */
  readonly validTo?: string
  readonly daysLeft?: number
}

/** Of what a server sent, so much is kept. */
const longestText = 300

/** The words of a check, which may repeat what a server sent: bounded, and without control characters. */
export const wordsOf = ({ target, expected, seen, advice }: Omit<Check, 'id' | 'state'>) => ({
  target: shortened(target),
  expected: shortened(expected),
  seen: shortened(seen),
  advice: shortened(advice),
})

const shortened = (text: string): string => {
  const line = printable(text)
  return line.length > longestText ? `${line.slice(0, longestText)}…` : line
}

const verbs: Readonly<Record<ChangeKind, string>> = {
  'problem-appeared': 'problem',
  'problem-ended': 'ended',
  'certificate-alarm': 'alarm',
}

/** One line for people. */
export const textOf = ({ change, id, target, expected, seen, advice }: Change): string => {
  const text = `${verbs[change].padEnd(7)} ${id} ${target}: expected ${expected}; seen: ${seen}`
  return advice === '' ? text : `${text}; ${advice}`
}

/** The part of a change that a log may contain: nothing of a domain. */
export const forLog = ({ domain, target, seen, ...change }: Change) => {
  const { id, host, since, validTo, daysLeft } = change
  const days = validTo === undefined ? {} : { validTo, daysLeft }
  return domain === undefined ? { id, host, target, seen, since, ...days } : { id, host, since, ...days }
}
