import { noAnswer } from '../backends/cached-backend.ts'
import { formatPattern } from '../domains/pattern.ts'
import { type Format, isExpressible } from '../formats/format.ts'
import { formats } from '../formats/index.ts'
import { type Domain, type EmailAddress, formatEmailAddress } from '../model/address.ts'
import { fillDomain, fillPlaceholders } from '../model/placeholders.ts'
import { serversFor } from '../model/safe-shape.ts'
import type { AccountSettings, ClientConfig, IspdbDocument, Limits, Lookup } from '../model/settings.ts'
import { nearest } from '../reading/suggestion.ts'
import type { Explanation, Resolver } from '../resolver/resolver.ts'
import { readAddressOrDomain } from './arguments.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

/** Tells who serves a domain, by which line of which file, and what a client is told; or why nobody does. */
export async function explain(
  asked: string,
  { config: file }: { config: string },
  io: Io,
): Promise<ExitCode> {
  const { stdout, stderr } = io
  const lookup = readAddressOrDomain(asked)
  if (!lookup?.domain) {
    stderr.write(`"${asked}" is neither an address nor a domain\n`)
    return exitCodes.usage
  }
  const { domain } = lookup
  return withResolver(file, io, async (resolver) => {
    const explanation = await resolver.explain(lookup)
    const linked = await resolver.settings({ ...lookup, viaLink: true })
    const document = resolver.ispdb?.find(domain, 'ispdb')
    if (explanation) stdout.write(tell(explanation, linked))
    if (document) stdout.write(tellDocument(domain, document, explanation))
    if (!explanation && !document) stdout.write(tellNothing(domain, resolver))
    stdout.write(await tellMx(domain, resolver))
    return explanation || document ? exitCodes.ok : exitCodes.failure
  })
}

function tell({ settings, reason }: Explanation, linked: AccountSettings | undefined): string {
  const { domain, clientConfig, address } = settings
  const { host } = clientConfig
  const servers = serversFor(settings)
  return table([
    ['domain', domain],
    ['served by', `${host.key} (${host.hostname})`],
    ['because', because(reason)],
    ...('rule' in reason ? reason.rule.moves : []).map(({ at, clientConfig: next }) => [
      'moves to',
      `${next.host.key} (${next.host.hostname}) at ${new Date(at).toISOString()}`,
    ]),
    ...servers.map(({ type, hostname, port, socketType, authentication }) => [
      type,
      `${hostname}:${port} ${socketType} ${authentication.join(', ')}`,
    ]),
    ...[...new Set(servers.map(({ username }) => username))].map((username) => [
      'user name',
      logIn(username, address),
    ]),
    ...loginRows(settings, linked),
    ...(clientConfig.webMail ? [['webmail', fillDomain(clientConfig.webMail, domain)]] : []),
    ...(clientConfig.enable ? [['to be enabled', clientConfig.enable.visiturl]] : []),
    ...limitsOf(host.limits),
    ...formats
      .filter((format) => isExpressible(format.render(settings)))
      .flatMap(({ endpoints }) => endpoints.flatMap(({ urls }) => urls?.(domain) ?? []))
      .map((url, index) => [index === 0 ? 'clients ask' : '', url]),
    ...formats.flatMap((format) => missing(format, settings)),
  ])
}

/** What a file of the ISPDB has to do with the domain, and what is ours does not keep from it. */
function tellDocument(
  domain: Domain,
  { file, serve }: IspdbDocument,
  explanation: Explanation | undefined,
): string {
  const isForAll = explanation && 'rule' in explanation.reason && explanation.reason.pattern === '.'
  if (explanation && !isForAll)
    return `${file} of the ISPDB names ${domain}, too; what is ours comes before it\n`
  const asked = formats.flatMap(({ endpoints }) =>
    endpoints.filter((one) => (serve === 'all' ? one.serve : one.serve === 'ispdb')),
  )
  const known = asked.flatMap(({ path, urls }) => urls?.(domain) ?? [path.replace(':domain', domain)])
  return table([
    ...(explanation ? [] : [['domain', domain]]),
    ['ISPDB', `${file}, as it stands`],
    ...known.map((url, index) => [index === 0 ? 'it is at' : '', url]),
  ])
}

/** What is not to be had for the domain, and why; for an address where it takes one. */
function missing(format: Format, settings: AccountSettings): string[][] {
  const { domain } = settings
  const rendered = format.render({
    ...settings,
    domain,
    address: settings.address ?? { localPart: 'x', domain },
  })
  return isExpressible(rendered) ? [] : [[`no ${format.name}`, rendered.notExpressible]]
}

function because(reason: Explanation['reason']): string {
  if ('source' in reason) return `the source ${reason.source} says so`
  if ('ownNameOf' in reason) return 'it is the own name of that host'
  if ('defaultHost' in reason)
    return "it is the provider's own domain, and provider.defaultHost names that host"
  const { rule, pattern } = reason
  return `${rule.file}:${rule.line} maps ${formatPattern(pattern)} to it`
}

/** Where the mail of the domain comes to by the DNS, where the configuration has a source that asks it. */
export async function tellMx(domain: Domain, { backends }: Resolver): Promise<string> {
  const answer = await backends?.all.find(({ kind }) => kind === 'mx')?.host(domain)
  if (answer === undefined) return ''
  if (answer === noAnswer) return 'the MX could not be looked up\n'
  return answer.text === undefined ? 'there is no MX\n' : `the MX points at ${answer.text}\n`
}

/** What the address logs in with, where that is not what the user name says. */
function loginRows({ personal }: AccountSettings, linked: AccountSettings | undefined): string[][] {
  if (!linked?.clientConfig.ownLogins && !linked?.personal) return []
  const login = linked.clientConfig.servers[0]?.username
  const how = personal ? 'as everybody is told who asks' : 'as a personal link tells'
  return [
    [
      'logs in as',
      linked.clientConfig.ownLogins ? 'no account of this address is known' : `${login}, ${how}`,
    ],
  ]
}

function logIn(username: string, address: EmailAddress | undefined): string {
  if (!address) return username
  const login = fillPlaceholders(username, address)
  return login === username ? username : `${login} (${username} of ${formatEmailAddress(address)})`
}

function limitsOf({ messageSize, quota }: Limits): string[][] {
  return [
    ...(messageSize === undefined ? [] : [['message', `at most ${inMegabytes(messageSize)}`]]),
    ...(quota === undefined ? [] : [['account', `at most ${inMegabytes(quota)}`]]),
  ]
}

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e4) / 100} MB`

function tellNothing(domain: NonNullable<Lookup['domain']>, resolver: Resolver): string {
  const near = nearest(domain, [...resolver.patterns()].map(formatPattern))
  const rule = near === undefined ? undefined : nearRule(near, resolver)
  const hosts = [...resolver.config.hosts.values()].map(({ host }) => host.hostname)
  return table([
    ['domain', domain],
    ['served by', 'nobody: clients get 404'],
    ['because', `no entry covers it, under domains: or in a map file, and it is none of ${hosts.join(', ')}`],
    ...(rule
      ? [['nearest', `${near}, which ${rule.file}:${rule.line} maps to ${rule.clientConfig.host.key}`]]
      : []),
  ])
}

function nearRule(
  near: string,
  resolver: Resolver,
): { file: string; line: number; clientConfig: ClientConfig } | undefined {
  const lookup = readAddressOrDomain(near.replace(/^\*\./, 'any.'))
  return lookup?.domain && resolver.ruleFor(lookup.domain)?.rule
}

function table(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([name = '']) => name.length))
  return rows.map(([name = '', value]) => `${name.padEnd(width)}  ${value}\n`).join('')
}
