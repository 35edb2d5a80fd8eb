import { unescape as percentDecode } from 'node:querystring'
import Negotiator from 'negotiator'
import { type Domain, type EmailAddress, parseDomain, parseEmailAddress } from '../model/address.ts'
import { type Lookup, lookupOf, type Person } from '../model/lookup.ts'
import { isOneLine } from '../model/one-line.ts'
import { withoutServiceName } from '../model/service-names.ts'
import { withoutInvisible } from '../model/visible-text.ts'

/**
 * Reads what a request asks about, in every spelling that clients are known to send. It never fails: a value that makes no sense
 * counts as missing.
 */

/**
 * The query of a URL as received: `emailaddress` or, as Microsoft calls it, `email`; for personal formats also `name`, `protocol`
 * (`imap` or `pop3`), `only` (`mail`), and `lang` or `language`. `host` is the host name of the request.
 */
export const lookupByQuery = (url: string, host: string, acceptLanguage = ''): Lookup =>
  new QueryLookup(url, host, acceptLanguage)

class QueryLookup implements Lookup {
  readonly domain: Domain | undefined
  readonly #address: string | undefined
  readonly #url: string
  readonly #host: string
  readonly #acceptLanguage: string

  constructor(url: string, host: string, acceptLanguage: string) {
    const address = parameter(url, 'emailaddress') ?? parameter(url, 'email')
    this.#address = address
    this.#url = url
    this.#host = host
    this.#acceptLanguage = acceptLanguage
    this.domain =
      address === undefined ? undefined : (plainDomainOf(address) ?? readAddress(decode(address))?.domain)
  }

  requestHost(): Domain | undefined {
    return readHost(this.#host)
  }

  emailMd5(): string | undefined {
    return parameter(this.#url, 'emailmd5')
  }

  person(): Person {
    const address = this.#address === undefined ? undefined : readAddress(decode(this.#address))?.address
    const name = parameter(this.#url, 'name')
    const protocol = parameter(this.#url, 'protocol')?.toLowerCase()
    return {
      address,
      // A form encodes a space as a plus sign, and a plus sign as %2B.
      realName: name === undefined ? undefined : oneLine(decode(name.replaceAll('+', ' '))),
      incoming: protocol === 'imap' || protocol === 'pop3' ? protocol : undefined,
      only: parameter(this.#url, 'only')?.toLowerCase() === 'mail' ? 'mail' : undefined,
      languages: this.#languages(),
    }
  }

  #languages(): readonly string[] {
    const language = parameter(this.#url, 'lang') ?? parameter(this.#url, 'language')
    const negotiator = new Negotiator({ headers: { 'accept-language': this.#acceptLanguage } })
    return [...(language === undefined ? [] : [language]), ...negotiator.languages()]
  }
}

/** An address as text, such as in the body of a request. */
export const lookupByAddress = (text: string, host: string): Lookup =>
  lookupOf({ ...readAddress(text), requestHost: readHost(host) })

/** An address in the path. */
export const lookupByAddressInPath = (segment: string, host: string): Lookup =>
  lookupByAddress(decode(segment), host)

/** Only the host name of the request. */
export const lookupByHost = (_url: string, host: string): Lookup => lookupOf({ requestHost: readHost(host) })

/** A domain in the path, as in the URLs of an ISPDB; an address means its domain. */
export function lookupByPath(segment: string): Lookup {
  const name = fromLatin1(segment)
  const domain = parseDomain(name.slice(name.lastIndexOf('@') + 1))
  return lookupOf({ domain, requestHost: domain })
}

/** The longest name of a person that is accepted. */
const longestName = 100

/** A name that mail and XML can contain; otherwise `undefined`. */
function oneLine(text: string): string | undefined {
  if (text.length > longestName) return undefined
  const name = withoutInvisible(text).trim()
  // A decoder replaces invalid UTF-8 by U+FFFD.
  const isName = name !== '' && isOneLine(name) && !name.includes('\ufffd')
  return isName ? name : undefined
}

/** The first non-empty value of a query parameter, as received. `name` is in lower case. */
export function parameter(url: string, name: string): string | undefined {
  for (let start = url.indexOf('?') + 1; start > 0 && start < url.length; ) {
    let end = url.indexOf('&', start)
    if (end === -1) end = url.length
    const value = start + name.length + 1
    if (value < end && url[value - 1] === '=' && isNamed(url, start, name)) return url.slice(value, end)
    start = end + 1
  }
  return undefined
}

const isNamed = (url: string, start: number, name: string): boolean =>
  url.startsWith(name, start) || url.slice(start, start + name.length).toLowerCase() === name

/** The fast case, which nearly every client sends: a domain in lower case after `@` or `%40`. */
function plainDomainOf(address: string): Domain | undefined {
  let at = address.length - 1
  while (at > 0 && address.charCodeAt(at) !== 0x40 && address.charCodeAt(at) !== 0x25) at--
  if (at < 1) return undefined
  if (address.charCodeAt(at) === 0x40) return parseDomain(address.slice(at + 1))
  return address.startsWith('40', at + 1) ? parseDomain(address.slice(at + 3)) : undefined
}

/**
 * Percent-decodes; twice, since old Thunderbird encoded twice (`%2540`). A `+` stays a `+`: FairEmail, Nextcloud, GNOME Online
 * Accounts and Thunderbird for iOS send addresses unencoded, and clients that encode send `%2B`.
 */
export function decode(text: string): string {
  let decoded = fromLatin1(text)
  for (let round = 0; round < 2 && /%[0-9a-f]{2}/i.test(decoded); round++) decoded = percentDecode(decoded)
  return decoded
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Node.js decodes the bytes of a request line and of headers as Latin-1, but clients that send other bytes than ASCII mean UTF-8. A
 * string that is not UTF-8 as Latin-1 was decoded before.
 */
function fromLatin1(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII includes them
  if (/^[\x00-\x7f]*$/.test(text)) return text
  try {
    return strictUtf8.decode(Buffer.from(text, 'latin1'))
  } catch {
    return text
  }
}

/** Exchange writes `SMTP:` before an address, and a link has `mailto:`. A local part contains no colon outside of quotes. */
const scheme = /^(?:(?:smtp|mailto):\s*)+/i

function readAddress(text: string): { domain: Domain; address?: EmailAddress } | undefined {
  const trimmed = text.trim().replace(scheme, '')
  const address = parseEmailAddress(trimmed)
  if (address) return { domain: address.domain, address }
  // Without an `@`, it is a domain or a part of an address. A name without a dot is the latter.
  const domain = parseDomain(trimmed.slice(trimmed.lastIndexOf('@') + 1))
  return domain?.includes('.') ? { domain } : undefined
}

/** Without port, trailing dot and the name of a service; in any case and script. */
function readHost(text: string): Domain | undefined {
  const host = parseHost(text)
  return host && withoutServiceName(host)
}

/** The host name of a request without port and trailing dot. */
export const parseHost = (text: string): Domain | undefined => parseDomain(decode(text.replace(/:\d*$/, '')))
