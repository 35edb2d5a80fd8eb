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
 * `isHere` returns whether the mail of a domain is delivered to our hosts.
 */
export function endOfList(ends: readonly End[], isHere: (domain: Domain) => boolean): End {
  const [first, ...others] = ends
  if (!first) return { none: 'unreadable' }
  if (others.length === 0) return first
  const unusable = ends.find((end) => 'none' in end && end.none !== 'elsewhere')
  if (unusable) return unusable
  const own = new Map(
    ends
      .filter((end) => 'login' in end || ('mailbox' in end && isHere(end.mailbox.domain as Domain)))
      .map((end) => [JSON.stringify(end), end]),
  )
  const [one] = own.values()
  if (!one) return { none: 'elsewhere' }
  if (own.size === 1) return one
  return { none: own.size === 2 ? 'two' : 'several' }
}

/** An end, and the line that it comes from, as one string for the account table. */
export function formatEnd(end: End, place: string): string {
  if ('login' in end) return `=${end.login}\t${place}`
  if ('none' in end) return `!${end.none}\t${place}`
  return `>${end.mailbox.localPart}@${end.mailbox.domain}\t${place}`
}

export function parseEnd(text: string): { readonly end: End; readonly place: string } {
  const tab = text.lastIndexOf('\t')
  const value = text.slice(1, tab)
  const place = text.slice(tab + 1)
  if (text.startsWith('=')) return { end: { login: value }, place }
  if (text.startsWith('!')) return { end: { none: value as NoLoginReason }, place }
  const at = value.lastIndexOf('@')
  return { end: { mailbox: { localPart: value.slice(0, at), domain: value.slice(at + 1) } }, place }
}

/** The login name of an end: named directly, or as a mailbox on one of the mail hosts. */
export function loginOnHost(end: End, isHost: (name: string) => boolean): string | undefined {
  if ('login' in end) return end.login
  if ('none' in end || !isHost(end.mailbox.domain)) return undefined
  return withoutExtension(end.mailbox.localPart)
}
