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

/** A character of a U-label takes up to nine characters in percent-encoded UTF-8. */
const longestSpelling = 9 * longestName

/** ASCII characters that no domain name contains; `domainToASCII` would parse some of them as URL syntax. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are invalid, too
const invalid = /[\x00-\x2c/:-@[-`{-\x7f]/

const aLabel = /(?:^|\.)xn--/

/**
 * A domain name in any case, as U-labels or A-labels, with or without the trailing dot -> `Domain`.
 * `undefined` for anything that is not a host name: an IP address, an underscore, an invalid A-label, an empty label.
 */
export function parseDomain(text: string): Domain | undefined {
  if (text.length > longestSpelling) return undefined
  const name = withoutFinalDot(text)
  if (spellingOf(codesOf(name), 0, name.length) === 'plain') return name as Domain
  if (invalid.test(name)) return undefined
  const ascii = withoutFinalDot(domainToASCII(text))
  const isHostName = spellingOf(codesOf(ascii), 0, ascii.length) !== undefined
  // Since Node 24, both functions accept an invalid A-label and return it unchanged.
  return isHostName && !aLabel.test(domainToUnicode(ascii)) ? (ascii as Domain) : undefined
}

/** The domain in U-labels, as people write it; `undefined` if it has no A-labels, or any that are not valid. */
export function inULabels(domain: Domain): string | undefined {
  if (!aLabel.test(domain)) return undefined
  const name = domainToUnicode(domain)
  return !aLabel.test(name) && domainToASCII(name) === domain ? name : undefined
}

/**
 * How a name is spelled: `plain`, the spelling we compare by; `A-labels`, which must be decoded once to see whether they are
 * valid; `undefined` if it is not a host name in lower case. Host names consist of letters, digits and hyphens (RFC 1123,
 * section 2.1; Thunderbird rejects an underscore in `<domain>`), in labels of at most 63 (RFC 1035, section 2.3.4), the last
 * of which is not a number: that would be an IPv4 address (WHATWG URL). A loop over character codes, because it runs for
 * every request and every line of a map, on strings and on bytes.
 */
export function spellingOf(
  codeAt: (index: number) => number,
  start: number,
  end: number,
): 'plain' | 'A-labels' | undefined {
  if (end - start > longestName) return undefined
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

/** RFC 5321, section 4.5.3.1.1 allows 64 octets; some systems allow more, but none this many. */
const longestLocalPart = 256

/**
 * `local@domain`, split at the last `@` -> `EmailAddress`; `undefined` if a part is missing or invalid. A local part contains no
 * control characters (RFC 5321, section 4.1.2).
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
