/** Warnings about names that are valid and still wrong for what they stand for. */

/** A host name that clients connect to. */
export const hostnameWarnings = (hostname: string): string[] =>
  hostname.includes('.') && !isLocal(hostname)
    ? []
    : [
        `is ${hostname}: outside of your network, clients find no such host; write the full name, such as mail.example.org`,
      ]

/** The odd kinds of domain of mail addresses, or of pattern such as `.example.org`. */
export const oddities = {
  local: 'is a name of this machine only: no mail client asks for it',
  suffix:
    'looks like a public suffix, under which others register domains: mail addresses end in a longer name',
  belowSuffix:
    'covers every domain under a public suffix, which belong to many people: are all of them yours?',
} as const
export type Oddity = keyof typeof oddities

export function oddityOf(pattern: string): Oddity | undefined {
  const domain = pattern.replace(/^\./, '')
  if (domain === '') return undefined
  if (isLocal(domain)) return 'local'
  if (domain.includes('.') && !publicSuffix.test(domain)) return undefined
  return pattern.startsWith('.') ? 'belowSuffix' : 'suffix'
}

/**
 * Can a domain in `bytes[start, end)` be odd? Nearly all lines of a large map are not, which their last label shows: all known
 * suffixes of two labels are short, and the local ones end in a label of nine or eleven letters.
 */
export function mayBeOdd(bytes: Uint8Array, start: number, end: number): boolean {
  let dot = end - 1
  while (dot >= start && bytes[dot] !== 0x2e) dot--
  const last = end - dot - 1
  return dot < start || (last === 2 && dot - start <= longestSecondLevel) || last === 9 || last === 11
}

/** RFC 6761, section 6.3. */
const isLocal = (name: string): boolean => /(?:^|\.)(?:localhost|localdomain)$/.test(name)

/** The second levels that most registries have, as in `co.uk`, and some that a few have. The whole list changes each week. */
const publicSuffix =
  /^(?:(?:ac|co|com|edu|gob|gouv|gov|govt|mil|net|nom|org|sch)\.[a-z]{2}|(?:gv|or)\.at|(?:go|ne|or)\.(?:id|jp|ke|kr|th|tz|ug)|(?:ltd|me|plc)\.uk)$/
const longestSecondLevel = 'gouv'.length
