import * as z from 'zod'
import { authentications, protocols, socketTypes } from '../model/settings.ts'
import { hostnameTemplate } from '../reading/fields.ts'
import { username } from './fields.ts'

/** The short names of servers: RFC 6186, RFC 8314 and the IANA service registry; `smtps` is the old name of `submissions`. */
export const serverNames = ['imaps', 'pop3s', 'submissions', 'smtps', 'imap', 'pop3', 'submission'] as const
export type ServerName = (typeof serverNames)[number]

/** The options that only a POP3 server has. */
export const pop3Options = [
  'leaveMessagesOnServer',
  'daysToLeaveMessagesOnServer',
  'downloadOnBiff',
  'checkInterval',
] as const

/** A server in its long form, with a type. */
export const serverSection = z
  .strictObject({
    type: z
      .enum(protocols)
      .meta({ description: 'The protocol: smtp for outgoing mail, the others for incoming mail.' }),
    hostname: hostnameTemplate().optional().meta({
      description:
        'By default the hostname of the host. %EMAILDOMAIN% stands for the domain of the address, as in mail.%EMAILDOMAIN%.',
    }),
    port: z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .meta({ description: 'By default the standard port for type and socketType.' }),
    socketType: z.enum(socketTypes).optional().meta({
      description:
        'SSL (TLS from the first byte) is the default. For ports 143, 110 and 587, the default is STARTTLS.',
    }),
    authentication: z
      .array(z.enum(authentications))
      .min(1)
      .default(['password-cleartext'])
      .meta({ description: 'Authentication methods, in order of preference.' }),
    username: username.optional(),
    leaveMessagesOnServer: z
      .boolean()
      .optional()
      .meta({ description: 'POP3 only: keep messages on the server after the client has read them.' }),
    daysToLeaveMessagesOnServer: z.int().min(1).max(3650).optional().meta({
      description: 'POP3 only: days until messages on the server are deleted. Implies leaveMessagesOnServer.',
    }),
    downloadOnBiff: z.boolean().optional().meta({ description: 'POP3 only: download new mail immediately.' }),
    checkInterval: z
      .int()
      .min(1)
      .max(10_080)
      .optional()
      .meta({ description: 'POP3 only: minutes between two checks for mail.' }),
  })
  .check((context) => {
    for (const key of pop3Options) {
      if (context.value.type !== 'pop3' && context.value[key] !== undefined) {
        context.issues.push({
          code: 'custom',
          input: context.value,
          path: [key],
          message: 'requires "type: pop3"',
        })
      }
    }
  })
export type ServerSection = z.infer<typeof serverSection>
