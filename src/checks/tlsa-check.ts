import { createHash, type X509Certificate } from 'node:crypto'
import type { TlsaData } from 'dns-packet'
import type { ServerSettings } from '../model/settings.ts'
import { type Check, checkOf } from './check.ts'
import type { Network } from './network.ts'

/**
 * Compares the TLSA records of a port with the certificates that its server shows, the server's own first. Few mail clients look at
 * these records, and those must ignore records that DNSSEC does not authenticate (RFC 6698, section 4.1).
 */
export async function checkTlsa(
  { hostname, port }: ServerSettings,
  chain: readonly X509Certificate[],
  target: string,
  { ask }: Network,
): Promise<Check> {
  const name = `_${port}._tcp.${hostname}`
  const check = checkOf('tlsa-invalid', target, `no TLSA record of ${name}, or one of this certificate`)
  const answer = await ask({ type: 'TLSA', name })
  if (!answer) return check.info('no answer of the name server')
  const records = answer.records.flatMap((record) => (record.type === 'TLSA' ? [record.data] : []))
  if (records.length === 0)
    return ['NOERROR', 'NXDOMAIN'].includes(answer.code)
      ? check.ok('no TLSA record')
      : check.info(`${answer.code}: clients that look for TLSA records do not connect`)
  const seen = records.map(textOf).join(', ')
  const matches = records.some((record) => isFor(record, chain))
  const verdict = matches ? 'one of this certificate' : 'none of this certificate'
  if (!answer.isAuthenticated)
    return check.info(`${seen}: ${verdict}; DNSSEC does not authenticate it here, so that it has no effect`)
  if (matches) return check.ok(`${seen}: ${verdict}`)
  const [own] = chain as [X509Certificate]
  return check.problem(
    `${seen}: ${verdict}`,
    `publish ${name}. TLSA 3 1 1 ${sha('sha256', keyOf(own))}, and remove the other ones`,
  )
}

const textOf = ({ usage, selector, matchingType, certificate }: TlsaData): string =>
  `${usage} ${selector} ${matchingType} ${certificate.toString('hex')}`

/**
 * RFC 6698, section 2.1. Usages 1 and 3 are about the server's own certificate, 0 and 2 about an authority of its chain. Selector 0 is the
 * whole certificate, 1 its public key. Matching type 0 is the bytes, 1 and 2 are digests.
 */
function isFor({ usage, selector, matchingType, certificate }: TlsaData, chain: readonly X509Certificate[]) {
  const about = usage % 2 === 1 ? chain.slice(0, 1) : chain.slice(1)
  const wanted = certificate.toString('hex')
  return about.some((one) => {
    const bytes = selector === 0 ? one.raw : keyOf(one)
    return [bytes.toString('hex'), sha('sha256', bytes), sha('sha512', bytes)][matchingType] === wanted
  })
}

const keyOf = ({ publicKey }: X509Certificate): Buffer => publicKey.export({ type: 'spki', format: 'der' })

const sha = (algorithm: 'sha256' | 'sha512', bytes: Buffer): string =>
  createHash(algorithm).update(bytes).digest('hex')
