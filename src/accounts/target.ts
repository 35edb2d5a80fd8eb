import { type Domain, parseDomain } from '../model/address.ts'
import { isOneLine } from '../model/one-line.ts'
import { hasInvisible } from '../model/visible-text.ts'

/** Why a target is no login name, as the end of "virtual:5 …". */
export const reasons = {
  program: 'delivers to a program',
  path: 'delivers to a file or directory',
  include: 'includes a file with a list',
  directive: 'has an instruction for the mail server instead of a login',
  exists: 'only says that the address exists',
  unreadable: 'has a target that is not a login',
  loop: 'leads in a circle, or through more than ten aliases',
  two: 'has two mailboxes',
  several: 'has several mailboxes',
  otherHost: 'leads to a mailbox on another host',
  elsewhere: 'leads to a domain that is not served here',
} as const
export type NoLoginReason = keyof typeof reasons

/** One of the targets of an address, as written in a map, a database or a link. */
export type Target =
  | { readonly login: string }
  /** An empty local part means the local part that was asked for. `text` is the address without escapes. */
  | { readonly text: string; readonly localPart: string; readonly domain: Domain }
  | { readonly none: NoLoginReason }

/**
 * Splits a value at commas and white space, and undoes the escapes of Postfix: a backslash before a character, and double
 * quotes (RFC 5321, section 4.1.2). In `jane\@example.com`, as Virtualmin writes it, the @ is a part of the login name.
 */
export function parseTargets(value: string): Target[] {
  const words = splitWords(value)
  // The words after REJECT and error: are a text for people.
  const first = words[0] && targetOf(words[0])
  return first && 'none' in first && first.none === 'directive' ? [first] : words.map(targetOf)
}

/** Can people type the text as a login name? */
export const isLogin = (text: string): boolean =>
  text !== '' && text.length <= 255 && isOneLine(text) && !text.includes('\ufffd') && !hasInvisible(text)

/** `user0001+sales` belongs to the mailbox `user0001` (postconf(5), `recipient_delimiter`). */
export function withoutExtension(localPart: string): string {
  const plus = localPart.indexOf('+', 1)
  return plus === -1 ? localPart : localPart.slice(0, plus)
}

interface Word {
  text: string
  /** The place of the last @ that is not escaped. */
  at: number
  readable: boolean
}

function splitWords(value: string): Word[] {
  const words: Word[] = []
  let word: Word | undefined
  let isQuoted = false
  let isEscaped = false
  for (const char of value) {
    if (!isQuoted && !isEscaped && /[\s,]/.test(char)) {
      word = undefined
      continue
    }
    if (!word) {
      word = { text: '', at: -1, readable: true }
      words.push(word)
    }
    if (isEscaped) {
      // Nobody escapes a letter within a name: this is DOMAIN\user of Windows, which Postfix reads as one name.
      if (char === '\\' || (word.text !== '' && /[a-z\d]/i.test(char))) word.readable = false
      word.text += char
      isEscaped = false
    } else if (char === '\\') isEscaped = true
    else if (char === '"') isQuoted = !isQuoted
    else {
      if (char === '@' && !isQuoted) word.at = word.text.length
      word.text += char
    }
  }
  if (word && (isQuoted || isEscaped)) word.readable = false
  return words
}

function targetOf({ text, at, readable }: Word): Target {
  if (text.startsWith('|') || text.startsWith('!')) return { none: 'program' }
  if (/^:include:/i.test(text)) return { none: 'include' }
  if (exists.test(text)) return { none: 'exists' }
  if (directive.test(text)) return { none: 'directive' }
  if (text.includes('/')) return { none: 'path' }
  if (!readable || unusual.test(text) || !isLogin(text)) return { none: 'unreadable' }
  if (at === -1) return { login: text }
  const localPart = text.slice(0, at)
  const domain = parseDomain(text.slice(at + 1))
  if (!domain) return { none: 'unreadable' }
  // A local address is a name without a domain.
  if (localMachine.test(domain)) return localPart === '' ? { none: 'unreadable' } : { login: localPart }
  return { text, localPart, domain }
}

/** Values of maps of which Postfix needs only the keys, such as relay_recipient_maps. */
const exists = /^(?:ok|n\/?a)$/i

/**
 * Actions of access(5), `error:` and `discard:` of transport(5) and sendmail's virtusertable, `:fail:` of Exim. No name of an
 * account contains a colon: it may separate a username and a password.
 */
const directive = /:|^(?:reject|discard|relay|dunno|defer|defer_if_permit|defer_if_reject|hold|permit)$/i

/** `%1` of sendmail and `$1` of regular expressions, `{SHA}` and `$6$` of passwords, comments and angle brackets. */
const unusual = /%[\dsud](?![a-z])|^[${]|\$[\d{]|[<>()]|^@$/i

const localMachine = /^localhost(?:\.localdomain|[46])?$/
