import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import * as z from 'zod'
import { failure, type Result, success } from '../model/result.ts'
import type { SourceFiles } from './backend.ts'

/** A setting that names a PEM file. */
export const pemFile = (description: string) =>
  z
    .string()
    .min(1)
    .optional()
    .meta({ description: `${description} PEM, relative to this file.` })

/** The keys of the files for TLS. */
export const pemFiles = ['authorityFile', 'certificateFile', 'keyFile'] as const

/** The contents of PEM files. */
export interface TlsFiles {
  /** The certificates of the authorities to trust instead of those of the system. */
  readonly ca?: string
  /** The certificate of the client, and its key. */
  readonly cert?: string
  readonly key?: string
}

/** The error names the settings, and quotes nothing of the files. */
export function readTlsFiles({
  authorityFile: ca,
  certificateFile: cert,
  keyFile: key,
}: SourceFiles): Result<TlsFiles> {
  const files = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
  try {
    createSecureContext(files)
    // A context ignores an authority that it cannot read.
    if (ca) new X509Certificate(ca)
  } catch {
    return failure(
      'authorityFile, certificateFile or keyFile does not contain PEM, or the key does not belong to the certificate',
    )
  }
  return success(files)
}
