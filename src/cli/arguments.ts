import { parseDomain, parseEmailAddress } from '../model/address.ts'
import type { Lookup, Person } from '../model/settings.ts'

/** An address or a domain, as an admin types it -> whom it asks about; `undefined` if it is neither. */
export function readAddressOrDomain(text: string): Lookup | undefined {
  const address = parseEmailAddress(text)
  if (address) return { domain: address.domain, host: address.domain, address }
  const domain = parseDomain(text)
  return domain && { domain, host: domain }
}

/** What options say of the person that a document is for. */
export interface PersonOptions {
  readonly name?: string
  readonly protocol?: 'imap' | 'pop3'
  readonly language?: string
}

export const personOf = ({ name, protocol, language }: PersonOptions): Person => ({
  realName: name,
  incoming: protocol,
  languages: language === undefined ? [] : [language],
})
