import { formatPattern } from '../domains/pattern.ts'
import { ispdbDocument } from '../formats/autoconfig-document.ts'
import { type Domain, parseDomain } from '../model/address.ts'
import { unknownPlaceholders } from '../model/placeholders.ts'
import { failure, type Result, success } from '../model/result.ts'
import { writtenServers } from '../model/safe-shape.ts'
import type { ClientConfig } from '../model/settings.ts'
import { suggestion } from '../reading/suggestion.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { clientConfigChanges } from './changes.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface SubmitOptions {
  readonly config: string
  /** The key of the host whose settings are submitted; by default the only one. */
  readonly host?: string
  /** The provider's own domains; by default all that are mapped. */
  readonly domain?: readonly string[]
  /** The domains of the MX hosts; by default those of the mail hosts. */
  readonly mx?: readonly string[]
}

/** A provider hardly has more domains of its own than this. */
const maxOwnDomains = 100

/**
 * Prints a file to submit to the public ISPDB (https://github.com/thunderbird/autoconfig). It is for all domains of the
 * provider, and for the domain of its MX hosts, by which clients find the domains of customers. Notes go to stderr.
 */
export function submit(
  { config: file, host: key, domain: domainNames, mx: mxNames }: SubmitOptions,
  io: Io,
): Promise<ExitCode> {
  const { stdout, stderr } = io
  const report = (line: string) => stderr.write(`${line}\n`)
  return withResolver(file, io, async (resolver) => {
    const invalid = Object.entries({ domain: domainNames, mx: mxNames }).find(([, names]) =>
      names?.some((text) => parseDomain(text) === undefined),
    )
    if (invalid) {
      report(`--${invalid[0]} is not a domain; write one such as example.org`)
      return exitCodes.usage
    }
    const chosen = chooseHost(resolver, key)
    if (!chosen.ok) {
      report(chosen.error)
      return key === undefined ? exitCodes.failure : exitCodes.usage
    }
    const clientConfig = chosen.value
    const mx = mxNames
      ? mxNames.map((text) => parseDomain(text) as Domain)
      : mxDomainsOf(clientConfig, resolver, report)
    const own = domainNames
      ? domainNames.map((text) => parseDomain(text) as Domain)
      : ownDomains(clientConfig, resolver, report)
    const all = [...new Set([...mx, ...own])]
    if (all.length === 0) {
      report('no domain to submit; name domains with --domain, or the domain of the MX hosts with --mx')
      return exitCodes.failure
    }
    if (!domainNames && own.length > maxOwnDomains)
      report(
        `${own.length} domains: the database accepts only domains of the provider, and clients find those of customers by their MX; name yours with --domain`,
      )
    for (const line of warningsFor(clientConfig)) report(line)
    report(`submit this file as ispdb/${clientConfig.id}.xml to https://github.com/thunderbird/autoconfig`)
    stdout.write(ispdbDocument(clientConfig, all))
    return exitCodes.ok
  })
}

/** The host with the key, or the only one. */
function chooseHost({ config: { hosts } }: Resolver, key: string | undefined): Result<ClientConfig> {
  if (key !== undefined) {
    const host = hosts.get(key)
    return host
      ? success(host)
      : failure(
          `there is no host with this key${suggestion(key, hosts.keys()) || `; use one of: ${[...hosts.keys()].join(', ')}`}`,
        )
  }
  const [first, ...others] = [...hosts.values()] as [ClientConfig, ...ClientConfig[]]
  const other = others.find((one) => clientConfigChanges(first, one).length > 0)
  return other
    ? failure(
        `the hosts ${first.host.key} and ${other.host.key} have different settings; name one with --host, and submit a file for each`,
      )
    : success(first)
}

/**
 * The domain by which clients find a domain that is not in the database: its MX host without the first label (Thunderbird's
 * `MXFULLDOMAIN`). Omitted if hosts with different settings share it, since the database has one file for it.
 */
function mxDomainsOf(
  clientConfig: ClientConfig,
  { config: { hosts } }: Resolver,
  report: (line: string) => void,
): Domain[] {
  const domain = mxDomainOf(clientConfig)
  if (!domain) return []
  const other = [...hosts.values()].find(
    (one) => mxDomainOf(one) === domain && clientConfigChanges(clientConfig, one).length > 0,
  )
  if (!other) return [domain]
  report(
    `${domain} omitted: the hosts ${clientConfig.host.key} and ${other.host.key} are both below it, but the database has one file for each MX domain; give the MX of each host a domain of its own, and name it with --mx`,
  )
  return []
}

function mxDomainOf({ host, id }: ClientConfig): Domain | undefined {
  if (host.hostname === id || host.hostname.endsWith(`.${id}`)) return id
  const parent = host.hostname.slice(host.hostname.indexOf('.') + 1)
  return parent.includes('.') ? (parent as Domain) : undefined
}

/** The domains with the settings of the host. */
function ownDomains(
  clientConfig: ClientConfig,
  resolver: Resolver,
  report: (line: string) => void,
): Domain[] {
  const own: Domain[] = []
  const compared = new Map<ClientConfig, boolean>()
  for (const [pattern, other] of resolver.entries()) {
    const isEqual = compared.get(other) ?? clientConfigChanges(clientConfig, other).length === 0
    compared.set(other, isEqual)
    const isOnHost = isEqual || other.host.key === clientConfig.host.key
    if (isEqual && !pattern.startsWith('.')) own.push(pattern as Domain)
    else if (isOnHost) {
      const reason = isEqual ? 'the database has no wildcards' : 'its settings differ from those of its host'
      report(`${formatPattern(pattern)} omitted: ${reason}`)
    }
  }
  return own
}

/** Notes about settings that the database would reject, or that look like a mistake. */
function warningsFor(clientConfig: ClientConfig): string[] {
  const servers = writtenServers(clientConfig)
  return [
    ...(servers.some(({ socketType }) => socketType === 'plain')
      ? ['a server has no encryption, and the database rejects it; use SSL or STARTTLS']
      : []),
    ...[...new Set(servers.map(({ username }) => username))].flatMap((username) => {
      const unknown = unknownPlaceholders(username)
      if (unknown.length > 0)
        return [`the username contains ${unknown.join(', ')}, which the database rejects`]
      return username.includes('%')
        ? []
        : [`the username is the same for everyone; use a placeholder such as %EMAILADDRESS%`]
    }),
  ]
}
