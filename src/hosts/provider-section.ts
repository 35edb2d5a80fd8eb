import * as z from 'zod'
import type { Domain } from '../model/address.ts'
import { domainName } from '../reading/fields.ts'
import { displayName, displayShortName, documentation } from './fields.ts'
import { contact, pageText } from './page-fields.ts'

/** `provider:` of the configuration. */
export const providerSection = z
  .strictObject({
    id: domainName().meta({
      description: "The provider's main domain, a host name. Published as emailProvider id.",
    }),
    displayName,
    displayShortName,
    documentation: documentation.optional(),
    contact: contact.optional(),
    pageText: pageText.optional(),
    defaultHost: z.string().optional().meta({
      description:
        "The host for unknown domains when a client followed their MX and asks at the provider's own domain. Without it, such clients get 404.",
    }),
  })
  .meta({ description: 'The mail provider, as people see it.' })
export type ProviderSection = z.infer<typeof providerSection>

/** Takes the place of an invalid provider, so that the hosts are still checked. Never served. */
export const placeholderProvider: ProviderSection = {
  id: 'invalid' as Domain,
  displayName: 'invalid',
  displayShortName: 'invalid',
}
