import * as z from 'zod'
import { text } from '../reading/fields.ts'
import { endOption } from '../reading/map-entry.ts'

/** `accounts:` of the configuration: login names that differ from the address, and who may learn them. */
export const accountsSection = z.strictObject({
  disclose: z.enum(['link', 'public']).default('link').meta({
    description:
      'The people who may learn login names. link: only people with a personal link. public: anyone who asks for the address. A domain can override it.',
  }),
  decoys: z.boolean().default(false).meta({
    description:
      'With "disclose: public": answer requests for unknown addresses with an invented login name of the same form, so that nobody can find out which addresses exist. Requires secretFile.',
  }),
  secretFile: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'File with a secret of at least 32 bytes, from which decoys are derived.' }),
  map: z.record(z.string(), text(255)).default({}).meta({
    description:
      'Maps each address to its login name, or to another address, as in a Postfix virtual alias map. @example.org matches every other address of the domain.',
  }),
  files: z
    .array(
      z.union(
        [
          z.string().min(1),
          z.strictObject({
            file: z.string().min(1).meta({ description: 'The name of the file. Relative to this file.' }),
            end: endOption,
          }),
        ],
        {
          error: 'must be the name of a file, or a mapping with file and end',
        },
      ),
    )
    .default([])
    .meta({
      description:
        'Postfix maps with addresses: virtual_alias_maps, smtpd_sender_login_maps or virtual_mailbox_maps. Aliases are followed to the mailbox. For a file whose last line must be "# end": { file: virtual, end: true }.',
    }),
})
export type AccountsSection = z.infer<typeof accountsSection>
