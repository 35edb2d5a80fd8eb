import * as z from 'zod'
import { parseEmailAddress } from '../model/address.ts'
import { isOneLine } from '../model/one-line.ts'
import type { PageDesign, PageSettings } from '../model/page-settings.ts'
import { absoluteUrl, text } from '../reading/fields.ts'
import { language } from './fields.ts'

/** What the page for people shows of a provider, a host or a domain. */

export const contact = z
  .strictObject({
    email: z
      .string()
      .refine((value) => parseEmailAddress(value) !== undefined, 'must be an e-mail address')
      .optional(),
    phone: z
      .string()
      .regex(/^\+?[0-9][0-9 ()./-]{2,30}$/, 'must be a phone number, such as +32 2 555 12 34')
      .optional(),
    url: absoluteUrl('https', 'http').optional(),
    hours: z
      .record(language, text(200))
      .optional()
      .meta({ description: 'When somebody answers, by language (ISO 639-1).' }),
  })
  .meta({ description: 'Whom people ask for help. Shown on the page for people.' })

export const pageText = z
  .record(
    language,
    z
      .string()
      .trim()
      .min(1)
      .max(2000)
      .refine((value) => isOneLine(value.replaceAll('\n', ' ')), 'must not contain control characters'),
  )
  .meta({
    description:
      'What you want to say on the page for people, by language (ISO 639-1). An empty line separates paragraphs; https:// makes a link.',
  })

interface PageFields {
  readonly contact?: z.infer<typeof contact> | undefined
  readonly pageText?: z.infer<typeof pageText> | undefined
}

/** What the page shows. The first section that says something counts. */
export const expandPage = (design: PageDesign, ...sections: readonly PageFields[]): PageSettings => ({
  contact: sections.find((section) => section.contact)?.contact ?? {},
  text: sections.find((section) => section.pageText)?.pageText ?? {},
  design,
})
