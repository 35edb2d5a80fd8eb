import { type EmailAddress, formatEmailAddress } from './address.ts'

/** What a client replaces in `username` (draft-ietf-mailmaint-autoconfig-06, "Placeholders"). */
const meanings: Readonly<Record<string, (address: EmailAddress) => string>> = {
  '%EMAILADDRESS%': formatEmailAddress,
  '%EMAILLOCALPART%': (address) => address.localPart,
  '%EMAILDOMAIN%': (address) => address.domain,
}

export const placeholders: readonly string[] = Object.keys(meanings)

/** The text with every placeholder replaced, as the client does it. */
export function fillPlaceholders(text: string, address: EmailAddress): string {
  return text.replace(/%[A-Z]+%/g, (word) => meanings[word]?.(address) ?? word)
}

/**
 * What the person logs in with, for formats whose clients replace nothing; `undefined` where it depends on an address that
 * is not known.
 */
export function loginOf(username: string, address: EmailAddress | undefined): string | undefined {
  if (address) return fillPlaceholders(username, address)
  return placeholders.some((placeholder) => username.includes(placeholder)) ? undefined : username
}

/** Words between percent signs that no client replaces, such as `%EMAIL%`. */
export function unknownPlaceholders(text: string): string[] {
  return (text.match(/%[A-Za-z]+%/g) ?? []).filter((word) => !(word in meanings))
}
