import type { CachedBackend } from '../backends/cached-backend.ts'
import { formatPattern } from '../domains/pattern.ts'
import type { Format } from '../formats/format.ts'
import { formats } from '../formats/index.ts'
import { type Domain, type EmailAddress, formatEmailAddress } from '../model/address.ts'
import { lookupOf } from '../model/lookup.ts'
import { fillDomain, fillPlaceholders } from '../model/placeholders.ts'
import { serversFor } from '../model/safe-shape.ts'
import { type AccountSettings, accountSettings, type IspdbDocument, type Limits } from '../model/settings.ts'
import { nearest } from '../reading/suggestion.ts'
import { isResolution, type NotFound, type Reason, type Resolution } from '../resolver/resolution.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { readAddressOrDomain } from './arguments.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

/** Shows which host serves a domain, and why, and what clients get. */
export async function explain(
  asked: string,
  { config: file }: { config: string },
  io: Io,
): Promise<ExitCode> {
  const { stdout, stderr } = io
  const target = readAddressOrDomain(asked)
  if (!target) {
    stderr.write(`"${asked}" is neither an address nor a domain\n`)
    return exitCodes.usage
  }
  const { domain, address } = target
  return withResolver(file, io, async (resolver) => {
    const values = { domain, address, requestHost: domain }
    const found = await resolver.resolve(lookupOf(values))
    const document = resolver.ispdb?.find(domain, 'ispdb')
    if (isResolution(found)) {
      const linked = await resolver.resolve(lookupOf({ ...values, link: {} }))
      const noLogin = address && (await resolver.explainLogin(address, found.clientConfig))
      stdout.write(table(resolutionRows(found, linked, { address, noLogin }, resolver)))
    }
    if (document) stdout.write(describeDocument(domain, document, found))
    if (!isResolution(found) && !document) stdout.write(table(notFoundRows(domain, found, resolver)))
    stdout.write(await describeMx(domain, resolver))
    return isResolution(found) || document ? exitCodes.ok : exitCodes.failure
  })
}

type Row = readonly [name: string, value: string]

function resolutionRows(
  found: Resolution,
  linked: Resolution | NotFound,
  { address, noLogin }: { address: EmailAddress | undefined; noLogin: string | undefined },
  resolver: Resolver,
): Row[] {
  const { domain, clientConfig, reason } = found
  const { host } = clientConfig
  const settings = accountSettings(domain, clientConfig, { address })
  const servers = serversFor(settings)
  return [
    ['domain', domain],
    ['served by', `${host.key} (${host.hostname})`],
    ['because', because(reason, domain, resolver)],
    ...moveRows(domain, resolver),
    ...servers.map(
      ({ type, hostname, port, socketType, authentication }): Row => [
        type,
        `${hostname}:${port} ${socketType} ${authentication.join(', ')}`,
      ],
    ),
    ...[...new Set(servers.map(({ username }) => username))].map(
      (username): Row => ['username', usernameFor(username, settings.address)],
    ),
    ...loginRows(found, linked, noLogin),
    ...(clientConfig.webMail ? [['webmail', fillDomain(clientConfig.webMail, domain)] as const] : []),
    ...(clientConfig.enable ? [['enable first', clientConfig.enable.visiturl] as const] : []),
    ...limitRows(host.limits),
    ...formats
      .filter((format) => format.render(settings).ok)
      .flatMap(({ endpoints }) => endpoints.flatMap(({ urls }) => urls?.(domain) ?? []))
      .map((url, index): Row => [index === 0 ? 'clients ask' : '', url]),
    ...formats.flatMap((format) => notExpressibleRows(format, settings)),
  ]
}

function because(reason: Reason, domain: Domain, resolver: Resolver): string {
  switch (reason.kind) {
    case 'mapped': {
      const found = resolver.ruleFor(domain)
      return `${found?.rule.file}:${found?.rule.line} maps ${formatPattern(reason.pattern)} to it`
    }
    case 'hostName':
      return 'this is the host name of that host'
    case 'defaultHost':
      return "this is the provider's own domain, and provider.defaultHost is that host"
    case 'backend':
      return `the source ${reason.backend} names that host`
    case 'backendUnavailable':
      return resolver.config.defaultHost
        ? 'a source is unavailable, and provider.defaultHost is that host'
        : 'a source is unavailable, and that host is the only one'
  }
}

function moveRows(domain: Domain, resolver: Resolver): Row[] {
  const moves = resolver.ruleFor(domain)?.rule.moves ?? []
  return moves.map(({ at, clientConfig: { host } }) => [
    'moves to',
    `${host.key} (${host.hostname}) at ${new Date(at).toISOString()}`,
  ])
}

/** Formats that cannot express the settings; those for one person are tried with an address. */
function notExpressibleRows(format: Format, settings: AccountSettings): Row[] {
  const { domain, address = { localPart: 'x', domain } } = settings
  const text = format.render({ ...settings, address })
  return text.ok ? [] : [[`no ${format.name}`, text.error]]
}

/** The document of the ISPDB for the domain, if there is one, and whether it is served. */
function describeDocument(
  domain: Domain,
  { file, serve }: IspdbDocument,
  found: Resolution | NotFound,
): string {
  const isServed = isResolution(found)
  const isCatchAll = isServed && found.reason.kind === 'mapped' && found.reason.pattern === '.'
  if (isServed && !isCatchAll)
    return `${file} of the ISPDB also names ${domain}, but the configuration has precedence\n`
  const endpoints = formats.flatMap((format) =>
    format.endpoints.filter((endpoint) => (serve === 'all' ? endpoint.serve : endpoint.serve === 'ispdb')),
  )
  const urls = endpoints.flatMap(
    ({ path, urls: known }) => known?.(domain) ?? [path.replace(':domain', domain)],
  )
  return table([
    ...(isServed ? [] : [['domain', domain] as const]),
    ['ISPDB', `${file}, unchanged`],
    ...urls.map((url, index): Row => [index === 0 ? 'clients ask' : '', url]),
  ])
}

/** The MX of the domain, if the configuration has a source that asks for it. */
export async function describeMx(domain: Domain, { backends }: Resolver): Promise<string> {
  const mx: CachedBackend | undefined = backends?.all.find(({ kind }) => kind === 'mx')
  const answer = await mx?.findHost(domain)
  if (answer === undefined) return ''
  if (!answer.answered) return 'the MX could not be looked up\n'
  return answer.value === undefined ? 'there is no MX\n' : `the MX points to ${answer.value}\n`
}

/** The login name, if it differs from what `username` says. */
function loginRows(
  { confidential }: Resolution,
  linked: Resolution | NotFound,
  noLogin = 'no account of this address is known',
): Row[] {
  /* c8 ignore next -- the same domain was found a moment ago */
  if (!isResolution(linked)) return []
  const { hidesLogins, servers } = linked.clientConfig
  if (hidesLogins) return [['logs in as', noLogin]]
  if (!linked.confidential) return []
  const shown = confidential ? 'shown to every client' : 'shown only by a personal link'
  return [['logs in as', `${servers[0]?.username}, ${shown}`]]
}

function usernameFor(username: string, address: EmailAddress | undefined): string {
  if (!address) return username
  const login = fillPlaceholders(username, address)
  return login === username ? username : `${login} (${username} of ${formatEmailAddress(address)})`
}

function limitRows({ messageSize, quota }: Limits): Row[] {
  return [
    ...(messageSize === undefined ? [] : [['message', `at most ${inMegabytes(messageSize)}`] as const]),
    ...(quota === undefined ? [] : [['account', `at most ${inMegabytes(quota)}`] as const]),
  ]
}

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e4) / 100} MB`

function notFoundRows(domain: Domain, { certain }: NotFound, resolver: Resolver): Row[] {
  const near = nearest(domain, [...resolver.patterns()].map(formatPattern))
  const rule = near === undefined ? undefined : ruleNear(near, resolver)
  const hosts = [...resolver.config.hosts.values()].map(({ host }) => host.hostname)
  const sources = certain ? ', no source maps it to one of the hosts' : ', a source is unavailable'
  return [
    ['domain', domain],
    ['served by', 'no host: clients get 404'],
    [
      'because',
      `no entry of domains: or of a map file matches it${resolver.backends ? sources : ''}, and it is not one of: ${hosts.join(', ')}`,
    ],
    ...(rule
      ? [
          [
            'did you mean',
            `${near}, which ${rule.file}:${rule.line} maps to ${rule.clientConfig.host.key}`,
          ] as const,
        ]
      : []),
  ]
}

function ruleNear(near: string, resolver: Resolver) {
  const target = readAddressOrDomain(near.replace(/^\*\./, 'any.'))
  return target && resolver.ruleFor(target.domain)?.rule
}

function table(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('')
}
