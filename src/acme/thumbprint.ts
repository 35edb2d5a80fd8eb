import { createHash, createPublicKey, type KeyObject } from 'node:crypto'

/**
 * The thumbprint (RFC 7638, SHA-256) of an ACME account key: a PEM file, or JSON with a JSON Web Key, as certbot writes it. `undefined`
 * if the content is neither, or a kind of key that no ACME account has.
 */
export function thumbprintOf(content: string): string | undefined {
  const key = publicKeyOf(content)
  if (key?.asymmetricKeyType !== 'rsa' && key?.asymmetricKeyType !== 'ec') return undefined
  const { crv, e, kty, n, x, y } = key.export({ format: 'jwk' })
  // RFC 7638, section 3.2: only the required members, in alphabetical order. JSON omits those that the other kind of key has.
  return createHash('sha256').update(JSON.stringify({ crv, e, kty, n, x, y })).digest('base64url')
}

function publicKeyOf(content: string): KeyObject | undefined {
  try {
    return content.trimStart().startsWith('{')
      ? createPublicKey({ format: 'jwk', key: JSON.parse(content) })
      : createPublicKey(content)
  } catch {
    return undefined
  }
}
