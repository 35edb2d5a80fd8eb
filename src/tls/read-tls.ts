import type { Reading } from '../reading/reading.ts'
import type { CertificateFiles, TlsSettings } from './certificate-files.ts'
import type { TlsSection } from './tls-section.ts'

/**
 * Finds the files of `tls:`. They are not read with the configuration: certificates are renewed at any time, there may be thousands, and
 * a broken one must neither reject a configuration nor end a start.
 */
export function readTls(
  section: TlsSection,
  { report, nameOf }: Pick<Reading, 'report' | 'nameOf'>,
): TlsSettings {
  const certificates: CertificateFiles[] = section.certificates.map(({ certificate, key }, index) => ({
    certificate: nameOf(certificate),
    key: nameOf(key),
    place: report.locate(['tls', 'certificates', index]),
  }))
  const { folder } = section
  return {
    certificates,
    ...(folder !== undefined && {
      folder: { directory: nameOf(folder), place: report.locate(['tls', 'folder']) },
    }),
    ...(section.default !== undefined && { default: section.default }),
  }
}
