import * as z from 'zod'
import { absoluteUrl } from '../reading/fields.ts'

/** The kinds of key, and the option that names the file of each. */
export const keyKinds = [
  { kind: 'secret', file: 'secretFile' },
  { kind: 'private', file: 'privateKeyFile' },
  { kind: 'public', file: 'publicKeyFile' },
] as const

const keySection = z
  .strictObject({
    kid: z
      .string()
      .regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 ASCII characters without spaces')
      .meta({ description: 'The key ID. It is part of each link that the key signs.' }),
    secretFile: z.string().min(1).optional().meta({
      description:
        'File with a secret of at least 32 bytes (HMAC, HS256). Anyone who has it can create and read links.',
    }),
    privateKeyFile: z.string().min(1).optional().meta({
      description:
        'File with a private key (PEM): EC on P-256, P-384 or P-521, Ed25519 or RSA. Creates and reads links.',
    }),
    publicKeyFile: z.string().min(1).optional().meta({
      description:
        'File with the public key (PEM) of another system that creates links, such as a control panel.',
    }),
  })
  .refine(
    (key) => keyKinds.filter(({ file }) => key[file] !== undefined).length === 1,
    `must have exactly one of ${keyKinds.map(({ file }) => file).join(', ')}`,
  )
export type KeySection = z.infer<typeof keySection>

/** `links:` of the configuration: personal setup links. */
export const linksSection = z.strictObject({
  url: absoluteUrl('https', 'http').meta({
    description: 'The public URL of this service, with which links begin.',
  }),
  keys: z.array(keySection).min(1).meta({
    description:
      'The first key signs links, all keys verify them: to change the key, add the new one before the old one. Each key has exactly one file.',
  }),
  leeway: z
    .int()
    .min(0)
    .max(3600)
    .default(60)
    .meta({ description: 'The allowed difference between clocks, in seconds.' }),
  maxDays: z.int().min(1).max(3650).default(3650).meta({
    description: 'The longest time that a link may be valid, in days; also for links of other systems.',
  }),
})
export type LinksSection = z.infer<typeof linksSection>

/** Links without a valid URL or key ID are still checked. */
export const linksStandIns = { url: 'https://invalid', kid: 'invalid' }
