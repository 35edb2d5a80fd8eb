import { formatPattern } from '../domains/pattern.ts'
import { ispdbDocument } from '../formats/autoconfig-document.ts'
import { type Domain, parseDomain } from '../model/address.ts'
import { unknownPlaceholders } from '../model/placeholders.ts'
import { writtenServers } from '../model/safe-shape.ts'
import type { ClientConfig } from '../model/settings.ts'
import { suggestion } from '../reading/suggestion.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { answerChanges } from './answer-changes.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface SubmitOptions {
  readonly config: string
  /** The key of the host whose settings are submitted; the only one by default. */
  readonly host?: string
  /** The domains that are yours, where not all that are mapped are. */
  readonly domain?: readonly string[]
  /** The domains of the MX hosts, where they are not those of the mail hosts. */
  readonly mx?: readonly string[]
}

/** More domains than these are hardly all the provider's own. */
const manyDomains = 100

/**
 * Prints a file for the public ISPDB (https://github.com/thunderbird/autoconfig): one for all domains of the provider, with
 * the domain of its MX hosts, by which the domains of customers are found. On stderr, what is to be known of it.
 */
export function submit(
  { config: file, host: key, domain: named, mx: mxNamed }: SubmitOptions,
  io: Io,
): Promise<ExitCode> {
  const { stdout, stderr } = io
  const tell = (line: string) => stderr.write(`${line}\n`)
  return withResolver(file, io, async (resolver) => {
    const domains = [...(named ?? []), ...(mxNamed ?? [])].map((text) => parseDomain(text) ?? text)
    const wrong = domains.find((domain) => parseDomain(domain) === undefined)
    if (wrong !== undefined) {
      tell(`"${wrong}" is not a domain`)
      return exitCodes.usage
    }
    const clientConfig = chosenHost(resolver, key)
    if (typeof clientConfig === 'string') {
      tell(clientConfig)
      return key === undefined ? exitCodes.failure : exitCodes.usage
    }
    const mx = mxNamed
      ? mxNamed.map((text) => parseDomain(text) as Domain)
      : mxDomainsOf(clientConfig, resolver, tell)
    const own = named
      ? named.map((text) => parseDomain(text) as Domain)
      : ownDomains(clientConfig, resolver, tell)
    const all = [...new Set([...mx, ...own])]
    if (all.length === 0) {
      tell(
        `no domain is left that a file could be for: name some with --domain, or that of the MX hosts with --mx`,
      )
      return exitCodes.failure
    }
    if (!named && own.length > manyDomains)
      tell(
        `${own.length} domains: the database wants those of the provider, and finds those of customers by their MX; name yours with --domain`,
      )
    for (const line of doubts(clientConfig)) tell(line)
    tell(`for ispdb/${clientConfig.id}.xml in https://github.com/thunderbird/autoconfig`)
    stdout.write(ispdbDocument(clientConfig, all))
    return exitCodes.ok
  })
}

/** The host that is meant, or why it is none. */
function chosenHost({ config: { hosts } }: Resolver, key: string | undefined): ClientConfig | string {
  if (key !== undefined)
    return (
      hosts.get(key) ??
      `there is no host "${key}"${suggestion(key, hosts.keys()) || `; there are ${[...hosts.keys()].join(', ')}`}`
    )
  const [first, ...others] = [...hosts.values()] as [ClientConfig, ...ClientConfig[]]
  const other = others.find((one) => answerChanges(first, one).length > 0)
  return other
    ? `${first.host.key} and ${other.host.key} are reached differently: name one of them with --host, and submit a file for each`
    : first
}

/**
 * By what clients look for a domain that is not in the database: its MX host without the first label (Thunderbird's
 * `MXFULLDOMAIN`). Left out where hosts that are reached differently share it: a file speaks for all of it.
 */
function mxDomainsOf(
  clientConfig: ClientConfig,
  { config: { hosts } }: Resolver,
  tell: (line: string) => void,
): Domain[] {
  const domain = mxDomainOf(clientConfig)
  if (!domain) return []
  const other = [...hosts.values()].find(
    (one) => mxDomainOf(one) === domain && answerChanges(clientConfig, one).length > 0,
  )
  if (!other) return [domain]
  tell(
    `${domain} is left out: ${clientConfig.host.key} and ${other.host.key} are both below it, and the database has one file for all whose MX is; give each a domain of its own for its MX, and name it with --mx`,
  )
  return []
}

function mxDomainOf({ host, id }: ClientConfig): Domain | undefined {
  if (host.hostname === id || host.hostname.endsWith(`.${id}`)) return id
  const rest = host.hostname.slice(host.hostname.indexOf('.') + 1)
  return rest.includes('.') ? (rest as Domain) : undefined
}

/** The domains that are told what the host tells. */
function ownDomains(clientConfig: ClientConfig, resolver: Resolver, tell: (line: string) => void): Domain[] {
  const own: Domain[] = []
  const alike = new Map<ClientConfig, boolean>()
  for (const [pattern, other] of resolver.entries()) {
    const isAlike = alike.get(other) ?? answerChanges(clientConfig, other).length === 0
    alike.set(other, isAlike)
    const isHere = isAlike || other.host.key === clientConfig.host.key
    if (isAlike && !pattern.startsWith('.')) own.push(pattern as Domain)
    else if (isHere) {
      const why = isAlike ? 'the database has no word for it' : 'it says some things otherwise than its host'
      tell(`${formatPattern(pattern)} is left out: ${why}`)
    }
  }
  return own
}

/** What the database would not take, or nobody could use. */
function doubts(clientConfig: ClientConfig): string[] {
  const servers = writtenServers(clientConfig)
  return [
    ...(servers.some(({ socketType }) => socketType === 'plain')
      ? ['a server without encryption: the database takes none']
      : []),
    ...[...new Set(servers.map(({ username }) => username))].flatMap((username) => {
      const unknown = unknownPlaceholders(username)
      if (unknown.length > 0)
        return [`the user name ${username} holds ${unknown.join(', ')}, which the database refuses`]
      return username.includes('%') ? [] : [`the user name ${username} is one for everybody: is it?`]
    }),
  ]
}
