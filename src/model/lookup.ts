import type { Domain, EmailAddress } from './address.ts'

/** The person that a request is about. Formats with one document for all people ignore it. */
export interface Person {
  readonly address?: EmailAddress | undefined
  /** The display name for outgoing mail. */
  readonly realName?: string | undefined
  /** The protocol to read mail with. If the host offers both, the default is IMAP. */
  readonly incoming?: 'imap' | 'pop3' | undefined
  /** `mail`: a profile without calendars and contacts. */
  readonly only?: 'mail' | undefined
  /** The languages (RFC 5646) that the person reads, best first. */
  readonly languages?: readonly string[] | undefined
  /** The mail program or device that the page for people explains first; see `page/clients.ts`. */
  readonly client?: string | undefined
  /** Did the person choose this client? Otherwise it is a guess. */
  readonly choseClient?: boolean | undefined
  /** The personal link of the request, absolute. */
  readonly setupUrl?: string | undefined
}

/**
 * The domain or the person that a request asks about. Everything except the domain is decoded and parsed by a method when it
 * is needed: the domain alone answers most requests.
 */
export interface Lookup {
  /** The domain of the address that the request asks about. */
  readonly domain?: Domain | undefined
  /** The host name that the request was sent to, without `autoconfig.` or the name of another service. */
  requestHost(): Domain | undefined
  person(): Person
  /** The MD5 of the address in hexadecimal, which Evolution sends instead of the local part (`emailmd5`). */
  emailMd5(): string | undefined
  /**
   * Set if the request came by a personal link: the answer may then contain the login name. The link itself can contain the
   * login name, too.
   */
  readonly link?: { readonly login?: string | undefined }
}

/** The values from which `lookupOf` makes a lookup. */
export interface LookupValues extends Person {
  /** By default the domain of `address`. */
  readonly domain?: Domain | undefined
  readonly requestHost?: Domain | undefined
  readonly emailMd5?: string | undefined
  readonly link?: Lookup['link']
}

/** The same lookup without the person who asks. */
export const withoutPerson = (lookup: Lookup): Lookup =>
  lookupOf({ domain: lookup.domain, requestHost: lookup.requestHost() })

export function lookupOf({ domain, requestHost, emailMd5, link, ...person }: LookupValues): Lookup {
  return {
    domain: domain ?? person.address?.domain,
    requestHost: () => requestHost,
    person: () => person,
    emailMd5: () => emailMd5,
    ...(link && { link }),
  }
}
