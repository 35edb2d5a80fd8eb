import { type EmailAddress, formatEmailAddress } from './address.ts'
import type { AccountSettings } from './settings.ts'

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
 * is not known, or nobody may say what that logs in with.
 */
export function loginOf(
  username: string,
  { address, provider }: Pick<AccountSettings, 'address' | 'provider'>,
): string | undefined {
  const isForm = placeholders.some((placeholder) => username.includes(placeholder))
  if (!isForm) return username
  return address && !provider.ownLogins ? fillPlaceholders(username, address) : undefined
}

/** Words between percent signs that no client replaces, such as `%EMAIL%`. */
export function unknownPlaceholders(text: string): string[] {
  return (text.match(/%[A-Za-z]+%/g) ?? []).filter((word) => !(word in meanings))
}
