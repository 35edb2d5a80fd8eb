import * as z from 'zod'
import { challengeDirectory } from './challenges.ts'

/** RFC 7638 with SHA-256: 256 bits are 43 characters, and the last one holds only four of them. */
const thumbprint = /^[\w-]{42}[AEIMQUYcgkosw048]$/

/** `acme:` of the configuration: how challenges of certificate authorities are answered (RFC 8555, section 8.3). */
export const acmeSection = z
  .strictObject({
    thumbprint: z
      .string()
      .regex(
        thumbprint,
        'must be the thumbprint of the account key of your ACME client: 43 letters, digits, hyphens and underscores, as "mail-autoconfig thumbprint FILE" prints it (docs/certificates.md names the file of dehydrated, lego, acme.sh and certbot)',
      )
      .optional()
      .meta({
        description:
          'The thumbprint of the account key of your ACME client. With it, this server answers every HTTP-01 challenge of that account, and no file is written.',
      }),
    webroot: z
      .string()
      .min(1)
      .refine(
        (directory) => !directory.replace(/\/+$/, '').endsWith(`/${challengeDirectory}`),
        `must be the directory above ${challengeDirectory}, as in the webroot of certbot and lego`,
      )
      .optional()
      .meta({
        description: `The directory in whose subdirectory ${challengeDirectory} your ACME client writes its answers to HTTP-01 challenges. Relative to this file.`,
      }),
  })
  .refine(
    ({ thumbprint, webroot }) => thumbprint !== undefined || webroot !== undefined,
    'must have thumbprint, webroot or both',
  )
export type AcmeSection = z.infer<typeof acmeSection>
