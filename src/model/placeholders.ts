import { type Domain, type EmailAddress, formatEmailAddress } from './address.ts'
import type { AccountSettings } from './settings.ts'

/** The placeholders in `username` that clients replace (draft-ietf-mailmaint-autoconfig-06, "Placeholders"). */
const meanings: Readonly<Record<string, (address: EmailAddress) => string>> = {
  '%EMAILADDRESS%': formatEmailAddress,
  '%EMAILLOCALPART%': (address) => address.localPart,
  '%EMAILDOMAIN%': (address) => address.domain,
}

export const placeholders: readonly string[] = Object.keys(meanings)

/** Fills in the domain, as the server does: it is the same for everybody in the domain. */
export const fillDomain = (text: string, domain: Domain): string => text.replaceAll('%EMAILDOMAIN%', domain)

/** Replaces every placeholder, as a client does. */
export function fillPlaceholders(text: string, address: EmailAddress): string {
  return text.replace(/%[A-Z]+%/g, (word) => meanings[word]?.(address) ?? word)
}

/** The login name that a client derives from `username`; `undefined` if that requires an address and none is known. */
export function loginFrom(username: string, address: EmailAddress | undefined): string | undefined {
  const isForm = placeholders.some((placeholder) => username.includes(placeholder))
  if (!isForm) return username
  return address && fillPlaceholders(username, address)
}

/**
 * The person's login name, for formats whose clients ask the person for a missing username; `undefined` if it is unknown or
 * hidden.
 */
export function loginOf(
  username: string,
  { address, clientConfig }: Pick<AccountSettings, 'address' | 'clientConfig'>,
): string | undefined {
  return loginFrom(username, clientConfig.hidesLogins ? undefined : address)
}

/** Words between percent signs that no client replaces, such as `%EMAIL%`. */
export function unknownPlaceholders(text: string): string[] {
  return (text.match(/%[A-Za-z]+%/g) ?? []).filter((word) => !(word in meanings))
}
