import { formats } from '../documents/formats.ts'
import type { Endpoint, Format } from '../formats/format.ts'
import { type Domain, type EmailAddress, formatEmailAddress } from '../model/address.ts'
import { lookupOf } from '../model/lookup.ts'
import { accountSettings } from '../model/settings.ts'
import { isDocument, isResolution } from '../resolver/resolution.ts'
import type { Resolver } from '../resolver/resolver.ts'

/** A document that this service promises at a URL: the same as `render` prints. */
export interface PromisedDocument {
  readonly url: string
  /** The body of a POST request. */
  readonly post?: string
  readonly body: Uint8Array
  /** The client that an answer of somebody else stops, and why. */
  readonly reader: string
}

/** The formats that mail clients ask for by a GET request without an address, or by POST. */
const readers: Readonly<Record<string, string>> = {
  autoconfig: 'Thunderbird takes any answer with a status of 2xx for the end of its search',
  'mail-v1': 'GNOME Online Accounts takes the first document that it can read',
  autodiscover: 'Delta Chat takes the first answer with a status of 2xx that it can read',
  pacc: 'PACC clients compare it with the digest in the DNS',
}

export async function promisedDocuments(domain: Domain, resolver: Resolver): Promise<PromisedDocument[]> {
  const promised = formats.map(async (format) => {
    const reader = readers[format.name]
    const asked = format.endpoints.filter(({ urls }) => reader !== undefined && urls !== undefined)
    const documents = asked.map(async (endpoint) => {
      // Autodiscover needs an address. This one exists in every domain (RFC 5321, section 4.5.1).
      const address = format.personal ? { localPart: 'postmaster', domain } : undefined
      const body = await bodyOf(format, endpoint, domain, address, resolver)
      if (body === undefined) return []
      const post = address && { post: autodiscoverRequest(formatEmailAddress(address)) }
      const urls = (endpoint.urls as (domain: string) => readonly string[])(domain)
      return urls.map((url) => ({ url, body, reader: reader as string, ...post }))
    })
    return (await Promise.all(documents)).flat()
  })
  return (await Promise.all(promised)).flat()
}

/** `undefined` if the format cannot express the settings. */
async function bodyOf(
  format: Format,
  { serve }: Endpoint,
  domain: Domain,
  address: EmailAddress | undefined,
  resolver: Resolver,
): Promise<Uint8Array | undefined> {
  const lookup = lookupOf({ domain, requestHost: domain, ...(address && { address }) })
  const found = await (serve ? resolver.resolveDocument(lookup, serve) : resolver.resolve(lookup))
  if (isDocument(found)) return found.document.body
  if (!isResolution(found)) return undefined
  const text = format.render(accountSettings(found.domain, found.clientConfig, lookup.person()))
  return text.ok ? Buffer.from(text.value) : undefined
}

/** [MS-OXDSCLI], section 3.1.5.1. Domains contain no characters that XML escapes. */
const autodiscoverRequest = (address: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>${address}</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>`
