import { isIP } from 'node:net'
import * as z from 'zod'
import { failure, type Result } from '../../model/result.ts'
import { backendSettings } from '../backend.ts'
import { pemFile, pemFiles } from '../tls-files.ts'
import { type Dialect, type Query, readQuery } from './query.ts'
import { isEndpoint, readSqlUrl } from './url.ts'

const section = z.strictObject({
  url: z.string().meta({
    description:
      'postgres://user@host/database, mysql://…, mariadb://… or sqlite:/path/to/file. Optional parameters: ?sslmode=verify-full; for a Unix socket ?host=/directory (PostgreSQL) or ?socket=/path (MySQL).',
  }),
  passwordFile: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'File with the password. Relative to this file.' }),
  domain: z.string().optional().meta({
    description:
      'Query that returns the host of the domain $1, such as SELECT host FROM mail_domain WHERE name = $1. No row means that the domain is unknown.',
  }),
  account: z.string().optional().meta({
    description:
      'Query that returns the login name of the address $1, such as SELECT login FROM mailbox WHERE address = $1.',
  }),
  list: z.string().optional().meta({
    description:
      'Query that returns every domain and its host, for `drift`: SELECT name, host FROM mail_domain.',
  }),
  notify: z
    .string()
    .regex(
      /^[a-z_][a-z\d_]{0,62}$/,
      'must be a channel name of lower-case letters, digits and _, such as mail_changed',
    )
    .optional()
    .meta({
      description:
        'PostgreSQL only: the channel that announces changes. The payload is the changed domain or address; no payload means that anything may have changed.',
    }),
  tls: z.boolean().optional().meta({
    description:
      'Encrypt the connection with TLS and verify the certificate. Off unless sslmode in the URL enables it.',
  }),
  authorityFile: pemFile('File with the certificate of the authority that signed the one of the server.'),
  certificateFile: pemFile(
    'File with the certificate that the server asks of its clients. Requires keyFile.',
  ),
  keyFile: pemFile('File with the private key of certificateFile, without a passphrase.'),
  replicas: z
    .array(z.string().refine(isEndpoint, 'must be host or host:port'))
    .min(1)
    .max(10)
    .optional()
    .meta({
      description:
        'PostgreSQL only: servers, as host or host:port, that answer the queries instead of the one in url, in the order in which they are tried. The server in url is tried last, and announces changes. They have the same user, password, database and TLS.',
    }),
  connections: z
    .int()
    .min(1)
    .max(1000)
    .default(4)
    .meta({ description: 'Maximum number of connections, and of queries that run at once.' }),
  ...backendSettings,
})

/** The settings below `sql:`, with the URL and the queries already parsed. */
export const sqlSection = section.transform((settings, context) => {
  const addError = (key: keyof typeof settings, message: string): void => {
    context.addIssue({ code: 'custom', input: settings, path: [key], message })
  }
  const accept = <Value>(key: keyof typeof settings, result: Result<Value>): Value | undefined => {
    if (result.ok) return result.value
    addError(key, result.error)
    return undefined
  }
  if (settings.domain === undefined && settings.account === undefined) {
    addError('domain', 'is required unless "account" is set')
  }
  const location = accept('url', readSqlUrl(settings.url))
  if (location === undefined) return z.NEVER
  const { dialect } = location
  const [domain, account, list] = (['domain', 'account', 'list'] as const).map((key) =>
    settings[key] === undefined ? undefined : accept(key, readQueryOf(key, settings[key], dialect)),
  )
  for (const key of ['notify', 'replicas'] as const) {
    if (settings[key] !== undefined && dialect !== 'postgresql') {
      addError(key, 'is supported only by PostgreSQL; remove it')
    }
  }
  for (const key of ['tls', 'passwordFile', ...pemFiles] as const) {
    if (settings[key] !== undefined && dialect === 'sqlite') {
      addError(key, 'is not supported by SQLite; remove it')
    }
  }
  const urlTls = 'tls' in location ? location.tls : undefined
  if (urlTls !== undefined && settings.tls !== undefined && settings.tls !== urlTls) {
    addError('tls', 'contradicts sslmode in the url; set only one of them')
  }
  const tls = settings.tls ?? urlTls ?? false
  for (const key of pemFiles) {
    if (settings[key] !== undefined && !tls && dialect !== 'sqlite') addError(key, 'requires tls: true')
  }
  if ((settings.certificateFile === undefined) !== (settings.keyFile === undefined)) {
    addError('certificateFile', 'requires keyFile; set both or neither')
  }
  // mysql2 would compare the certificate with `localhost`.
  if (location.dialect === 'mysql' && tls && isIP(location.host) !== 0) {
    addError('url', 'must contain a host name, not an IP address: TLS verifies the certificate for that name')
  }
  return { ...settings, location, domain, account, list, tls }
})

export type SqlSettings = z.infer<typeof sqlSection>

const parameterMeaning = { domain: 'domain', account: 'whole address' } as const

/** Reads a query of the configuration, and checks that it has the parameter that it needs. */
function readQueryOf(key: 'domain' | 'account' | 'list', text: string, dialect: Dialect): Result<Query> {
  const query = readQuery(text, dialect)
  if (!query.ok) return query
  const { parameters } = query.value
  if (key === 'list') {
    return parameters > 0 ? failure('must not have a parameter: it returns every domain') : query
  }
  if (parameters > 0) return query
  return failure(`must contain the parameter $1, which is the ${parameterMeaning[key]}`)
}
