import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'

export const noCertificate =
  'contains no certificate; it must be a PEM file that begins with "-----BEGIN CERTIFICATE-----"'

export const noKey =
  'contains no private key without a passphrase; it must be a PEM file that begins with "-----BEGIN PRIVATE KEY-----"'

export const otherKey = 'belongs to another certificate; renew both files together'

/** The certificates of a PEM file, in its order. Returns `undefined` if one of them cannot be read. */
export function certificatesOf(pem: string): X509Certificate[] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  try {
    return blocks.map((block) => new X509Certificate(block))
  } catch {
    return undefined
  }
}

/** The private key of a PEM file; `undefined` if there is none that can be read without a passphrase. */
export function keyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    return undefined
  }
}
