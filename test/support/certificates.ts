import type { KeyObject, webcrypto } from 'node:crypto'
import { Integer, Utf8String } from 'asn1js'
import * as pkijs from 'pkijs'

/** A certificate and its key as PEM files, and the authority that issued it. */
export interface Issued {
  readonly certificate: string
  readonly key: string
  readonly authority: string
}

const algorithms = {
  RSA: {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: Uint8Array.of(1, 0, 1),
    hash: 'SHA-256',
  },
  'P-256': { name: 'ECDSA', namedCurve: 'P-256' },
  'P-384': { name: 'ECDSA', namedCurve: 'P-384' },
  Ed25519: { name: 'Ed25519' },
} as const

export type KeyType = keyof typeof algorithms

/** The keys of an authority, and its own certificate (DER). */
export interface Authority {
  readonly keys: webcrypto.CryptoKeyPair
  readonly certificate: ArrayBuffer
}

const in2030 = new Date('2030-01-01T00:00:00Z')

/** An authority that is valid until 2030, or for longer if a certificate is. */
export async function openAuthority(validTo = in2030): Promise<Authority> {
  const keys = await generate('P-256')
  const [name, end] = ['Test Authority', new Date(Math.max(validTo.getTime(), in2030.getTime()))]
  return { keys, certificate: await certify(name, keys.publicKey, name, keys.privateKey, end, 1) }
}

/** Issues a certificate for `mail.example.org`, valid from 1970 on until the time given. `names` are its subjectAltName. */
export async function issue(
  type: KeyType,
  validTo = in2030,
  names: readonly string[] = [],
  validFrom = new Date(0),
  by?: Authority,
): Promise<Issued> {
  const authority = by ?? (await openAuthority(validTo))
  const keys = await generate(type)
  const certificate = await certify(
    'mail.example.org',
    keys.publicKey,
    'Test Authority',
    authority.keys.privateKey,
    validTo,
    2,
    names,
    validFrom,
  )
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    certificate: pem('CERTIFICATE', certificate),
    key: pem('PRIVATE KEY', key),
    authority: pem('CERTIFICATE', authority.certificate),
  }
}

/** Issues a certificate for a key that OpenSSL has made. */
export async function certifyKey(
  publicKey: KeyObject,
  names: readonly string[],
  validFrom: Date,
  validTo: Date,
): Promise<string> {
  const { privateKey: authority } = await generate('P-256')
  const der = publicKey.export({ type: 'spki', format: 'der' })
  const imported = await crypto.subtle.importKey('spki', der, algorithms.RSA, true, ['verify'])
  return pem(
    'CERTIFICATE',
    await certify(names[0] as string, imported, 'Test Authority', authority, validTo, 3, names, validFrom),
  )
}

const generate = async (type: KeyType): Promise<webcrypto.CryptoKeyPair> =>
  (await crypto.subtle.generateKey(algorithms[type], true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair

async function certify(
  subject: string,
  publicKey: webcrypto.CryptoKey,
  issuer: string,
  issuerKey: webcrypto.CryptoKey,
  validTo: Date,
  serialNumber: number,
  names: readonly string[] = [],
  validFrom = new Date(0),
): Promise<ArrayBuffer> {
  const certificate = new pkijs.Certificate({
    version: 2,
    serialNumber: new Integer({ value: serialNumber }),
  })
  certificate.subject.typesAndValues.push(commonName(subject))
  certificate.issuer.typesAndValues.push(commonName(issuer))
  certificate.notBefore.value = validFrom
  certificate.notAfter.value = validTo
  if (subject === issuer) {
    const constraints = new pkijs.BasicConstraints({ cA: true })
    const extnValue = constraints.toSchema().toBER(false)
    certificate.extensions = [
      new pkijs.Extension({ extnID: '2.5.29.19', critical: true, extnValue, parsedValue: constraints }),
    ]
  }
  if (names.length > 0) {
    const parsedValue = new pkijs.AltName({
      altNames: names.map((value) => new pkijs.GeneralName({ type: 2, value })),
    })
    const extnValue = parsedValue.toSchema().toBER(false)
    certificate.extensions = [new pkijs.Extension({ extnID: '2.5.29.17', extnValue, parsedValue })]
  }
  const { algorithm } = publicKey
  if (algorithm.name === 'Ed25519') {
    const spki = await crypto.subtle.exportKey('spki', publicKey)
    certificate.subjectPublicKeyInfo = pkijs.PublicKeyInfo.fromBER(spki)
  } else await certificate.subjectPublicKeyInfo.importKey(publicKey)
  await certificate.sign(issuerKey, 'SHA-256')
  return certificate.toSchema(true).toBER(false)
}

const commonName = (value: string) =>
  new pkijs.AttributeTypeAndValue({ type: '2.5.4.3', value: new Utf8String({ value }) })

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
