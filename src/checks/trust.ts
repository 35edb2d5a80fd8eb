import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'

/** Where systems keep their authorities: Debian and Alpine, Red Hat, SUSE, FreeBSD and macOS. */
const systemFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/** The authorities of the system, or those of Mozilla that Node.js contains, and more as PEM. Throws if these are invalid. */
export function trust(more: readonly string[], files: readonly string[] = systemFiles): SecureContext {
  // A context ignores an authority that it cannot read.
  for (const pem of more) new X509Certificate(pem)
  const file = files.find(existsSync)
  const authorities = file === undefined ? rootCertificates : [readFileSync(file, 'utf8')]
  return createSecureContext({ ca: [...authorities, ...more] })
}
