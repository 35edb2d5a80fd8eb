import { unescape as percentDecode } from 'node:querystring'
import { type Domain, parseDomain, parseEmailAddress } from '../domain/address.ts'
import type { Lookup } from '../domain/settings.ts'

/**
 * Whom a request asks about. Reads every spelling that clients are known to send, and never fails: what makes no
 * sense is as good as not sent.
 */

/** `?emailaddress=` of a URL as it came, and the host it came for. */
export function lookupByQuery(url: string, host: string): Lookup {
  const asked = parameter(url, 'emailaddress')
  return { ...(asked ? readAsked(asked) : undefined), ...readHost(host) }
}

/** A domain in the path, as ISPDB look-ups name it; an address is taken for its domain. */
export function lookupByPath(segment: string): Lookup {
  const name = fromLatin1(segment)
  const domain = parseDomain(name.slice(name.lastIndexOf('@') + 1))
  return domain ? { domain, host: domain } : {}
}

/**
 * The first non-empty value of a query parameter, decoded. A `+` stays one: FairEmail, Nextcloud, GNOME Online
 * Accounts and Thunderbird for iOS send addresses raw, and whoever encodes them sends `%2B`.
 */
function parameter(url: string, name: string): string | undefined {
  const query = url.indexOf('?') + 1
  for (let start = query; start > 0 && start < url.length; ) {
    let end = url.indexOf('&', start)
    if (end === -1) end = url.length
    const equals = start + name.length
    if (equals < end - 1 && url[equals] === '=' && url.slice(start, equals).toLowerCase() === name) {
      return decode(url.slice(equals + 1, end))
    }
    start = end + 1
  }
  return undefined
}

/** Percent-decodes; twice, since old Thunderbird encoded twice (`%2540`). */
function decode(text: string): string {
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

function readAsked(text: string): Pick<Lookup, 'domain' | 'address'> {
  const trimmed = text.trim()
  const address = parseEmailAddress(trimmed)
  if (address) return { domain: address.domain, address }
  // Without an `@` it is a domain or half an address; a name without a dot is taken for the latter.
  const domain = parseDomain(trimmed.slice(trimmed.lastIndexOf('@') + 1))
  return domain?.includes('.') ? { domain } : {}
}

const prefixes = ['autoconfig.', 'autodiscover.', 'www.'] as const

/** Without port, trailing dot and one leading `autoconfig.`, `autodiscover.` or `www.`; in any case and script. */
function readHost(text: string): { host: Domain } | undefined {
  const host = parseDomain(decode(text.replace(/:\d*$/, '')))
  if (!host) return undefined
  const prefix = prefixes.find((name) => host.startsWith(name) && host.includes('.', name.length))
  return { host: (prefix ? host.slice(prefix.length) : host) as Domain }
}
