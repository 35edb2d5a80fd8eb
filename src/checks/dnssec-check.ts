import type { Domain } from '../model/address.ts'
import { type Check, checkOf } from './check.ts'
import type { Network } from './network.ts'

/** Were the answers about a domain authenticated? If they were not, the result says whose doing it is. */
export async function checkDnssec(domain: Domain, { ask }: Network): Promise<Check> {
  const check = checkOf('dnssec-not-authenticated', `DNSSEC ${domain}`, 'answers that DNSSEC authenticates')
  const answer = await ask({ type: 'SOA', name: domain })
  if (answer?.isAuthenticated) return check.ok('authenticated by the name server (AD)')
  // The root is signed, so a name server that validates authenticates it.
  const root = await ask({ type: 'SOA', name: '.' })
  return root?.isAuthenticated
    ? check.info('not authenticated: the zone is not signed, or has no DS record')
    : check.info(
        'not authenticated: this name server does not validate',
        'ask one that does, on this machine, such as unbound: --resolver 127.0.0.1',
      )
}
