import * as z from 'zod'
import { domainName, size } from '../reading/fields.ts'
import { displayName, displayShortName, documentation, enable, pacc, username, webMail } from './fields.ts'
import { contact, pageText } from './page-fields.ts'
import { serverNames, serverSection } from './server-section.ts'
import { oAuth2Section, servicesSection } from './services-section.ts'

const hostSection = z.strictObject({
  hostname: domainName().meta({
    description: 'The host name that clients connect to. The certificate of the mail server must contain it.',
  }),
  servers: z
    .array(
      z.union([z.enum(serverNames), serverSection], {
        error: 'must be a short name such as imaps, or a mapping with a type',
      }),
    )
    .min(1)
    .prefault(['imaps', 'pop3s', 'submissions'])
    .meta({
      description:
        'Servers, in order of preference. Short names: imaps, pop3s, submissions (TLS from the first byte), imap, pop3, submission (STARTTLS). Or a mapping with a type.',
    }),
  username: username.default('%EMAILADDRESS%'),
  id: domainName().optional().meta({ description: 'emailProvider id. By default the id of the provider.' }),
  displayName: displayName.optional(),
  displayShortName: displayShortName.optional(),
  documentation: documentation.optional(),
  contact: contact.optional(),
  pageText: pageText.optional(),
  enable: enable.optional(),
  webMail: webMail.optional(),
  limits: z
    .strictObject({
      messageSize: size().optional().meta({ description: 'The maximum size of a message, such as 12MB.' }),
      quota: size().optional().meta({ description: 'The storage of one account, such as 1GB.' }),
    })
    .default({})
    .meta({ description: 'Limits that are shown to people, not to clients.' }),
  services: servicesSection.default({}).meta({
    description: 'Services other than mail. Published in every format where they break no client.',
  }),
  oAuth2: oAuth2Section.optional().meta({
    description:
      'Where people log in to get a token. Servers that accept tokens need authentication: [OAuth2, …].',
  }),
  pacc: pacc.optional(),
  shape: z.enum(['safe', 'all']).default('safe').meta({
    description:
      'safe: one encrypted server of each type with one password method and no services; every client reads this document. all: every server as written here, and services; some clients use the last of two servers, some reject the document.',
  }),
})
export type HostSection = z.infer<typeof hostSection>

/** `hosts:` of the configuration. */
export const hostsSection = z
  .record(
    z.string().regex(/^[^\s#:[\]]+$/, 'must not contain white space, colons, # or brackets'),
    hostSection,
  )
  .refine((hosts) => Object.keys(hosts).length > 0, 'must contain at least one mail host')
  .meta({ description: 'The mail hosts, each under a short name of your choice.' })
export type HostsSection = z.infer<typeof hostsSection>

/** A host without a valid name is still checked. */
export const hostStandIns = { hostname: 'invalid' }
