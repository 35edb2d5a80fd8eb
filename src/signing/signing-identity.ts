import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { Diagnostic } from '../model/diagnostic.ts'

/** What profiles are signed with. Plain data: it crosses from the thread that read it. Never to be logged. */
export interface SigningIdentity {
  /** DER; the signer's first, then those that issued it. */
  readonly certificates: readonly Uint8Array[]
  /** PKCS #8, DER. */
  readonly key: Uint8Array
  /** The key's algorithm, as the Web Crypto API names it. */
  readonly algorithm: 'RSASSA-PKCS1-v1_5' | 'ECDSA'
  /** Of ECDSA keys. */
  readonly namedCurve?: string
  /** In milliseconds since 1970, both inclusive. */
  readonly validFrom: number
  readonly validTo: number
}

/** How profiles are to be signed, or why they cannot be. */
export type Signing = { readonly identity: SigningIdentity } | { readonly errors: readonly Diagnostic[] }

/** The words of PEM files -> what to sign with. Each is a text, as it was read. */
export function readSigningIdentity(files: {
  certificate: string
  key: string
  chain?: string
}): SigningIdentity | { readonly wrong: keyof typeof files; readonly problem: string } {
  const certificates = certificatesOf(files.certificate)
  if (certificates === undefined || certificates.length === 0) {
    return { wrong: 'certificate', problem: 'holds no certificate: "-----BEGIN CERTIFICATE-----" and base64' }
  }
  const chain = certificatesOf(files.chain ?? '')
  if (chain === undefined || (files.chain !== undefined && chain.length === 0)) {
    return { wrong: 'chain', problem: 'holds no certificate: "-----BEGIN CERTIFICATE-----" and base64' }
  }
  const key = keyOf(files.key)
  if (key === undefined) {
    return {
      wrong: 'key',
      problem: 'holds no private key without a passphrase: "-----BEGIN PRIVATE KEY-----" and base64',
    }
  }
  const algorithm = algorithmOf(key)
  if (algorithm === undefined) {
    return { wrong: 'key', problem: 'must be an RSA key, or an ECDSA key on P-256, P-384 or P-521' }
  }
  const signer = certificates.find((certificate) => certificate.checkPrivateKey(key))
  if (!signer) {
    return { wrong: 'key', problem: 'belongs to another certificate; were both renewed?' }
  }
  const others = [...certificates, ...chain].filter((certificate) => certificate !== signer)
  return {
    certificates: [signer, ...others].map(({ raw }) => new Uint8Array(raw)),
    key: new Uint8Array(key.export({ type: 'pkcs8', format: 'der' })),
    ...algorithm,
    validFrom: Date.parse(signer.validFrom),
    validTo: Date.parse(signer.validTo),
  }
}

/** `undefined` if one of them cannot be read. */
function certificatesOf(pem: string): X509Certificate[] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  try {
    return blocks.map((block) => new X509Certificate(block))
  } catch {
    return undefined
  }
}

function keyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    return undefined
  }
}

const curves: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
}

function algorithmOf({
  asymmetricKeyType,
  asymmetricKeyDetails,
}: KeyObject): Pick<SigningIdentity, 'algorithm' | 'namedCurve'> | undefined {
  if (asymmetricKeyType === 'rsa') return { algorithm: 'RSASSA-PKCS1-v1_5' }
  const namedCurve = asymmetricKeyType === 'ec' ? curves[String(asymmetricKeyDetails?.namedCurve)] : undefined
  return namedCurve === undefined ? undefined : { algorithm: 'ECDSA', namedCurve }
}
