import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import * as z from 'zod'
import { secretLength } from '../accounts/accounts.ts'
import { absoluteUrl } from '../reading/fields.ts'

/** What a key may be, and where its file is named. */
export const keyKinds = [
  { kind: 'secret', file: 'secretFile' },
  { kind: 'private', file: 'privateKeyFile' },
  { kind: 'public', file: 'publicKeyFile' },
] as const

const keySection = z
  .strictObject({
    kid: z
      .string()
      .regex(/^[\x21-\x7e]{1,64}$/, 'must be a short name without blanks')
      .meta({ description: 'The name of the key, which stands in each link that it signs.' }),
    secretFile: z.string().min(1).optional().meta({
      description: 'A file of 32 bytes or more: who has it can make links and read them (HMAC, HS256).',
    }),
    privateKeyFile: z.string().min(1).optional().meta({
      description:
        'A private key (PEM): EC on P-256, P-384 or P-521, Ed25519 or RSA. Makes links, and reads them.',
    }),
    publicKeyFile: z.string().min(1).optional().meta({
      description: 'The public key (PEM) of somebody else who makes links, such as a control panel.',
    }),
  })
  .refine(
    (key) => keyKinds.filter(({ file }) => key[file] !== undefined).length === 1,
    `must have one of ${keyKinds.map(({ file }) => file).join(', ')}`,
  )

export const linksSection = z.strictObject({
  url: absoluteUrl('https', 'http').meta({
    description: 'Where links lead: this service, as people reach it.',
  }),
  keys: z
    .array(keySection)
    .min(1)
    .meta({ description: 'The first signs, all verify: a new key goes in front of the old one.' }),
  leeway: z.int().min(0).max(3600).default(60).meta({
    description: 'By how much the clocks of those who make links and ours may differ, in seconds.',
  }),
})
export type LinksSection = z.infer<typeof linksSection>

/** A key that links are signed with. Plain data: it crosses from the thread that read it. Never to be logged. */
export interface LinkKey {
  readonly kid: string
  /** RFC 7518 and RFC 8037; a link that names another is refused. */
  readonly alg: string
  readonly kind: (typeof keyKinds)[number]['kind']
  /** The secret as it is; keys as PKCS #8 and SubjectPublicKeyInfo, in DER. */
  readonly bytes: Uint8Array
}

export interface LinksConfig {
  /** Without a slash at the end. */
  readonly url: string
  /** The first that can sign does; all verify. */
  readonly keys: readonly LinkKey[]
  readonly leeway: number
}

/** The bytes of a key's file -> the key, or what is wrong with them. */
export function readLinkKey(
  kid: string,
  kind: LinkKey['kind'],
  bytes: Uint8Array,
): LinkKey | { readonly problem: string } {
  if (kind === 'secret') {
    return bytes.length < secretLength
      ? { problem: `holds ${bytes.length} bytes, and a secret has at least ${secretLength}` }
      : { kid, kind, alg: 'HS256', bytes }
  }
  const key = keyOf(kind, bytes)
  if (!key) return { problem: `holds no ${kind} key: "-----BEGIN ${kind.toUpperCase()} KEY-----" and base64` }
  const alg = algorithmOf(key)
  if (alg === undefined)
    return { problem: 'must be an EC key on P-256, P-384 or P-521, an Ed25519 or an RSA key' }
  const der = key.export({
    type: kind === 'private' ? 'pkcs8' : 'spki',
    format: 'der',
  } as never) as unknown as Buffer
  return { kid, kind, alg, bytes: new Uint8Array(der) }
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

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  if (asymmetricKeyType === 'rsa') return 'RS256'
  if (asymmetricKeyType === 'ed25519') return 'EdDSA'
  return asymmetricKeyType === 'ec' ? curves[String(asymmetricKeyDetails?.namedCurve)] : undefined
}
