import * as z from 'zod'
import { absoluteUrl, domainName, serviceUrl, text } from '../reading/fields.ts'

/** `services:` of a host. */
export const servicesSection = z.strictObject({
  jmap: serviceUrl().optional().meta({ description: 'The JMAP session resource.' }),
  caldav: serviceUrl().optional().meta({ description: 'The CalDAV context path, as a URL.' }),
  carddav: serviceUrl().optional().meta({ description: 'The CardDAV context path, as a URL.' }),
  managesieve: z
    .union(
      [
        domainName(),
        z.strictObject({
          hostname: domainName().optional().meta({ description: 'By default the hostname of the host.' }),
          port: z.int().min(1).max(65535).default(4190),
          socketType: z.enum(['STARTTLS', 'SSL']).default('STARTTLS'),
        }),
      ],
      { error: 'must be a host name, or a mapping with hostname, port and socketType' },
    )
    .optional()
    .meta({ description: 'The server for mail filters. A host name alone means port 4190 with STARTTLS.' }),
})

/** `oAuth2:` of a host. */
export const oAuth2Section = z.strictObject({
  issuer: absoluteUrl('https').refine(
    (value) => !/[?#]|^https:\/\/[^/]*@/.test(value),
    'must have no user, query or fragment (RFC 8414, section 2)',
  ),
  authURL: absoluteUrl('https'),
  tokenURL: absoluteUrl('https'),
  scope: text(1000).meta({ description: 'Scopes, separated by spaces.' }),
})
