import * as z from 'zod'
import { parseEmailAddress } from '../model/address.ts'
import { isOneLine } from '../model/one-line.ts'
import type { PageDesign, PageSettings } from '../model/page-settings.ts'
import { absoluteUrl, text } from '../reading/fields.ts'
import { language } from './fields.ts'

/** The fields for the page for people that a provider, a host and a domain have in common. */

export const contact = z
  .strictObject({
    email: z
      .string()
      .refine((value) => parseEmailAddress(value) !== undefined, 'must be an e-mail address')
      .optional()
      .meta({ description: 'The address to write to.' }),
    phone: z
      .string()
      .regex(/^\+?[0-9][0-9 ()./-]{2,30}$/, 'must be a phone number, such as +32 2 555 12 34')
      .optional()
      .meta({ description: 'The number to call, such as +32 2 555 12 34.' }),
    url: absoluteUrl('https', 'http').optional().meta({ description: 'A page about how to get help.' }),
    hours: z
      .record(language, text(200))
      .optional()
      .meta({ description: 'When somebody answers, by language (ISO 639-1).' }),
  })
  .meta({ description: 'The person or desk that people ask for help. Shown on the page for people.' })

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
      'A text of yours on the page for people, by language (ISO 639-1). An empty line separates paragraphs; https:// makes a link.',
  })

interface PageFields {
  readonly contact?: z.infer<typeof contact> | undefined
  readonly pageText?: z.infer<typeof pageText> | undefined
}

/** The contact and the text of the page. The first section that says something counts. */
export const expandPage = (design: PageDesign, ...sections: readonly PageFields[]): PageSettings => ({
  contact: sections.find((section) => section.contact)?.contact ?? {},
  text: sections.find((section) => section.pageText)?.pageText ?? {},
  design,
})
