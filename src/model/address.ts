import { domainToASCII, domainToUnicode } from 'node:url'
import { isOneLine } from './one-line.ts'

declare const brand: unique symbol

/** A domain name in the one spelling we compare by: lower case, A-labels, no trailing dot. */
export type Domain = string & { readonly [brand]: 'Domain' }

export interface EmailAddress {
  readonly localPart: string
  readonly domain: Domain
}

/** RFC 1035, section 2.3.4: 253 characters without the trailing dot. */
const longestName = 253

/** U-labels in percent-encoded UTF-8 take up to nine characters for one; what is longer is nobody's domain. */
const longestSpelling = 9 * longestName

/** ASCII that no spelling of a domain name holds; `domainToASCII` would read some of it as URL syntax. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what is refused
const foreign = /[\x00-\x2c/:-@[-`{-\x7f]/

/** An A-label that decodes to nothing stays as it is: from Node 24 on, `domainToASCII` lets it pass. */
const undecoded = /(?:^|\.)xn--/

/**
 * A domain name in any case, as U-labels or A-labels, with or without the trailing dot -> `Domain`.
 * `undefined` for what is not a host name: an IP address, an underscore, a bad A-label, an empty label.
 */
export function parseDomain(text: string): Domain | undefined {
  if (text.length > longestSpelling) return undefined
  const name = withoutFinalDot(text)
  if (spellingOf(codesOf(name), 0, name.length) === 'plain') return name as Domain
  if (foreign.test(name)) return undefined
  const ascii = withoutFinalDot(domainToASCII(text))
  const isHostName = spellingOf(codesOf(ascii), 0, ascii.length) !== undefined
  return isHostName && !undecoded.test(domainToUnicode(ascii)) ? (ascii as Domain) : undefined
}

/**
 * How a name between two places is spelled: `plain`, in the one spelling we compare by; `A-labels`, which are to be
 * decoded once to see whether they are sound; `undefined` if it is no host name in small letters. Host names are
 * letters, digits and hyphens (RFC 1123, section 2.1; Thunderbird refuses an underscore in `<domain>`), in labels of at
 * most 63 (RFC 1035, section 2.3.4), of which the last is no number: that would be an IPv4 address (WHATWG URL).
 * A loop, for texts and bytes alike, since it reads every request, and every line of a map.
 */
export function spellingOf(
  codeAt: (index: number) => number,
  start: number,
  end: number,
): 'plain' | 'A-labels' | undefined {
  if (end === start || end - start > longestName) return undefined
  let spelling: 'plain' | 'A-labels' = 'plain'
  let label = start
  let isNumber = true
  for (let at = start; at < end; at++) {
    const code = codeAt(at)
    if (code === dot) {
      if (!isLabel(codeAt, label, at)) return undefined
      label = at + 1
      isNumber = true
    } else if (code === hyphen) {
      if (at === label + 3 && codeAt(label) === 0x78 && codeAt(label + 1) === 0x6e) spelling = 'A-labels'
      isNumber = false
    } else if (code >= 0x61 && code <= 0x7a) isNumber = false
    else if (code < 0x30 || code > 0x39) return undefined
  }
  return isLabel(codeAt, label, end) && !isNumber ? spelling : undefined
}

const dot = 0x2e
const hyphen = 0x2d

const isLabel = (codeAt: (index: number) => number, start: number, end: number): boolean =>
  end > start && end - start <= 63 && codeAt(start) !== hyphen && codeAt(end - 1) !== hyphen

const codesOf =
  (text: string) =>
  (index: number): number =>
    text.charCodeAt(index)

const withoutFinalDot = (name: string): string => (name.endsWith('.') ? name.slice(0, -1) : name)

/** RFC 5321, section 4.5.3.1.1 says 64 octets; some systems allow more, and nobody this many. */
const longestLocalPart = 256

/**
 * `local@domain`, cut at the last `@` -> `EmailAddress`; `undefined` where one of the two is missing or bad. No local part
 * holds control characters (RFC 5321, section 4.1.2).
 */
export function parseEmailAddress(text: string): EmailAddress | undefined {
  const at = text.lastIndexOf('@')
  if (at < 1 || at > longestLocalPart || !isOneLine(text.slice(0, at))) return undefined
  const domain = parseDomain(text.slice(at + 1))
  return domain && { localPart: text.slice(0, at), domain }
}

export function formatEmailAddress({ localPart, domain }: EmailAddress): string {
  return `${localPart}@${domain}`
}
