import { constants } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'
import { failure, type Result, success } from '../model/result.ts'
import { dateOf } from '../model/validity.ts'
import type { FileSource } from '../reading/file-source.ts'
import { certificatesOf, keyOf, noCertificate, noKey, otherKey } from '../reading/pem.ts'
import { sizeLimits } from '../reading/size-limits.ts'
import { type CertificateFiles, certificateName } from './certificate-files.ts'

/** The facts that the server keeps of every certificate. Times are in milliseconds since 1970, both inclusive. */
export interface CertificateFacts {
  /** The names of its subjectAltName. Browsers and mail clients ignore the common name (RFC 6125, section 6.4.4). */
  readonly names: readonly string[]
  readonly validFrom: number
  readonly validTo: number
  /** Does the file contain the certificate of its issuer, or need none because it is its own? */
  readonly hasChain: boolean
}

/** A certificate with its chain, and its key, as PEM. Must never be logged. */
export interface KeyPair {
  readonly certificate: string
  readonly key: string
  readonly facts: CertificateFacts
}

/** The content of the files of a certificate, and their fingerprints. */
export interface ReadPair {
  readonly fingerprints: readonly [certificate: string, key: string]
  readonly pair: Result<KeyPair>
}

/**
 * TLS 1.2 and 1.3 (RFC 9325, section 3.1.1), with the ciphers of Node.js. No client renegotiates, and each time would cost as much as a
 * handshake.
 */
export const tlsOptions = {
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
} as const satisfies SecureContextOptions

/** Reads a certificate and its key, and checks that they belong together. The error names the file. Never rejects. */
export async function readPair(
  { certificate, key }: CertificateFiles,
  source: Pick<FileSource, 'read'>,
): Promise<ReadPair> {
  const read = await source.read(certificate, sizeLimits.secret)
  const keyRead = await source.read(key, sizeLimits.secret)
  const fingerprints = [read.fingerprint, keyRead.fingerprint] as const
  if (!read.content.ok) return { fingerprints, pair: unreadable(certificate, read.content.error) }
  if (!keyRead.content.ok) return { fingerprints, pair: unreadable(key, keyRead.content.error) }
  const texts = { certificate: textOf(read.content.value), key: textOf(keyRead.content.value) }
  const facts = factsOf(texts)
  if (facts.ok) return { fingerprints, pair: success({ ...texts, facts: facts.value }) }
  const { file, message } = facts.error
  return { fingerprints, pair: failure(`${file === 'key' ? key : certificate} ${message}`) }
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

const unreadable = (file: string, reason: string) => failure(`${file} cannot be read: ${reason}`)

function factsOf(
  texts: Pick<KeyPair, 'certificate' | 'key'>,
): Result<CertificateFacts, { readonly file: 'certificate' | 'key'; readonly message: string }> {
  const [certificate, issuer] = certificatesOf(texts.certificate) ?? []
  if (!certificate) return failure({ file: 'certificate', message: noCertificate })
  const key = keyOf(texts.key)
  if (!key) return failure({ file: 'key', message: noKey })
  if (!certificate.checkPrivateKey(key)) return failure({ file: 'key', message: otherKey })
  return success({
    names: namesIn(certificate.subjectAltName),
    validFrom: Date.parse(certificate.validFrom),
    validTo: Date.parse(certificate.validTo),
    hasChain: issuer !== undefined || certificate.issuer === certificate.subject,
  })
}

/** `DNS:example.org, DNS:*.example.org, IP Address:192.0.2.1`, as Node.js prints it -> the names. */
const namesIn = (subjectAltName = ''): string[] =>
  subjectAltName.split(', ').flatMap((entry) => {
    const name = entry.startsWith('DNS:') ? certificateName(entry.slice(4)) : undefined
    return name === undefined ? [] : [name]
  })

/** Why a certificate is not valid at a time; `undefined` if it is. */
export function whyNotValid({ validFrom, validTo }: CertificateFacts, now: number): string | undefined {
  if (now > validTo) return `expired on ${dateOf(validTo)}`
  return now < validFrom ? `is not valid before ${dateOf(validFrom)}` : undefined
}
