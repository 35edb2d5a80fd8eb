import { withoutExtension } from './target.ts'
import type { VirtualAlias } from './virtual-map.ts'

/**
 * The warning for a map of which Postfix needs only the keys, given as an alias map: the value is a path
 * (`virtual_mailbox_maps`), a word such as OK, or one and the same word behind most addresses (`relay_recipient_maps`). Such a
 * value is no login name: the address itself is the mailbox.
 */
export const mailboxMapMessage =
  'looks like a mailbox map (virtual_mailbox_maps, relay_recipient_maps), not an alias map: the value is not a login name; the address itself counts as the mailbox'

/** Returns which lines of a file are those of a mailbox map. */
export function findMailboxMap(aliases: readonly VirtualAlias[]): (alias: VirtualAlias) => boolean {
  const paths = aliases.filter(isPath).length
  // Some mailbox maps have absolute paths, which in an alias map are files to deliver to.
  const allPaths = paths > aliases.length / 2
  const word = commonWord(aliases)
  return (alias) => {
    const { targets, value, localPart } = alias
    if (isPath(alias)) return allPaths || !value.startsWith('/')
    if (targets.length === 1 && targets.some((target) => 'none' in target && target.none === 'exists'))
      return true
    return word !== undefined && localPart !== '' && wordOf(alias) === word
  }
}

function isPath({ targets: [target, ...others] }: VirtualAlias): boolean {
  return others.length === 0 && target !== undefined && 'none' in target && target.none === 'path'
}

const wordOf = ({ targets: [target, ...others] }: VirtualAlias): string | undefined =>
  others.length === 0 && target && 'login' in target ? target.login : undefined

/** Addresses that one person often has in addition to their own. */
const roles =
  /^(?:abuse|admin|administrator|billing|contact|hello|help|hostmaster|info|job|jobs|kontakt|mail|mailer-daemon|marketing|news|newsletter|no-?reply|noc|office|order|orders|post|postmaster|root|sales|security|service|shop|support|team|usenet|webmaster|www)$/

/** The fewest people behind one word. If it has digits, as `user0001`, it may be the login of somebody with many addresses. */
const fewest = { word: 3, numbered: 20 } as const

/** One and the same word behind most addresses, and too many different people, to be a login name. */
function commonWord(aliases: readonly VirtualAlias[]): string | undefined {
  const people = aliases.filter(({ localPart }) => localPart !== '' && !roles.test(localPart))
  const counts = new Map<string, Set<string>>()
  for (const alias of people) {
    const word = wordOf(alias)
    if (word === undefined) continue
    const names = counts.get(word)
    if (names) names.add(withoutExtension(alias.localPart))
    else counts.set(word, new Set([alias.localPart]))
  }
  const [word = '', names = new Set()] = [...counts].sort(([, a], [, b]) => b.size - a.size)[0] ?? []
  const isNumbered = /[a-z].*\d/i.test(word)
  const isSomebody = names.has(word.toLowerCase()) || aliases.some((alias) => isCatchAllOf(alias, word))
  const share = people.filter((alias) => wordOf(alias) === word).length / people.length
  return share > 0.5 && names.size >= fewest[isNumbered ? 'numbered' : 'word'] && !isSomebody
    ? word
    : undefined
}

const isCatchAllOf = (alias: VirtualAlias, word: string): boolean =>
  alias.localPart === '' && wordOf(alias) === word
