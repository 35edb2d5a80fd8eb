import * as z from 'zod'
import type { PaccSettings } from '../model/settings.ts'

/** `pacc:` of the configuration. */
export const paccSection = z
  .strictObject({
    submissionKey: z.enum(['submit', 'smtp', 'both']).default('both').meta({
      description:
        'The key for outgoing mail: submit since version 03 of the draft, smtp before. The default writes both, since himalaya reads only smtp.',
    }),
  })
  .prefault({})
  .meta({ description: 'The document of draft-ietf-mailmaint-pacc.' })
export type PaccSection = z.infer<typeof paccSection>

export const submissionKeys: Readonly<Record<PaccSection['submissionKey'], PaccSettings['submissionKeys']>> =
  {
    submit: ['submit'],
    smtp: ['smtp'],
    both: ['submit', 'smtp'],
  }
