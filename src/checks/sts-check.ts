import type { Domain } from '../model/address.ts'
import { checkOf, type Report } from './check.ts'
import type { Network } from './network.ts'
import { ask } from './web-request.ts'

/**
 * MTA-STS (RFC 8461) matters to servers that send mail to the domain, and to no client, so that every result is information. A wrong
 * policy is worth knowing: with the mode `enforce`, mail does not arrive.
 */
export async function checkMtaSts(domain: Domain, network: Network, report: Report): Promise<void> {
  const name = `_mta-sts.${domain}`
  const found = checkOf('sts-policy-found', `TXT ${name}`, 'any')
  const answer = await network.names('TXT', name)
  const record = answer.ok && answer.value.find((text) => text.startsWith('"v=STSv1'))
  if (!record) return report(found.info('no MTA-STS policy'))
  report(found.info(record))
  const url = `https://mta-sts.${domain}/.well-known/mta-sts.txt`
  const fetched = checkOf(
    'sts-policy-fetch-error',
    url,
    'the policy, with a valid certificate and no redirect',
  )
  const policy = await ask(url, network)
  if (!policy.ok) return report(fetched.info(policy.error, advice))
  const { status, urls, body, certificate } = policy.value
  const [wrong] = certificate.filter(({ state }) => state === 'problem')
  // RFC 8461, section 3.3.
  if (status !== 200 || urls.length > 1 || wrong)
    return report(fetched.info(wrong ? wrong.seen : `status ${status}, ${urls.length - 1} redirects`, advice))
  report(fetched.ok(`${body.length} bytes`))
  await comparePolicy(domain, body.toString(), url, network, report)
}

const advice = 'servers that send mail ignore the policy until it can be fetched'

/** RFC 8461, section 3.2. */
async function comparePolicy(
  domain: Domain,
  text: string,
  url: string,
  { names }: Network,
  report: Report,
): Promise<void> {
  const fields = text.split(/\r?\n/).map((line) => line.split(':', 2).map((part) => part.trim()))
  const valuesOf = (key: string) => fields.flatMap(([name, value = '']) => (name === key ? [value] : []))
  const [mode = 'no mode'] = valuesOf('mode')
  const patterns = valuesOf('mx').map((pattern) => pattern.toLowerCase())
  const invalid = checkOf('sts-policy-invalid', url, 'version: STSv1, mode, max_age and mx')
  const isValid =
    valuesOf('version')[0] === 'STSv1' &&
    /^\d{1,10}$/.test(valuesOf('max_age')[0] ?? '') &&
    (mode === 'none' || (['testing', 'enforce'].includes(mode) && patterns.length > 0))
  const seen = `mode ${mode}, mx ${patterns.join(', ') || 'none'}`
  if (!isValid) return report(invalid.info(seen, 'write the four fields, one a line'))
  report(invalid.ok(seen))
  const answer = await names('MX', domain)
  if (!answer.ok || mode === 'none') return
  const exchanges = answer.value.map((data) => (data.split(' ')[1] as string).slice(0, -1))
  const unlisted = exchanges.filter((host) => !patterns.some((pattern) => isListed(host, pattern)))
  const listed = checkOf(
    'sts-mx-not-listed',
    `MX ${domain}`,
    `hosts of the MTA-STS policy: ${patterns.join(', ')}`,
  )
  report(
    unlisted.length === 0
      ? listed.ok(exchanges.join(', '))
      : listed.info(
          `${unlisted.join(', ')} is not listed (mode ${mode})`,
          'add it to the policy, and change the id in the TXT record; with the mode enforce, servers do not send mail there',
        ),
  )
}

/** A `*` stands for exactly one label, the leftmost. */
const isListed = (host: string, pattern: string): boolean =>
  host === pattern || (pattern.startsWith('*.') && host.slice(host.indexOf('.')) === pattern.slice(1))
