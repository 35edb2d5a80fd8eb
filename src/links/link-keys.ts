import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { failure, type Result, success } from '../model/result.ts'
import { readSecret } from '../reading/secret.ts'
import type { keyKinds } from './links-section.ts'

/** A key that signs links. Plain data, so that another thread can read it. Must never be logged. */
export interface LinkKey {
  readonly kid: string
  /** RFC 7518 and RFC 8037. A link with another algorithm is rejected. */
  readonly alg: string
  readonly kind: (typeof keyKinds)[number]['kind']
  /** A secret as it is; a private key as PKCS #8 and a public key as SubjectPublicKeyInfo, in DER. */
  readonly bytes: Uint8Array
}

/** The content of a key file -> the key, or what is wrong with the file. */
export function readLinkKey(kid: string, kind: LinkKey['kind'], bytes: Uint8Array): Result<LinkKey> {
  if (kind === 'secret') {
    const secret = readSecret(bytes)
    return secret.ok ? success({ kid, kind, alg: 'HS256', bytes: secret.value }) : secret
  }
  const key = keyOf(kind, bytes)
  if (!key) {
    const begin = `-----BEGIN ${kind.toUpperCase()} KEY-----`
    return failure(`contains no ${kind} key; it must be a PEM file that begins with "${begin}"`)
  }
  const alg = algorithmOf(key)
  if (alg === undefined)
    return failure(
      `must be an EC key on P-256, P-384 or P-521, an Ed25519 key or an RSA key of at least ${leastRsaBits} bits`,
    )
  const der = key.export({
    type: kind === 'private' ? 'pkcs8' : 'spki',
    format: 'der',
  } as never) as unknown as Buffer
  return success({ kid, kind, alg, bytes: new Uint8Array(der) })
}

function keyOf(kind: 'private' | 'public', bytes: Uint8Array): KeyObject | undefined {
  const pem = Buffer.from(bytes)
  try {
    return kind === 'private' ? createPrivateKey(pem) : createPublicKey(pem)
  } catch {
    return undefined
  }
}

const curves: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
}

/** RFC 7518, section 3.3. */
const leastRsaBits = 2048

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  if (asymmetricKeyType === 'rsa')
    return Number(asymmetricKeyDetails?.modulusLength) >= leastRsaBits ? 'RS256' : undefined
  if (asymmetricKeyType === 'ed25519') return 'EdDSA'
  return asymmetricKeyType === 'ec' ? curves[String(asymmetricKeyDetails?.namedCurve)] : undefined
}
