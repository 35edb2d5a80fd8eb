import { type Domain, type EmailAddress, parseDomain, parseEmailAddress } from '../model/address.ts'
import type { Person } from '../model/lookup.ts'
import { withoutInvisible } from '../model/visible-text.ts'

/** An argument that is an address or a domain; `undefined` if it is neither. */
export function readAddressOrDomain(
  text: string,
): { readonly domain: Domain; readonly address?: EmailAddress } | undefined {
  const address = parseEmailAddress(text)
  if (address) return { domain: address.domain, address }
  const domain = parseDomain(text)
  return domain && { domain }
}

/** The name of an argument in a message. An invalid one is not repeated: people paste more than they mean to. */
export const nthArgument = (index: number, total: number): string =>
  total === 1 ? 'the argument' : `argument ${index + 1}`

export const neitherAddressNorDomain =
  'the argument is neither an address nor a domain; write jane@example.org or example.org'

/** The options about the person that a document is for. */
export interface PersonOptions {
  readonly name?: string | undefined
  readonly protocol?: 'imap' | 'pop3' | undefined
  readonly only?: 'mail' | undefined
  readonly language?: string | undefined
}

export const personOf = ({ name, protocol, only, language }: PersonOptions): Person => ({
  // As in a request.
  realName: name && withoutInvisible(name),
  incoming: protocol,
  only,
  languages: language === undefined ? [] : [language],
})

/** The message for a domain that is not served. */
export const notServed = (domain: Domain): string =>
  `no host serves ${domain}; "mail-autoconfig explain ${domain}" shows why`
