import type { ServerSettings } from '../model/settings.ts'
import { addressesOf } from './addresses.ts'
import type { Check } from './check.ts'
import type { Network, Place } from './network.ts'
import { probe } from './server-probe.ts'

/** Do the CAA records of a host allow the issuer of its certificate? */
export type CaaCheck = (host: string, issuer: string) => Promise<Check>

/** Checks an advertised server at each of its addresses, one after the other. */
export async function checkServer(
  server: ServerSettings,
  messageSize: number | undefined,
  network: Network,
  caa: CaaCheck,
): Promise<readonly Check[]> {
  const { type, hostname, port } = server
  const { check, places } = await addressesOf(hostname, network)
  const name = `${type} ${hostname}:${port}`
  const checks: Check[] = [{ ...check, target: name }]
  const issuers = new Set<string>()
  for (const place of places) {
    const target = places.length === 1 ? name : `${name} at ${place.address}`
    const issuer = await probe(
      { server, messageSize, target, address: place.address, port: place.port ?? port },
      network,
      (result) => checks.push(result),
    )
    if (issuer !== undefined) issuers.add(issuer)
  }
  for (const issuer of issuers) checks.push(await caa(hostname, issuer))
  return withoutFamily(checks, places)
}

/** A network without IPv6, or IPv4, is no reason for concern if the other one worked. */
function withoutFamily(checks: readonly Check[], places: readonly Place[]): Check[] {
  const isUnreachable = ({ id, state }: Check) => id === 'connection-failed' && state === 'untested'
  if (checks.filter(isUnreachable).length === places.length) return [...checks]
  return checks.map((check) => (isUnreachable(check) ? { ...check, state: 'info', advice: '' } : check))
}
