import * as z from 'zod'
import { pemFile } from '../backends/tls-files.ts'

/** `http.rateLimitStore` of the configuration: where several servers count together. */
export const limitStoreSection = z.strictObject({
  url: z.string().meta({
    description:
      'redis://user@host:6379/0 of a Redis or Valkey server, or rediss://… for TLS, which verifies the certificate.',
  }),
  passwordFile: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'File with the password. Relative to this file.' }),
  secretFile: z.string().min(1).meta({
    description:
      'File with a secret of at least 32 bytes, the same for all servers. The store contains no addresses, only digests made with it (HMAC).',
  }),
  prefix: z
    .string()
    .regex(/^[\x21-\x7e]{1,100}$/, 'must be 1 to 100 ASCII characters without spaces')
    .default('mail-autoconfig:limit:')
    .meta({ description: 'With what the keys in the store begin.' }),
  authorityFile: pemFile('File with the certificate of the authority that signed the one of the server.'),
  certificateFile: pemFile(
    'File with the certificate that the server asks of its clients. Requires keyFile.',
  ),
  keyFile: pemFile('File with the private key of certificateFile, without a passphrase.'),
})
export type LimitStoreSection = z.infer<typeof limitStoreSection>
