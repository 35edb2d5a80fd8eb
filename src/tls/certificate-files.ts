import { type Domain, parseDomain } from '../model/address.ts'
import type { Diagnostic } from '../model/diagnostic.ts'

/** The files of a certificate and its key. */
export interface CertificateFiles {
  readonly certificate: string
  readonly key: string
  /** The name that the file or its directory is called after, if it is one: a hint until the certificate is read. */
  readonly hint?: string | undefined
  /** A subdirectory of `folder:`, which may have no certificate yet. */
  readonly isOptional?: true
  /** Where the configuration names the files; those that are found in a directory have the place of `folder:`. */
  readonly place: Omit<Diagnostic, 'message'>
}

/** `tls:` of a configuration. Plain data. */
export interface TlsSettings {
  readonly certificates: readonly CertificateFiles[]
  readonly folder?: { readonly directory: string; readonly place: Omit<Diagnostic, 'message'> }
  readonly default?: Domain
}

/** A name in a certificate: `example.org`, or `*.example.org` for the names one label below (RFC 6125, section 6.4.3). */
export function certificateName(text: string): string | undefined {
  const wildcard = text.startsWith('*.') ? '*.' : ''
  const domain = parseDomain(text.slice(wildcard.length))
  return domain && `${wildcard}${domain}`
}

/** The same for two pairs only if their files are the same. */
export const keyOf = ({ certificate, key }: Pick<CertificateFiles, 'certificate' | 'key'>): string =>
  `${certificate}\0${key}`
