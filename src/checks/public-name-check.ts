import { addressesOf } from './addresses.ts'
import { checkOf, type Report } from './check.ts'
import type { Network } from './network.ts'
import { ask } from './web-request.ts'

/** Does this service answer at its own name over https, with a certificate that clients accept? */
export async function checkPublicName(name: string, network: Network, report: Report): Promise<void> {
  const { check, places } = await addressesOf(name, network)
  report(check)
  if (places.length === 0) return
  const target = `https://${name}`
  const answered = checkOf('connection-failed', target, 'an answer')
  const answer = await ask(`${target}/`, network)
  if (!answer.ok)
    return report(answered.problem(answer.error, 'forward this name to mail-autoconfig, with a certificate'))
  report(answered.ok(`status ${answer.value.status}`))
  answer.value.certificate.forEach(report)
}
