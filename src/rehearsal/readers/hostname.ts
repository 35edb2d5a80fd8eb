import { isIPv4, isIPv6 } from 'node:net'

/**
 * The check that Thunderbird makes on the desktop and on Android alike: ASCII labels, or an address without
 * brackets.
 */
export function isLegalHostname(text: string): boolean {
  return isIPv4(text) || isIPv6(text) || (text.length <= 255 && legal.test(text))
}

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const legal = new RegExp(`^(?:${label}\\.)*${label}\\.?$`, 'i')
