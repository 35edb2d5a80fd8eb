import type { KeyObject } from 'node:crypto'
import type { Diagnostic } from '../model/diagnostic.ts'
import { failure, type Result, success } from '../model/result.ts'
import { certificatesOf, keyOf, noCertificate, noKey, otherKey } from '../reading/pem.ts'

/** The certificate and key that sign profiles. Plain data, so that another thread can read it. Must never be logged. */
export interface SigningIdentity {
  /** DER. The signer's certificate, then those of its issuers. */
  readonly certificates: readonly Uint8Array[]
  /** PKCS #8, DER. */
  readonly key: Uint8Array
  /** The name in the Web Crypto API. */
  readonly algorithm: 'RSASSA-PKCS1-v1_5' | 'ECDSA'
  /** Only for ECDSA. */
  readonly namedCurve?: string
  /** In milliseconds since 1970, both inclusive. */
  readonly validFrom: number
  readonly validTo: number
}

/** How to sign profiles, or why that is impossible. */
export type Signing = { readonly identity: SigningIdentity } | { readonly errors: readonly Diagnostic[] }

interface PemFiles {
  readonly certificate: string
  readonly key: string
  readonly chain?: string
}

/** The content of PEM files -> the signing identity, or the file that is wrong and the reason. */
export function readSigningIdentity(
  files: PemFiles,
): Result<SigningIdentity, { readonly file: keyof PemFiles; readonly message: string }> {
  const certificates = certificatesOf(files.certificate)
  if (certificates === undefined || certificates.length === 0) {
    return failure({ file: 'certificate', message: noCertificate })
  }
  const chain = certificatesOf(files.chain ?? '')
  if (chain === undefined || (files.chain !== undefined && chain.length === 0)) {
    return failure({ file: 'chain', message: noCertificate })
  }
  const key = keyOf(files.key)
  if (key === undefined) {
    return failure({ file: 'key', message: noKey })
  }
  const algorithm = algorithmOf(key)
  if (algorithm === undefined) {
    return failure({ file: 'key', message: 'must be an RSA key, or an ECDSA key on P-256, P-384 or P-521' })
  }
  const signer = certificates.find((certificate) => certificate.checkPrivateKey(key))
  if (!signer) {
    return failure({ file: 'key', message: otherKey })
  }
  const others = [...certificates, ...chain].filter((certificate) => certificate !== signer)
  return success({
    certificates: [signer, ...others].map(({ raw }) => new Uint8Array(raw)),
    key: new Uint8Array(key.export({ type: 'pkcs8', format: 'der' })),
    ...algorithm,
    validFrom: Date.parse(signer.validFrom),
    validTo: Date.parse(signer.validTo),
  })
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
