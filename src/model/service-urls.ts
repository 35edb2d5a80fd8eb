import { type EmailAddress, formatEmailAddress } from './address.ts'
import { fillDomain } from './placeholders.ts'
import type { AccountSettings, Services } from './settings.ts'

/** The services that are a URL. */
export type UrlService = 'jmap' | 'caldav' | 'carddav'

/** The placeholders that stand for a person, so that not everybody in a domain has the same URL. */
const personal = /%EMAIL(ADDRESS|LOCALPART)%/g

/**
 * The URL of a service. Unless `settings` has the person's address, it may contain placeholders for it: see `isPersonal`. The domain
 * is always filled in.
 */
export function serviceUrlOf(
  kind: UrlService,
  { domain, address, clientConfig }: Pick<AccountSettings, 'domain' | 'address' | 'clientConfig'>,
): string | undefined {
  const template = clientConfig.services[kind]
  if (template === undefined) return undefined
  const url = fillDomain(template, domain)
  return address ? url.replace(personal, (word) => inPath(word, address)) : url
}

/** Does the URL contain a placeholder for a person? */
export const isPersonal = (url: string): boolean => url.search(personal) !== -1

/** The host and the port of the URL of a service, and its path if it is the same for everybody. */
export function partsOf(url: string): { hostname: string; port: string; pathname: string | undefined } {
  const { hostname, port, pathname } = new URL(url)
  return { hostname, port, pathname: isPersonal(url) ? undefined : pathname }
}

/** A part of a path may contain an `@` (RFC 3986, section 3.3), and servers such as SOGo have it in their paths. */
const inPath = (placeholder: string, address: EmailAddress): string =>
  encodeURIComponent(
    placeholder === '%EMAILADDRESS%' ? formatEmailAddress(address) : address.localPart,
  ).replaceAll('%40', '@')

/** Each service that has a URL, and its URL. */
export const urlServices = ({ jmap, caldav, carddav }: Services): [UrlService, string][] =>
  Object.entries({ jmap, caldav, carddav }).flatMap(([kind, url]) =>
    url === undefined ? [] : [[kind as UrlService, url]],
  )
