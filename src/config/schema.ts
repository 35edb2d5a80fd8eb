import * as z from 'zod'
import { accountsSection } from '../accounts/accounts.ts'
import { sourcesSection } from '../backends/kinds.ts'
import { sourceKinds } from '../domains/index.ts'
import {
  displayName,
  displayShortName,
  documentation,
  enable,
  pacc,
  username,
  webMail,
} from '../hosts/fields.ts'
import { ispdbSection } from '../ispdb/folder.ts'
import { linksSection } from '../links/link-keys.ts'
import { authentications, protocols, socketTypes } from '../model/settings.ts'
import {
  absoluteUrl,
  domainName,
  hostnameTemplate,
  network,
  serviceUrl,
  size,
  text,
} from '../reading/fields.ts'

/** The short names of servers: RFC 6186, RFC 8314 and the services registry of IANA; `smtps` is the old name. */
export const serviceNames = ['imaps', 'pop3s', 'submissions', 'smtps', 'imap', 'pop3', 'submission'] as const
export type ServiceName = (typeof serviceNames)[number]

const providerSection = z.strictObject({
  id: domainName().meta({ description: 'The main domain of the provider: emailProvider id, a host name.' }),
  displayName,
  displayShortName,
  documentation: documentation.default([]),
  defaultHost: z.string().optional().meta({
    description:
      "The host that answers for domains nobody mapped when a client, having followed the MX, asks at the provider's own domain. Without it they get 404.",
  }),
})

/** What a server says of POP3 only. */
export const pop3Options = [
  'leaveMessagesOnServer',
  'daysToLeaveMessagesOnServer',
  'downloadOnBiff',
  'checkInterval',
] as const

export const serverSection = z
  .strictObject({
    type: z.enum(protocols),
    hostname: hostnameTemplate().optional().meta({
      description:
        "The host's own name by default; %EMAILDOMAIN% in it is the domain of the address, as in mail.%EMAILDOMAIN%.",
    }),
    port: z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .meta({ description: 'The standard port of type and socketType by default.' }),
    socketType: z.enum(socketTypes).optional().meta({
      description:
        'SSL is TLS from the first byte, and the default; STARTTLS where the port is 143, 110 or 587.',
    }),
    authentication: z
      .array(z.enum(authentications))
      .min(1)
      .default(['password-cleartext'])
      .meta({ description: 'In order of preference.' }),
    username: username.optional(),
    leaveMessagesOnServer: z.boolean().optional().meta({ description: 'POP3 only.' }),
    daysToLeaveMessagesOnServer: z.int().min(1).max(3650).optional().meta({ description: 'POP3 only.' }),
    downloadOnBiff: z
      .boolean()
      .optional()
      .meta({ description: 'POP3 only: fetch mail at once when there is some.' }),
    checkInterval: z
      .int()
      .min(1)
      .max(10_080)
      .optional()
      .meta({ description: 'POP3 only: minutes between two looks for mail.' }),
  })
  .check((context) => {
    for (const key of pop3Options) {
      if (context.value.type !== 'pop3' && context.value[key] !== undefined) {
        context.issues.push({
          code: 'custom',
          input: context.value,
          path: [key],
          message: 'goes with type: pop3 only',
        })
      }
    }
  })

export const servicesSection = z.strictObject({
  jmap: serviceUrl().optional().meta({ description: 'The session resource of JMAP.' }),
  caldav: serviceUrl().optional().meta({ description: 'The context path of CalDAV, as a URL.' }),
  carddav: serviceUrl().optional().meta({ description: 'The context path of CardDAV, as a URL.' }),
  managesieve: z
    .union(
      [
        domainName(),
        z.strictObject({
          hostname: domainName().optional().meta({ description: "The host's own name by default." }),
          port: z.int().min(1).max(65535).default(4190),
          socketType: z.enum(['STARTTLS', 'SSL']).default('STARTTLS'),
        }),
      ],
      { error: 'must be a host name, or a map with hostname, port and socketType' },
    )
    .optional()
    .meta({ description: 'Where mail filters are kept: a host name, for port 4190 with STARTTLS.' }),
})

export const oAuth2Section = z.strictObject({
  issuer: absoluteUrl('https').refine(
    (value) => !/[?#]|^https:\/\/[^/]*@/.test(value),
    'must have no user, query or fragment (RFC 8414, section 2)',
  ),
  authURL: absoluteUrl('https'),
  tokenURL: absoluteUrl('https'),
  scope: text(1000).meta({ description: 'Separated by blanks.' }),
})

const hostSection = z.strictObject({
  hostname: domainName().meta({
    description: 'The name that clients connect to, and that the certificate of the mail server holds.',
  }),
  servers: z
    .array(
      z.union([z.enum(serviceNames), serverSection], {
        error: 'must be one of the short names, or a map with a type',
      }),
    )
    .min(1)
    .default(['imaps', 'pop3s', 'submissions'])
    .meta({
      description:
        'In order of preference. Short: imaps, pop3s, submissions (TLS from the first byte), imap, pop3, submission (STARTTLS). Or long, with a type.',
    }),
  username: username.default('%EMAILADDRESS%'),
  id: domainName().optional().meta({ description: "emailProvider id, where it is not the provider's." }),
  displayName: displayName.optional(),
  displayShortName: displayShortName.optional(),
  documentation: documentation.optional(),
  enable: enable.optional(),
  webMail: webMail.optional(),
  limits: z
    .strictObject({
      messageSize: size().optional().meta({ description: 'The largest message, such as 12MB.' }),
      quota: size().optional().meta({ description: 'The space of one account, such as 1GB.' }),
    })
    .default({})
    .meta({ description: 'Told to people, not to clients.' }),
  services: servicesSection
    .default({})
    .meta({ description: 'What there is beside mail; told wherever no client is broken by it.' }),
  oAuth2: oAuth2Section.optional().meta({
    description:
      'Where people log in for a token. The servers that take one say so: authentication: [OAuth2, …].',
  }),
  pacc: pacc.optional(),
  shape: z.enum(['safe', 'all']).default('safe').meta({
    description:
      'safe: one server of a type, encrypted, one password method, no services: the document that every client reads. all: every server as it stands here, and services; some clients take the last of two, some discard the document.',
  }),
})

const signSection = z.strictObject({
  certificate: z.string().min(1).meta({
    description:
      'The certificate (PEM), alone or with those that issued it behind it. Relative to this file.',
  }),
  key: z.string().min(1).meta({ description: 'Its private key (PEM), RSA or ECDSA.' }),
  chain: z.string().min(1).optional().meta({ description: 'The certificates that issued it (PEM).' }),
})

const appleSection = z.strictObject({
  sign: signSection.optional().meta({
    description:
      'Profiles are signed with it, so that the device says who they are from. Read again when it is renewed.',
  }),
})

const paccSection = z.strictObject({
  submissionKey: z.enum(['submit', 'smtp', 'both']).default('submit').meta({
    description: 'The key for outgoing mail: submit from version 03 of the draft on, smtp before.',
  }),
})

const seconds = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum)

const httpSection = z.strictObject({
  maxAge: seconds(0, 86_400)
    .default(3600)
    .meta({ description: 'How long an answer may be kept, in seconds.' }),
  notFoundMaxAge: seconds(0, 86_400)
    .default(300)
    .meta({ description: 'How long "unknown domain" may be kept, in seconds.' }),
  compress: z.boolean().default(true).meta({ description: 'gzip for clients that ask for it.' }),
  accessLog: z
    .boolean()
    .default(true)
    .meta({ description: 'One line a request: route, format, host, status, duration.' }),
  requestTimeout: seconds(1, 300)
    .default(10)
    .meta({ description: 'How long a client may take to send its request, in seconds. Read at start only.' }),
  keepAliveTimeout: seconds(1, 600).default(75).meta({
    description:
      'How long an idle connection is kept, in seconds; longer than the proxy in front keeps it. Read at start only.',
  }),
  maxConnections: z
    .int()
    .min(1)
    .optional()
    .meta({ description: 'Connections beyond this number are closed at once. Read at start only.' }),
  shutdownTimeout: seconds(1, 300).default(10).meta({
    description: 'How long requests under way may take after SIGTERM, in seconds. Read at start only.',
  }),
})

/** Everything that is not a source of domains. */
export const mainSections = {
  provider: providerSection.meta({ description: 'Who runs the mail, as people read it.' }),
  hosts: z
    .record(z.string().regex(/^[^\s#:[\]]+$/, 'must be one word without : # [ ]'), hostSection)
    .refine((hosts) => Object.keys(hosts).length > 0, 'must hold at least one mail host')
    .meta({ description: 'The mail hosts, each under a short name of your choice.' }),
  publicName: domainName().optional().meta({
    description:
      'The name that this service is reached by, with a certificate for it: what autoconfig.<domain> of each customer is a CNAME of.',
  }),
  apple: appleSection.default({}).meta({ description: 'Configuration profiles for iPhones and Macs.' }),
  pacc: paccSection
    .prefault({})
    .meta({ description: 'The document that draft-ietf-mailmaint-pacc describes.' }),
  trustedProxies: z
    .array(network())
    .default([])
    .meta({ description: "Whose X-Forwarded-Host is believed: addresses or networks. Nobody's by default." }),
  http: httpSection.prefault({}).meta({ description: 'How the HTTP server answers.' }),
}

export type AppleSection = z.infer<typeof appleSection>
export type PaccSection = z.infer<typeof paccSection>
export type ProviderSection = z.infer<typeof providerSection>
export type HostSection = z.infer<typeof hostSection>
export type ServerSection = z.infer<typeof serverSection>
export type HttpSettings = z.infer<typeof httpSection>

/** Every key that the configuration may hold, those of the sources of domains included. */
export const sections: Readonly<Record<string, z.ZodType>> = {
  ...mainSections,
  ...Object.assign({}, ...sourceKinds.map((kind) => kind.shape)),
  accounts: accountsSection.optional().meta({
    description: 'Login names that are not the address: what each address logs in with, and who is told.',
  }),
  links: linksSection.optional().meta({
    description: 'Personal set-up links, which tell a person what the address logs in with.',
  }),
  sources: sourcesSection.default([]).meta({
    description: 'What is asked for domains and accounts that are not in the files, in this order.',
  }),
  ispdb: ispdbSection,
}

/** The JSON Schema of the configuration file, for editors. */
export function jsonSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'mail-autoconfig configuration',
    ...z.toJSONSchema(z.strictObject(sections), { io: 'input', unrepresentable: 'any' }),
  }
}
