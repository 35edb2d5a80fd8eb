import { absolute } from '../dns/zone.ts'
import type { Domain } from '../model/address.ts'
import { type Check, checkOf } from './check.ts'
import type { Network } from './network.ts'

/** Is the mail of a domain received by the host that its clients are sent to? A filter in front of the host is no problem. */
export async function checkMx(domain: Domain, hosts: readonly string[], { names }: Network): Promise<Check> {
  const check = checkOf('mx-elsewhere', `MX ${domain}`, hosts.join(' or '))
  const answer = await names('MX', domain)
  if (!answer.ok && !answer.error.isCertain)
    return checkOf('dns-lookup-failed', `MX ${domain}`, 'an answer').untested(
      answer.error.why,
      'see whether the name servers of the domain answer',
    )
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

/** RFC 8461: the policy matters to servers that send mail to the domain, and to no client. */
export async function checkMtaSts(domain: Domain, { names }: Network): Promise<Check> {
  const name = `_mta-sts.${domain}`
  const answer = await names('TXT', name)
  const policy = answer.ok && answer.value.find((text) => text.startsWith('"v=STSv1'))
  return checkOf('sts-policy-found', `TXT ${name}`, 'any').info(policy || 'no MTA-STS policy')
}
