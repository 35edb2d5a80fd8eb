import { endMark } from '../reading/file-end.ts'
import type { Extent } from './extent.ts'

/** So many domains or logins may always go: a small provider loses half of them when two customers leave. */
const handful = 10

const counted = [
  ['domains', 'domains'],
  ['logins', 'logins'],
  ['ispdbDomains', 'domains of ISPDB files'],
] as const

/**
 * Why a configuration looks like an accident, such as an export that failed, compared with the one before it: it has lost most
 * domains or logins, or a file seems to be cut. Empty if it does not.
 */
export function lossesBetween(before: Extent, after: Extent): string[] {
  const counts = counted.flatMap(([key, noun]) => {
    const lost = before[key] - after[key]
    const isLarge = lost > handful && lost * 100 > before[key] * before.maxLoss
    return isLarge ? `${digits(before[key])} → ${digits(after[key])} ${noun}` : []
  })
  return before.maxLoss === 100 ? [] : [...counts, ...cutFiles(before, after), ...cutSections(before, after)]
}

const digits = (number: number): string => number.toLocaleString('en-US')

function cutFiles(before: Extent, after: Extent): string[] {
  const earlier = new Map(before.ends)
  return after.ends.flatMap(([file, end]) => {
    const was = earlier.get(file)
    if (was === 'mark' && end !== 'mark') return `${file} no longer ends with the line "${endMark}"`
    return was === 'line' && end === 'middle' ? `${file} ends in the middle of a line` : []
  })
}

/** A file that is cut between two sections has lost the last ones. */
function cutSections(before: Extent, after: Extent): string[] {
  const lost = before.sections.slice(after.sections.length)
  const isCut =
    lost.length > 0 && after.sections.every((section, index) => section === before.sections[index])
  return isCut ? [`the configuration ends before ${lost.map((section) => `${section}:`).join(', ')}`] : []
}
