import { formatEmailAddress } from '../model/address.ts'
import { loginOf } from '../model/placeholders.ts'
import type { AccountSettings, ServerSettings } from '../model/settings.ts'

/**
 * The kind of a username: the page begins with it, because most people who fail have it wrong. `derived`: it is made from the address in
 * another way, so it can be shown only to people who give their address. `own`: it is not the address. `hidden`: it is not the address, and is
 * shown only by a personal link, or not at all.
 */
export interface Username {
  readonly kind: 'address' | 'localPart' | 'derived' | 'own' | 'hidden'
  /** Absent if it depends on an address that is not known, or is hidden. Never a guess. */
  readonly value?: string
}

export function usernameOf(
  { username }: Pick<ServerSettings, 'username'>,
  settings: AccountSettings,
): Username {
  const { address, clientConfig, isFile } = settings
  if (clientConfig.hidesLogins) return { kind: 'hidden' }
  const form = forms[username]
  const value = loginOf(username, settings)
  // A file cannot show it to people who type their address.
  if (value === undefined) return { kind: form ?? (isFile ? 'hidden' : 'derived') }
  if (form !== undefined) return { kind: form, value }
  return { kind: address && value === formatEmailAddress(address) ? 'address' : 'own', value }
}

const forms: Readonly<Record<string, 'address' | 'localPart'>> = {
  '%EMAILADDRESS%': 'address',
  '%EMAILLOCALPART%': 'localPart',
}
