import * as z from 'zod'

/** `reload:` of the configuration. */
export const reloadSection = z
  .strictObject({
    maxLoss: z.int().min(0).max(100).default(50).meta({
      description:
        'A changed file that would remove more than this percentage of the domains or logins is not used until SIGHUP confirms it. 100: never wait for SIGHUP.',
    }),
  })
  .prefault({})
  .meta({ description: 'When a changed file takes effect.' })
export type ReloadSettings = z.infer<typeof reloadSection>
