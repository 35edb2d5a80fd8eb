import * as z from 'zod'
import { unknownPlaceholders } from '../model/placeholders.ts'
import { absoluteUrl, domainName, serviceUrl, text } from '../reading/fields.ts'

/** The URL of a service, with placeholders: for the domain anywhere, and with `personal` for the person in the path. */
function serviceTemplate(personal: boolean) {
  return z.string().check((context) => {
    const { value } = context
    const fail = (message: string) => context.issues.push({ code: 'custom', input: value, message })
    // `%AB%` in `%AB%CD` is the encoding of a byte.
    const [unknown] = unknownPlaceholders(value).filter((word) => !/^%[0-9a-f]{2}%$/i.test(word))
    if (unknown !== undefined) {
      fail(
        `contains ${unknown}, which nothing replaces; use ${personal ? everyPlaceholder : '%EMAILDOMAIN%'}`,
      )
      return
    }
    const filled = value.replaceAll('%EMAILDOMAIN%', 'any-domain.invalid')
    const [ofPerson] = /%EMAIL(ADDRESS|LOCALPART)%/.exec(filled) ?? []
    const isInHost = ofPerson !== undefined && /^https:\/\/[^/]*%EMAIL(ADDRESS|LOCALPART)%/.test(filled)
    if (isInHost) fail(`contains ${ofPerson} in the host name, where only %EMAILDOMAIN% can be`)
    else if (ofPerson !== undefined && !personal)
      fail(`contains ${ofPerson}, but this URL is published only where it is the same for everyone`)
    else {
      const read = serviceUrl().safeParse(filled.replace(/%EMAIL(ADDRESS|LOCALPART)%/g, 'x'))
      for (const { message } of read.error?.issues ?? []) fail(message)
    }
  })
}

const everyPlaceholder = '%EMAILADDRESS%, %EMAILLOCALPART% or %EMAILDOMAIN%'

const urls = {
  jmap: serviceTemplate(false).meta({
    description: 'The JMAP session resource. %EMAILDOMAIN% stands for the domain of the address.',
  }),
  caldav: serviceTemplate(true).meta({
    description:
      'The CalDAV context path, as a URL. %EMAILDOMAIN% stands for the domain of the address; %EMAILADDRESS% and %EMAILLOCALPART%, in the path, for the person.',
  }),
  carddav: serviceTemplate(true).meta({
    description: 'The CardDAV context path, as a URL, with the same placeholders as caldav.',
  }),
} as const

const sieve = [
  domainName(),
  z.strictObject({
    hostname: domainName().optional().meta({ description: 'By default the hostname of the host.' }),
    port: z.int().min(1).max(65535).default(4190).meta({ description: 'The port of the server.' }),
    socketType: z
      .enum(['STARTTLS', 'SSL'])
      .default('STARTTLS')
      .meta({ description: 'SSL is TLS from the first byte.' }),
  }),
] as const
const sieveDescription = 'The server for mail filters. A host name alone means port 4190 with STARTTLS.'

/** `services:` of a host. */
export const servicesSection = z.strictObject({
  jmap: urls.jmap.optional(),
  caldav: urls.caldav.optional(),
  carddav: urls.carddav.optional(),
  managesieve: z
    .union(sieve, { error: 'must be a host name, or a mapping with hostname, port and socketType' })
    .optional()
    .meta({ description: sieveDescription }),
})

const urlOrNone = <T extends z.ZodType>(url: T) =>
  z.union([url, z.literal(false)], { error: 'must be a URL, or false to remove the service' }).optional()

/** `services:` of a domain: the differences from those of its host. */
export const domainServicesSection = z
  .strictObject({
    jmap: urlOrNone(urls.jmap),
    caldav: urlOrNone(urls.caldav),
    carddav: urlOrNone(urls.carddav),
    managesieve: z
      .union([...sieve, z.literal(false)], {
        error:
          'must be a host name, a mapping with hostname, port and socketType, or false to remove the service',
      })
      .optional()
      .meta({ description: sieveDescription }),
  })
  .meta({
    description: 'Services that differ from those of the host. The others stay; false removes one.',
  })
export type DomainServicesSection = z.infer<typeof domainServicesSection>

/** `oAuth2:` of a host. */
export const oAuth2Section = z
  .strictObject({
    issuer: absoluteUrl('https')
      .refine(
        (value) => !/[?#]|^https:\/\/[^/]*@/.test(value),
        'must have no user, query or fragment (RFC 8414, section 2)',
      )
      .meta({ description: 'The issuer identifier of the authorization server (RFC 8414).' }),
    authURL: absoluteUrl('https').meta({
      description: 'The authorization endpoint (RFC 6749, section 3.1).',
    }),
    tokenURL: absoluteUrl('https').meta({ description: 'The token endpoint (RFC 6749, section 3.2).' }),
    scope: text(1000).meta({ description: 'Scopes, separated by spaces.' }),
    clientID: text(255).optional().meta({
      description: 'The ID that clients use. Without it, they register themselves (RFC 7591).',
    }),
    clientSecret: text(255).optional().meta({
      description: 'Published to everyone, so it protects nothing: set it only if the server requires one.',
    }),
  })
  .refine(({ clientID, clientSecret }) => clientID !== undefined || clientSecret === undefined, {
    path: ['clientSecret'],
    message: 'requires clientID',
  })
