import { X509Certificate } from 'node:crypto'
import { checkServerIdentity, type PeerCertificate, type TLSSocket } from 'node:tls'
import { dateOf, daysLeft, leastDaysLeft } from '../model/validity.ts'
import { type Check, checkOf } from './check.ts'

/** For a connection: the checks look at the certificate, and OpenSSL's verdict is about the chain only, not the name. */
export const anyCertificate = { rejectUnauthorized: false, checkServerIdentity: () => undefined } as const

/** OpenSSL's words for a certificate that was, or will be, valid. */
const expiry = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']

/** The certificates that a server shows, its own first, and the authority that completes them. */
export function chainOf(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = []
  let one = socket.getPeerCertificate(true)
  while (one?.raw && !chain.some(({ raw }) => raw.equals(one.raw))) {
    chain.push(new X509Certificate(one.raw))
    one = one.issuerCertificate
  }
  return chain
}

/** The name of the authority that issued the certificate of a server. */
export const authorityOf = (socket: TLSSocket): string =>
  Object.values(socket.getPeerCertificate().issuer).join(', ')

/** The checks of the certificate that a server shows for a name. `now` is in milliseconds since 1970. */
export function checkCertificate(socket: TLSSocket, name: string, target: string, now: number): Check[] {
  const certificate = socket.getPeerCertificate()
  // OpenSSL's verdict on the chain. The typings say Error, and it is the code.
  const verdict = socket.authorized ? undefined : String(socket.authorizationError)
  return [
    trusted(certificate, verdict, target),
    names(certificate, name, target),
    ...valid(certificate, name, verdict, target, now),
  ]
}

function trusted({ issuer }: PeerCertificate, verdict: string | undefined, target: string): Check {
  const check = checkOf('certificate-not-trusted', target, 'a certificate of a known authority')
  const seen = `issued by ${Object.values(issuer).join(', ')}`
  return verdict === undefined || expiry.includes(verdict)
    ? check.ok(seen)
    : check.problem(
        `${seen}: ${verdict}`,
        'serve the whole chain of a known authority; if the authority is your own, use --ca FILE',
      )
}

function names(certificate: PeerCertificate, name: string, target: string): Check {
  const check = checkOf('certificate-host-mismatch', target, `a certificate for ${name}`)
  const { subjectaltname } = certificate
  // Node.js accepts the common name, and mail clients do not.
  const isFor = subjectaltname !== undefined && checkServerIdentity(name, certificate) === undefined
  const seen = (subjectaltname ?? 'a certificate without subjectAltName').replaceAll('DNS:', '')
  return isFor
    ? check.ok(seen)
    : check.problem(seen, `get a certificate with the name ${name}, or advertise a name that it contains`)
}

function valid(
  { valid_from, valid_to }: PeerCertificate,
  name: string,
  verdict: string | undefined,
  target: string,
  now: number,
): Check[] {
  const from = Date.parse(valid_from)
  const to = Date.parse(valid_to)
  const seenCertificate = { name, validFrom: timeOf(from), validTo: timeOf(to) }
  const dated = checkOf('certificate-expired', target, 'a certificate that is valid now')
  const dates = {
    ok: (seen: string): Check => ({ ...dated.ok(seen), certificate: seenCertificate }),
    problem: (seen: string, advice: string): Check => ({
      ...dated.problem(seen, advice),
      certificate: seenCertificate,
    }),
  }
  const seen = `valid from ${dateOf(from)} to ${dateOf(to)}`
  if (now < from || now > to) return [dates.problem(seen, 'renew the certificate, and reload the server')]
  if (verdict !== undefined && expiry.includes(verdict))
    return [dates.problem(`${seen}, and a certificate of its chain is not valid`, 'serve the current chain')]
  const least = leastDaysLeft(from, to)
  const days = daysLeft(to, now)
  const left = checkOf('certificate-expires-soon', target, `at least ${least} days left`)
  return [
    dates.ok(seen),
    days < least
      ? left.problem(`${days} days left`, 'find out why the certificate is not renewed')
      : left.ok(`${days} days left`),
  ]
}

const timeOf = (time: number): string => new Date(time).toISOString()
