import * as z from 'zod'
import { absoluteUrl, text } from './fields.ts'

/** What a provider says of itself, and what a domain may say otherwise. */

export const username = text(255).meta({
  description:
    'What people log in with: %EMAILADDRESS% (the default), %EMAILLOCALPART%, or one login for everybody. Clients replace the placeholder.',
})

export const documentation = z
  .array(
    z.strictObject({
      url: absoluteUrl('https', 'http').meta({
        description: 'A page that helps people to set up their mail.',
      }),
      descr: z
        .record(
          z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language code such as en or pt-BR'),
          text(200),
        )
        .default({})
        .meta({ description: 'What the link says, by language (ISO 639-1).' }),
    }),
  )
  .meta({ description: 'Pages that help people to set up their mail.' })

export const webMail = absoluteUrl('https').meta({ description: 'The log-in page of the webmail.' })

export const pacc = z.boolean().meta({
  description:
    'true: PACC is published though people log in with something else than their address; false: it never is. By default it is where they log in with the address.',
})

export const displayName = text(60).meta({
  description: 'The name that people read; at most 60 characters, better 30.',
})

export const displayShortName = text(20).meta({
  description: 'The name in a few letters; at most 20, better 12.',
})
