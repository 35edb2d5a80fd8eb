import type { Domain, EmailAddress } from './address.ts'

/** What a request says about the person who asks; ignored by formats that are the same for everybody. */
export interface Person {
  readonly address?: EmailAddress | undefined
  /** The display name for outgoing mail. */
  readonly realName?: string | undefined
  /** How to read mail; IMAP by default, where there is a choice. */
  readonly incoming?: 'imap' | 'pop3' | undefined
  /** The languages (RFC 5646) that the person reads, best first. */
  readonly languages?: readonly string[] | undefined
  /** The personal link of the request, absolute. */
  readonly setupUrl?: string | undefined
}

/**
 * What a request asks about. Everything but the domain is a method, so that it is decoded and parsed only where it is needed:
 * most requests are answered by their domain alone.
 */
export interface Lookup {
  /** The domain of the address that the request asks about. */
  readonly domain?: Domain | undefined
  /** The host name that the request was sent to, without `autoconfig.` and the like. */
  requestHost(): Domain | undefined
  person(): Person
  /** The MD5 of the address in hexadecimal, which Evolution sends in place of the local part (`emailmd5`). */
  emailMd5(): string | undefined
  /** Set if the request came by a personal link, which may learn the login name. A link can contain it. */
  readonly link?: { readonly login?: string | undefined }
}

/** A lookup of known values. */
export interface LookupValues extends Person {
  /** The domain of `address` by default. */
  readonly domain?: Domain | undefined
  readonly requestHost?: Domain | undefined
  readonly emailMd5?: string | undefined
  readonly link?: Lookup['link']
}

export function lookupOf({ domain, requestHost, emailMd5, link, ...person }: LookupValues): Lookup {
  return {
    domain: domain ?? person.address?.domain,
    requestHost: () => requestHost,
    person: () => person,
    emailMd5: () => emailMd5,
    ...(link && { link }),
  }
}
