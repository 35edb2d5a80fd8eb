import type { Directory, Explanation } from '../directory.ts'
import { type EmailAddress, formatEmailAddress } from '../domain/address.ts'
import { fillPlaceholders } from '../domain/placeholders.ts'
import { writtenServers } from '../domain/safe-shape.ts'
import type { AccountSettings, Limits, Lookup, Provider } from '../domain/settings.ts'
import { type Format, isExpressible } from '../formats/format.ts'
import { formats } from '../formats/index.ts'
import { nearest } from '../schema/suggestion.ts'
import type { Pattern } from '../sources/source.ts'
import { readAddressOrDomain } from './asked.ts'
import { openDirectory } from './open-directory.ts'
import { type ExitCode, exitCodes, type Surroundings } from './surroundings.ts'

/** Tells who serves a domain, by which line of which file, and what a client is told; or why nobody does. */
export async function explain(
  asked: string,
  { config: file }: { config: string },
  { stdout, stderr }: Surroundings,
): Promise<ExitCode> {
  const lookup = readAddressOrDomain(asked)
  if (!lookup?.domain) {
    stderr.write(`"${asked}" is neither an address nor a domain\n`)
    return exitCodes.usage
  }
  const directory = await openDirectory(file)
  const explanation = directory.explain(lookup)
  stdout.write(explanation ? tell(explanation) : tellNothing(lookup.domain, directory))
  return explanation ? exitCodes.fine : exitCodes.faults
}

function tell({ settings, reason }: Explanation): string {
  const { domain, provider, address } = settings
  const { host } = provider
  const servers = writtenServers(provider)
  return table([
    ['domain', domain],
    ['served by', `${host.key} (${host.hostname})`],
    ['because', because(reason)],
    ...servers.map(({ type, hostname, port, socketType, authentication }) => [
      type,
      `${hostname}:${port} ${socketType} ${authentication.join(', ')}`,
    ]),
    ...[...new Set(servers.map(({ username }) => username))].map((username) => [
      'user name',
      logIn(username, address),
    ]),
    ...(provider.webMail ? [['webmail', provider.webMail]] : []),
    ...limitsOf(host.limits),
    ...formats
      .filter((format) => isExpressible(format.render(settings)))
      .flatMap(({ endpoints }) => endpoints.flatMap(({ urls }) => urls?.(domain) ?? []))
      .map((url, index) => [index === 0 ? 'clients ask' : '', url]),
    ...formats.flatMap((format) => missing(format, settings)),
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
  if ('ownNameOf' in reason) return 'it is the own name of that host'
  if ('defaultHost' in reason)
    return "it is the provider's own domain, and provider.defaultHost names that host"
  const { rule, pattern } = reason
  return `${rule.file}:${rule.line} maps ${written(pattern)} to it`
}

const written = (pattern: Pattern): string => (pattern === '.' ? '*' : pattern.replace(/^\./, '*.'))

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

function tellNothing(domain: NonNullable<Lookup['domain']>, directory: Directory): string {
  const near = nearest(domain, [...directory.patterns()].map(written))
  const rule = near === undefined ? undefined : nearRule(near, directory)
  const hosts = [...directory.config.hosts.values()].map(({ host }) => host.hostname)
  return table([
    ['domain', domain],
    ['served by', 'nobody: clients get 404'],
    ['because', `no entry covers it, under domains: or in a map file, and it is none of ${hosts.join(', ')}`],
    ...(rule
      ? [['nearest', `${near}, which ${rule.file}:${rule.line} maps to ${rule.provider.host.key}`]]
      : []),
  ])
}

function nearRule(
  near: string,
  directory: Directory,
): { file: string; line: number; provider: Provider } | undefined {
  const lookup = readAddressOrDomain(near.replace(/^\*\./, 'any.'))
  return lookup?.domain && directory.ruleFor(lookup.domain)?.rule
}

function table(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([name = '']) => name.length))
  return rows.map(([name = '', value]) => `${name.padEnd(width)}  ${value}\n`).join('')
}
