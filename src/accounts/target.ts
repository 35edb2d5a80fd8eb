import type { Domain, EmailAddress } from '../model/address.ts'
import { isOneLine } from '../model/one-line.ts'
import { splitAddress } from './virtual-map.ts'

/** The first character of a target: a login name, or the address of a mailbox. Without either, there is no login name. */
const marks = { login: '=', mailbox: '>' } as const

/** The target of an address, as one string for the account table. */
export const loginTarget = (login: string): string => `${marks.login}${login}`
export const mailboxTarget = (address: string): string => `${marks.mailbox}${address}`
export const noTarget = ''

/** The login name in a target. */
export const loginOfTarget = (target: string): string | undefined =>
  target.startsWith(marks.login) ? target.slice(marks.login.length) : undefined

/** The mailbox in a target. An empty local part means the local part that was asked for. */
export function mailboxOfTarget(target: string): EmailAddress | undefined {
  const mailbox = target.startsWith(marks.mailbox)
    ? splitAddress(target.slice(marks.mailbox.length))
    : undefined
  return mailbox && { localPart: mailbox.localPart, domain: mailbox.domain as Domain }
}

/** The login name in a target: named directly, or as a mailbox on one of the mail hosts. */
export function loginOnHost(target: string, isHost: (name: string) => boolean): string | undefined {
  const mailbox = mailboxOfTarget(target)
  if (mailbox) return isHost(mailbox.domain) ? withoutExtension(mailbox.localPart) : undefined
  return loginOfTarget(target)
}

/**
 * The targets of an alias -> one target. Pipes, files and lists are not a mailbox (aliases(5)): the address exists, but has no
 * login name. Returns `undefined` for a target that cannot be a login name.
 */
export function readTarget(targets: readonly string[]): string | undefined {
  const [target = '', ...others] = targets
  if (others.length > 0 || /^[|/:"\\]/.test(target)) return noTarget
  if (target.includes('@')) return splitAddress(target) ? mailboxTarget(target) : undefined
  return isLogin(target) ? loginTarget(withoutExtension(target)) : undefined
}

/** Can people type the text as a login name? Answers of backends are checked, too. */
export const isLogin = (text: string): boolean =>
  text !== '' && text.length <= 255 && isOneLine(text) && !text.includes('\ufffd')

/** `user0001+sales` belongs to the mailbox `user0001` (postconf(5), `recipient_delimiter`). */
export function withoutExtension(localPart: string): string {
  const plus = localPart.indexOf('+', 1)
  return plus === -1 ? localPart : localPart.slice(0, plus)
}
