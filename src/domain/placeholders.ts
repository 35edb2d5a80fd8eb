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

/** Words between percent signs that no client replaces, such as `%EMAIL%`. */
export function unknownPlaceholders(text: string): string[] {
  return (text.match(/%[A-Za-z]+%/g) ?? []).filter((word) => !(word in meanings))
}
