import { type Domain, type EmailAddress, formatEmailAddress } from './address.ts'
import type { AccountSettings } from './settings.ts'

/** What a client replaces in `username` (draft-ietf-mailmaint-autoconfig-06, "Placeholders"). */
const meanings: Readonly<Record<string, (address: EmailAddress) => string>> = {
  '%EMAILADDRESS%': formatEmailAddress,
  '%EMAILLOCALPART%': (address) => address.localPart,
  '%EMAILDOMAIN%': (address) => address.domain,
}

export const placeholders: readonly string[] = Object.keys(meanings)

/** The text with the domain in it: what the server fills in, since it is the same for everybody of the domain. */
export const fillDomain = (text: string, domain: Domain): string => text.replaceAll('%EMAILDOMAIN%', domain)

/** The text with every placeholder replaced, as the client does it. */
export function fillPlaceholders(text: string, address: EmailAddress): string {
  return text.replace(/%[A-Z]+%/g, (word) => meanings[word]?.(address) ?? word)
}

/** What a client that replaces placeholders would log in with; `undefined` where that takes an address and none is known. */
export function filledIn(username: string, address: EmailAddress | undefined): string | undefined {
  const isForm = placeholders.some((placeholder) => username.includes(placeholder))
  if (!isForm) return username
  return address && fillPlaceholders(username, address)
}

/**
 * What the person logs in with, for formats whose clients ask the person for what is left out; `undefined` where that is
 * not known, or nobody may say it.
 */
export function loginOf(
  username: string,
  { address, clientConfig }: Pick<AccountSettings, 'address' | 'clientConfig'>,
): string | undefined {
  return filledIn(username, clientConfig.ownLogins ? undefined : address)
}

/** Words between percent signs that no client replaces, such as `%EMAIL%`. */
export function unknownPlaceholders(text: string): string[] {
  return (text.match(/%[A-Za-z]+%/g) ?? []).filter((word) => !(word in meanings))
}
