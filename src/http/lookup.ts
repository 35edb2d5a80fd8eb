import { unescape as percentDecode } from 'node:querystring'
import Negotiator from 'negotiator'
import { type Domain, type EmailAddress, parseDomain, parseEmailAddress } from '../model/address.ts'
import { isOneLine } from '../model/one-line.ts'
import type { Lookup, Person } from '../model/settings.ts'

/**
 * Whom a request asks about. Reads every spelling that clients are known to send, and never fails: what makes no
 * sense is as good as not sent. What a request says is read when the directory asks for it, and not before: most
 * are answered by their domain alone.
 */

/**
 * The query of a URL as it came: `emailaddress` or, as Microsoft calls it, `email`; and for those formats that are made for
 * one person, `name`, `protocol` (`imap` or `pop3`) and `language`. Then the host it came for, and its Accept-Language.
 */
export function lookupByQuery(url: string, host: string, acceptLanguage = ''): Lookup {
  return new QueryLookup(url, host, acceptLanguage)
}

class QueryLookup implements Lookup {
  readonly domain: Domain | undefined
  readonly #asked: string | undefined
  readonly #url: string
  readonly #host: string
  readonly #acceptLanguage: string

  constructor(url: string, host: string, acceptLanguage: string) {
    const asked = parameter(url, 'emailaddress') ?? parameter(url, 'email')
    this.#asked = asked
    this.#url = url
    this.#host = host
    this.#acceptLanguage = acceptLanguage
    this.domain = asked === undefined ? undefined : (plainDomainOf(asked) ?? readAsked(decode(asked))?.domain)
  }

  get emailMd5(): string | undefined {
    return parameter(this.#url, 'emailmd5')
  }

  get realName(): string | undefined {
    const name = parameter(this.#url, 'name')
    // A form writes blanks as plus signs, and a plus in a name as %2B.
    return name === undefined ? undefined : oneLine(decode(name.replaceAll('+', ' ')))
  }

  get incoming(): Person['incoming'] {
    const protocol = parameter(this.#url, 'protocol')?.toLowerCase()
    return protocol === 'imap' || protocol === 'pop3' ? protocol : undefined
  }

  get languages(): readonly string[] {
    const language = parameter(this.#url, 'language')
    const negotiator = new Negotiator({ headers: { 'accept-language': this.#acceptLanguage } })
    return [...(language === undefined ? [] : [language]), ...negotiator.languages()]
  }

  get address(): EmailAddress | undefined {
    return this.#asked === undefined ? undefined : readAsked(decode(this.#asked))?.address
  }

  get host(): Domain | undefined {
    return readHost(this.#host)
  }
}

/** An address in words of its own, as it stands in the body of a request, and the host it came for. */
export function lookupByAddress(text: string, host: string): Lookup {
  return { ...readAsked(text), host: readHost(host) }
}

/** An address in the path, and the host it came for. */
export function lookupByAddressInPath(segment: string, host: string): Lookup {
  return lookupByAddress(decode(segment), host)
}

/** The host that a request came for alone. */
export function lookupByHost(_url: string, host: string): Lookup {
  return { host: readHost(host) }
}

/** A domain in the path, as ISPDB look-ups name it; an address is taken for its domain. */
export function lookupByPath(segment: string): Lookup {
  const name = fromLatin1(segment)
  const domain = parseDomain(name.slice(name.lastIndexOf('@') + 1))
  return { domain, host: domain }
}

/** The longest name of a person that is taken; what is longer is nobody's. */
const longestName = 100

/** A name as it can stand in mail and in XML; `undefined` for what is none. */
function oneLine(text: string): string | undefined {
  const name = text.trim()
  // A decoder puts U+FFFD where there was no UTF-8.
  const isName = name !== '' && name.length <= longestName && isOneLine(name) && !name.includes('\ufffd')
  return isName ? name : undefined
}

/** The first non-empty value of a query parameter, as it came; the name in small letters. */
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

/** The short way for what nearly every client sends: a domain in small letters behind `@` or `%40`. */
function plainDomainOf(asked: string): Domain | undefined {
  let at = asked.length - 1
  while (at > 0 && asked.charCodeAt(at) !== 0x40 && asked.charCodeAt(at) !== 0x25) at--
  if (at < 1) return undefined
  if (asked.charCodeAt(at) === 0x40) return parseDomain(asked.slice(at + 1))
  return asked.startsWith('40', at + 1) ? parseDomain(asked.slice(at + 3)) : undefined
}

/**
 * Percent-decodes; twice, since old Thunderbird encoded twice (`%2540`). A `+` stays one: FairEmail, Nextcloud, GNOME
 * Online Accounts and Thunderbird for iOS send addresses raw, and whoever encodes them sends `%2B`.
 */
export function decode(text: string): string {
  let decoded = fromLatin1(text)
  for (let round = 0; round < 2 && /%[0-9a-f]{2}/i.test(decoded); round++) decoded = percentDecode(decoded)
  return decoded
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Node reads the bytes of a request line and of headers as Latin-1; who sends others than ASCII means UTF-8. A text
 * that is no UTF-8, read so, was decoded before.
 */
function fromLatin1(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  if (/^[\x00-\x7f]*$/.test(text)) return text
  try {
    return strictUtf8.decode(Buffer.from(text, 'latin1'))
  } catch {
    return text
  }
}

function readAsked(text: string): { domain: Domain; address?: EmailAddress } | undefined {
  const trimmed = text.trim()
  const address = parseEmailAddress(trimmed)
  if (address) return { domain: address.domain, address }
  // Without an `@` it is a domain or half an address; a name without a dot is taken for the latter.
  const domain = parseDomain(trimmed.slice(trimmed.lastIndexOf('@') + 1))
  return domain?.includes('.') ? { domain } : undefined
}

const prefixes = ['autoconfig.', 'autodiscover.', 'ua-auto-config.', 'www.'] as const

/** Without port, trailing dot and one leading name of `prefixes`; in any case and script. */
function readHost(text: string): Domain | undefined {
  const host = parseHost(text)
  const prefix = prefixes.find((name) => host?.startsWith(name) && host.includes('.', name.length))
  return prefix ? (host?.slice(prefix.length) as Domain) : host
}

/** The host name that was asked, whole but for port and trailing dot. */
export const parseHost = (text: string): Domain | undefined => parseDomain(decode(text.replace(/:\d*$/, '')))
