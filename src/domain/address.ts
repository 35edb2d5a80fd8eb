import { domainToASCII } from 'node:url'

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

/** Letters, digits and hyphens, as RFC 1123, section 2.1 has them; Thunderbird refuses an underscore in `<domain>`. */
const hostName = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/

/** A last label of digits alone makes the name an IPv4 address (WHATWG URL, "ends in a number"). */
const endsInNumber = /(?:^|\.)\d+$/

/** ASCII that no spelling of a domain name holds; `domainToASCII` would read some of it as URL syntax. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what is refused
const foreign = /[\x00-\x2c/:-@[-`{-\x7f]/

/**
 * A domain name in any case, as U-labels or A-labels, with or without the trailing dot -> `Domain`.
 * `undefined` for what is not a host name: an IP address, an underscore, a bad A-label, an empty label.
 */
export function parseDomain(text: string): Domain | undefined {
  if (text.length > longestSpelling) return undefined
  let name = withoutFinalDot(text)
  if (!hostName.test(name) || name.includes('xn--')) {
    if (foreign.test(name)) return undefined
    name = withoutFinalDot(domainToASCII(text))
    if (!hostName.test(name)) return undefined
  }
  if (name.length > longestName || endsInNumber.test(name)) return undefined
  return name as Domain
}

const withoutFinalDot = (name: string): string => (name.endsWith('.') ? name.slice(0, -1) : name)

/** `local@domain`, cut at the last `@` -> `EmailAddress`; `undefined` where one of the two is missing or bad. */
export function parseEmailAddress(text: string): EmailAddress | undefined {
  const at = text.lastIndexOf('@')
  if (at < 1) return undefined
  const domain = parseDomain(text.slice(at + 1))
  return domain && { localPart: text.slice(0, at), domain }
}

export function formatEmailAddress({ localPart, domain }: EmailAddress): string {
  return `${localPart}@${domain}`
}
