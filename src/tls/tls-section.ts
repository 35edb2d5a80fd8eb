import * as z from 'zod'
import { domainName } from '../reading/fields.ts'

const pairSection = z.strictObject({
  certificate: z.string().min(1).meta({
    description:
      'File with the certificate, and after it those of its issuers (PEM): fullchain.pem. Relative to this file.',
  }),
  key: z.string().min(1).meta({ description: 'File with its private key (PEM): privkey.pem.' }),
})

/** `tls:` of the configuration. */
export const tlsSection = z
  .strictObject({
    certificates: z.array(pairSection).default([]).meta({
      description:
        'Certificates and their keys. A connection gets the one whose subjectAltName has its name.',
    }),
    folder: z.string().min(1).optional().meta({
      description:
        'A directory of certificates as dehydrated, lego or certbot keep it. New certificates and renewed ones are noticed.',
    }),
    default: domainName().optional().meta({
      description:
        'The name whose certificate clients get that send no name, or one without a certificate. By default publicName, then the first certificate.',
    }),
  })
  .refine(
    ({ certificates, folder }) => certificates.length > 0 || folder !== undefined,
    'must have certificates: or folder:, or both',
  )
export type TlsSection = z.infer<typeof tlsSection>
