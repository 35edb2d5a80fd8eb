import type { Domain } from '../model/address.ts'
import type { AliasName } from './aliases.ts'
import { type NoLoginReason, withoutExtension } from './target.ts'

/** Where the aliases of an address end: a login name, a mailbox, or the reason why there is none. */
export type End =
  | { readonly login: string }
  /** An empty local part means the local part that was asked for. */
  | { readonly mailbox: AliasName }
  | { readonly none: NoLoginReason }

/**
 * The end of a list. A mailbox with forwarded copies is one mailbox: exactly one target is here, and all others are elsewhere.
 * `isHere` returns whether the mail of a domain is delivered to our hosts; it is not needed if no end is a mailbox.
 */
export function endOfList<E extends End>(
  ends: readonly E[],
  isHere?: (domain: Domain) => boolean,
): E | { readonly none: NoLoginReason } {
  const [first, ...others] = ends
  if (!first) return { none: 'unreadable' }
  if (others.length === 0) return first
  const unusable = ends.find((end) => 'none' in end && end.none !== 'elsewhere')
  if (unusable) return unusable
  const own = new Map(
    ends
      .filter((end) => 'login' in end || ('mailbox' in end && isHere?.(end.mailbox.domain as Domain)))
      .map((end) => [JSON.stringify(end), end]),
  )
  const [one] = own.values()
  if (!one) return { none: 'elsewhere' }
  if (own.size === 1) return one
  return { none: own.size === 2 ? 'two' : 'several' }
}

/** An end as one string for the account table. */
export function formatEnd(end: End): string {
  if ('login' in end) return `=${end.login}`
  if ('none' in end) return `!${end.none}`
  return `>${end.mailbox.localPart}@${end.mailbox.domain}`
}

export function parseEnd(text: string): End {
  const value = text.slice(1)
  if (text.startsWith('=')) return { login: value }
  if (text.startsWith('!')) return { none: value as NoLoginReason }
  const at = value.lastIndexOf('@')
  return { mailbox: { localPart: value.slice(0, at), domain: value.slice(at + 1) } }
}

/** The login name of an end: named directly, or as a mailbox on one of the mail hosts. */
export function loginOnHost(end: End, isHost: (name: string) => boolean): string | undefined {
  if ('login' in end) return end.login
  if ('none' in end || !isHost(end.mailbox.domain)) return undefined
  return withoutExtension(end.mailbox.localPart)
}
