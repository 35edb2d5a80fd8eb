import { isIP } from 'node:net'
import { hostname } from 'node:os'

/**
 * Whether a `Host` header names the admin listener: an address, localhost, the name of this machine, or one of the configured names,
 * where `.svc` stands for all below it. Programs that are not browsers may omit it.
 */
export function isKnownName(
  host: string | undefined,
  names: readonly string[],
  machine: string = hostname(),
): boolean {
  if (host === undefined) return true
  const name = host
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
  if (isIP(name) !== 0 || name === 'localhost' || name === machine.toLowerCase()) return true
  return names.some((known) => (known.startsWith('.') ? name.endsWith(known) : name === known))
}
