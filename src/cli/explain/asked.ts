import { decode, lookupByQuery } from '../../http/lookup.ts'
import { type Domain, type EmailAddress, parseEmailAddress } from '../../model/address.ts'
import { domainOfServiceName, withoutServiceName } from '../../model/service-names.ts'
import { readAddressOrDomain } from '../arguments.ts'

/** The address or domain that a person asks about. */
export interface Asked {
  readonly domain: Domain
  readonly address?: EmailAddress
  /** The host of a URL, which can answer for a domain that is not served. */
  readonly requestHost: Domain
}

/**
 * An address or a domain as people paste it: `Joe <joe@example.org>`, `mailto:joe@example.org`, `autoconfig.example.org`, or a URL
 * that a client asked. `undefined` for any other text.
 */
export function readAsked(text: string): Asked | undefined {
  const pasted = /<([^<>]+)>\s*$/.exec(text)?.[1] ?? text
  const trimmed = pasted.trim().replace(/^(mailto|smtp):/i, '')
  if (/^https?:\/\//i.test(trimmed)) return readUrl(trimmed)
  const target = readAddressOrDomain(trimmed) ?? readAddressOrDomain(decode(trimmed.replace(/\?.*/, '')))
  if (!target) return trimmed.includes('/') ? readUrl(`https://${trimmed}`) : undefined
  const { domain, address } = target
  const isService = !address && domainOfServiceName(domain) !== undefined
  const meant = isService ? withoutServiceName(domain) : domain
  return { domain: meant, ...(address && { address }), requestHost: meant }
}

/** The address in the query or in the path, the domain in the path of an ISPDB, or the host. */
function readUrl(text: string): Asked | undefined {
  const [, host, rest] = text.split(/^https?:\/\/([^/?#]*)/i) as [string, string, string]
  const lookup = lookupByQuery(rest, host)
  const requestHost = lookup.requestHost()
  if (!requestHost) return undefined
  const { address } = lookup.person()
  if (lookup.domain) return { domain: lookup.domain, ...(address && { address }), requestHost }
  const segments = rest.replace(/\?.*/s, '').split('/').map(decode)
  const inPath = segments.map(parseEmailAddress).find((found) => found !== undefined)
  if (inPath) return { domain: inPath.domain, address: inPath, requestHost }
  const last = segments.at(-2) === 'v1.1' ? readAddressOrDomain(segments.at(-1) as string) : undefined
  return { domain: last?.domain ?? requestHost, requestHost }
}
