import type { Files } from '../reading/files.ts'
import type { AcmeSection } from './acme-section.ts'
import type { AcmeConfig } from './challenges.ts'

/** Finds the webroot relative to the configuration. It is not read now: its files change with each order. */
export const readAcme = ({ thumbprint, webroot }: AcmeSection, files: Pick<Files, 'nameOf'>): AcmeConfig => ({
  ...(thumbprint !== undefined && { thumbprint }),
  ...(webroot !== undefined && { webroot: files.nameOf(webroot) }),
})
