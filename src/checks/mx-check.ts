import { absolute } from '../dns/zone.ts'
import type { Domain } from '../model/address.ts'
import { type Check, checkOf } from './check.ts'
import { lookupFailed } from './lookup-failed.ts'
import type { Network } from './network.ts'

/** Is the mail of a domain received by the host that its clients are sent to? A filter in front of the host is no problem. */
export async function checkMx(domain: Domain, hosts: readonly string[], { names }: Network): Promise<Check> {
  const check = checkOf('mx-elsewhere', `MX ${domain}`, hosts.join(' or '))
  const answer = await names('MX', domain)
  const unknown = lookupFailed(answer, `MX ${domain}`)
  if (unknown) return unknown
  if (!answer.ok)
    return answer.error.why.startsWith('NXDOMAIN')
      ? check.problem(answer.error.why, 'register the domain, or remove it from the configuration')
      : check.info('no MX: mail is sent to the address of the domain itself')
  const seen = answer.value.join(', ')
  const exchanges = answer.value.map((data) => data.split(' ')[1])
  return exchanges.some((name) => hosts.some((host) => absolute(host) === name))
    ? check.ok(seen)
    : check.info(`mail is received by ${seen}, and clients are sent to ${hosts.join(' and ')}`)
}
