import * as z from 'zod'

const signSection = z.strictObject({
  certificate: z.string().min(1).meta({
    description:
      'File with the certificate (PEM); the certificates of its issuers may follow. Relative to this file.',
  }),
  key: z.string().min(1).meta({ description: 'File with its private key (PEM), RSA or ECDSA.' }),
  chain: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'File with the certificates of its issuers (PEM).' }),
})
export type SignSection = z.infer<typeof signSection>

/** `apple:` of the configuration. */
export const appleSection = z
  .strictObject({
    sign: signSection.optional().meta({
      description:
        'The certificate that signs profiles, so that the device shows who they are from. Reloaded when the files change.',
    }),
  })
  .default({})
  .meta({ description: 'Configuration profiles for iPhones and Macs.' })
export type AppleSection = z.infer<typeof appleSection>
