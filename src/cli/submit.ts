import type { Directory } from '../resolver/resolver.ts'
import { type Domain, parseDomain } from '../model/address.ts'
import { unknownPlaceholders } from '../model/placeholders.ts'
import { writtenServers } from '../model/safe-shape.ts'
import type { Provider } from '../model/settings.ts'
import { ispdbDocument } from '../formats/autoconfig-document.ts'
import { suggestion } from '../reading/suggestion.ts'
import { formatPattern } from '../domains/domain-map.ts'
import { answerChanges } from './answer-changes.ts'
import { withDirectory } from './with-resolver.ts'
import { type ExitCode, exitCodes, type Surroundings } from './io.ts'

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
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { stdout, stderr } = surroundings
  const tell = (line: string) => stderr.write(`${line}\n`)
  return withDirectory(file, surroundings, async (directory) => {
    const domains = [...(named ?? []), ...(mxNamed ?? [])].map((text) => parseDomain(text) ?? text)
    const wrong = domains.find((domain) => parseDomain(domain) === undefined)
    if (wrong !== undefined) {
      tell(`"${wrong}" is not a domain`)
      return exitCodes.usage
    }
    const provider = chosenHost(directory, key)
    if (typeof provider === 'string') {
      tell(provider)
      return key === undefined ? exitCodes.faults : exitCodes.usage
    }
    const mx = mxNamed
      ? mxNamed.map((text) => parseDomain(text) as Domain)
      : mxDomainsOf(provider, directory, tell)
    const own = named
      ? named.map((text) => parseDomain(text) as Domain)
      : ownDomains(provider, directory, tell)
    const all = [...new Set([...mx, ...own])]
    if (all.length === 0) {
      tell(
        `no domain is left that a file could be for: name some with --domain, or that of the MX hosts with --mx`,
      )
      return exitCodes.faults
    }
    if (!named && own.length > manyDomains)
      tell(
        `${own.length} domains: the database wants those of the provider, and finds those of customers by their MX; name yours with --domain`,
      )
    for (const line of doubts(provider)) tell(line)
    tell(`for ispdb/${provider.id}.xml in https://github.com/thunderbird/autoconfig`)
    stdout.write(ispdbDocument(provider, all))
    return exitCodes.fine
  })
}

/** The host that is meant, or why it is none. */
function chosenHost({ config: { hosts } }: Directory, key: string | undefined): Provider | string {
  if (key !== undefined)
    return (
      hosts.get(key) ??
      `there is no host "${key}"${suggestion(key, hosts.keys()) || `; there are ${[...hosts.keys()].join(', ')}`}`
    )
  const [first, ...others] = [...hosts.values()] as [Provider, ...Provider[]]
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
  provider: Provider,
  { config: { hosts } }: Directory,
  tell: (line: string) => void,
): Domain[] {
  const domain = mxDomainOf(provider)
  if (!domain) return []
  const other = [...hosts.values()].find(
    (one) => mxDomainOf(one) === domain && answerChanges(provider, one).length > 0,
  )
  if (!other) return [domain]
  tell(
    `${domain} is left out: ${provider.host.key} and ${other.host.key} are both below it, and the database has one file for all whose MX is; give each a domain of its own for its MX, and name it with --mx`,
  )
  return []
}

function mxDomainOf({ host, id }: Provider): Domain | undefined {
  if (host.hostname === id || host.hostname.endsWith(`.${id}`)) return id
  const rest = host.hostname.slice(host.hostname.indexOf('.') + 1)
  return rest.includes('.') ? (rest as Domain) : undefined
}

/** The domains that are told what the host tells. */
function ownDomains(provider: Provider, directory: Directory, tell: (line: string) => void): Domain[] {
  const own: Domain[] = []
  const alike = new Map<Provider, boolean>()
  for (const [pattern, other] of directory.entries()) {
    const isAlike = alike.get(other) ?? answerChanges(provider, other).length === 0
    alike.set(other, isAlike)
    const isHere = isAlike || other.host.key === provider.host.key
    if (isAlike && !pattern.startsWith('.')) own.push(pattern as Domain)
    else if (isHere) {
      const why = isAlike ? 'the database has no word for it' : 'it says some things otherwise than its host'
      tell(`${formatPattern(pattern)} is left out: ${why}`)
    }
  }
  return own
}

/** What the database would not take, or nobody could use. */
function doubts(provider: Provider): string[] {
  const servers = writtenServers(provider)
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
