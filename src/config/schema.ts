import * as z from 'zod'
import { authentications, protocols, socketTypes } from '../domain/settings.ts'
import { domainName, network, size } from '../schema/fields.ts'
import { displayName, displayShortName, documentation, username, webMail } from '../schema/mail.ts'
import { sourceKinds } from '../sources/index.ts'

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

const serverSection = z
  .strictObject({
    type: z.enum(protocols),
    hostname: domainName().optional().meta({ description: "The host's own name by default." }),
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
  })
  .check((context) => {
    for (const key of ['leaveMessagesOnServer', 'daysToLeaveMessagesOnServer'] as const) {
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
  webMail: webMail.optional(),
  limits: z
    .strictObject({
      messageSize: size().optional().meta({ description: 'The largest message, such as 12MB.' }),
      quota: size().optional().meta({ description: 'The space of one account, such as 1GB.' }),
    })
    .default({})
    .meta({ description: 'Told to people, not to clients.' }),
  shape: z.enum(['safe', 'all']).default('safe').meta({
    description:
      'safe: one server of a type, encrypted, one password method: the document that every client reads. all: every server as it stands here; some clients take the last of two, some discard the document.',
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
  trustedProxies: z
    .array(network())
    .default([])
    .meta({ description: "Whose X-Forwarded-Host is believed: addresses or networks. Nobody's by default." }),
  http: httpSection.prefault({}).meta({ description: 'How the HTTP server answers.' }),
}

export type ProviderSection = z.infer<typeof providerSection>
export type HostSection = z.infer<typeof hostSection>
export type ServerSection = z.infer<typeof serverSection>
export type HttpSettings = z.infer<typeof httpSection>

/** Every key that the configuration may hold, those of the sources of domains included. */
export const sections: Readonly<Record<string, z.ZodType>> = {
  ...mainSections,
  ...Object.assign({}, ...sourceKinds.map((kind) => kind.shape)),
}

/** The JSON Schema of the configuration file, for editors. */
export function jsonSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'mail-autoconfig configuration',
    ...z.toJSONSchema(z.strictObject(sections), { io: 'input', unrepresentable: 'any' }),
  }
}
