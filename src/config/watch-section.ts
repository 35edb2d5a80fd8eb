import { isIP } from 'node:net'
import * as z from 'zod'
import { type CheckId, checkIds } from '../model/check-ids.ts'
import { duration } from '../reading/duration.ts'
import { absoluteUrl, domainName } from '../reading/fields.ts'
import { parseIpAndPort } from '../reading/ip-and-port.ts'

const checkIdNames = Object.keys(checkIds) as CheckId[]

const fileName = (description: string) =>
  z
    .string()
    .min(1)
    .optional()
    .meta({ description: `${description} Relative to this file.` })

const ipAndPort = (example: string) =>
  z
    .string()
    .refine(
      (text) => parseIpAndPort(text) !== undefined,
      `must be an IP address with an optional port, such as ${example}`,
    )

/** The error for another kind of value, such as the URL alone. */
const mapping = (example: string) => ({
  error: ({ code }: { readonly code?: string }) =>
    code === 'invalid_type' ? `must be a mapping, such as ${example}` : undefined,
})

const webhookSection = z
  .strictObject(
    {
      url: absoluteUrl('https', 'http')
        .refine(
          (value) => !URL.canParse(value) || new URL(value).username === '',
          'must not contain a username; put a token into tokenFile',
        )
        .optional()
        .meta({ description: 'Where changes are sent as JSON, by POST. Redirects are not followed.' }),
      urlFile: fileName('File with the URL, for a chat whose URL is a secret.'),
      tokenFile: fileName('File with a token, which is sent as "Authorization: Bearer".'),
      timeout: duration('1s', '1m').prefault('10s').meta({
        description: 'How long one attempt may take, from 1s to 1m.',
      }),
    },
    mapping('{ url: https://alerts.example.net/mail }'),
  )
  .refine(
    ({ url, urlFile }) => (url === undefined) !== (urlFile === undefined),
    'must have exactly one of url, urlFile',
  )

const commandSection = z.strictObject(
  {
    run: z
      .array(z.string().max(4096))
      .min(1)
      .max(100)
      .refine(([program = '/']) => program.startsWith('/'), 'must begin with the absolute path of a program')
      .meta({
        description:
          'A program and its arguments. It is started without a shell and gets the JSON on standard input.',
      }),
    timeout: duration('1s', '10m').prefault('30s').meta({
      description: 'How long the program may run before it is killed, from 1s to 10m.',
    }),
  },
  mapping('{ run: [/usr/local/bin/mail-admin, root@localhost] }'),
)

/** `watch:` of the configuration. */
export const watchSection = z
  .strictObject({
    server: z.boolean().default(true).meta({
      description:
        'false: the server checks nothing, because "doctor --all --watch" does it as a process of its own.',
    }),
    every: duration('1s', '7d').prefault('6h').meta({
      description:
        'How often every mail host and publicName is checked, and another sample of the domains, from 1s to 7d.',
    }),
    sample: z.int().min(0).max(10_000).default(20).meta({
      description:
        'How many domains are checked each time, 0 for none. They rotate, so that each mapped domain has its turn.',
    }),
    confirm: duration('1s', '1d').prefault('5m').meta({
      description:
        'How soon a host or a domain is checked again after something has changed, from 1s to 1d. Only a change that is seen twice is sent.',
    }),
    alarms: z.array(z.int().min(1).max(365)).max(5).default([21, 7]).meta({
      description: 'How many days before a certificate ends an alarm is sent.',
    }),
    ignore: z.array(z.enum(checkIdNames)).default([]).meta({
      description:
        'Ids of checks whose problems do not matter (docs/doctor.md), such as dns-record-missing if customers set their own DNS.',
    }),
    timeout: duration('1s', '1m')
      .prefault('10s')
      .meta({ description: 'How long a connection may last, from 1s to 1m.' }),
    resolvers: z.array(ipAndPort('127.0.0.1:5353')).default([]).meta({
      description: 'Name servers to ask, as IP or IP:PORT. By default those of the system.',
    }),
    connect: z.record(domainName(), ipAndPort('192.0.2.1 or [2001:db8::1]:993')).default({}).meta({
      description:
        'Addresses of hosts in place of their DNS, such as { mail.example.org: 10.0.0.5 } where the public address cannot be reached.',
    }),
    authorityFile: fileName('File with authorities that are trusted besides those of the system (PEM).'),
    webhook: webhookSection
      .optional()
      .meta({ description: 'Where changes are sent. It has exactly one of url and urlFile.' }),
    command: commandSection.optional().meta({ description: 'The program that gets the changes.' }),
  })
  .meta({ description: 'Checks regularly what "doctor" checks, and says what has changed.' })
export type WatchSection = z.infer<typeof watchSection>

/** Does a URL lead to this machine? */
export const isLoopback = (url: string): boolean => {
  const name = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1')
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))
}
