import type { Network } from '../../checks/network.ts'
import { displayName as displayNameField } from '../../hosts/fields.ts'
import { type Domain, parseDomain } from '../../model/address.ts'
import { failure, type Result, success } from '../../model/result.ts'
import { serviceNames } from '../../model/service-names.ts'
import type { FirstConfig } from './configuration.ts'
import { type DomainPlace, describePlace, readDomainPlace } from './domain-place.ts'
import type { DovecotLogins, Username } from './dovecot.ts'
import type { Interview } from './interview.ts'
import type { Postfix } from './postfix.ts'
import { chooseServers } from './servers.ts'
import { betterName, type ServicePorts, type Survey, survey } from './survey.ts'

/** The answers that flags give. */
export interface InitFlags {
  readonly hostname?: Domain | undefined
  readonly domain?: readonly Domain[] | undefined
  readonly domains?: string | undefined
  readonly publicName?: Domain | undefined
  readonly displayName?: string | undefined
  readonly username?: Username | undefined
  /** A directory of dehydrated. */
  readonly dehydrated?: string | undefined
  readonly port?: ServicePorts | undefined
  readonly yes?: true | undefined
}

/** The findings on this machine, and the way to the network. */
export interface Found {
  readonly postfix: Postfix | undefined
  readonly dovecot: DovecotLogins | undefined
  /** `undefined` if no server is asked. */
  readonly network: Network | undefined
}

export type Answers = FirstConfig

type Print = (line: string) => void

/** The errors for values that no flag gives and nobody can be asked for, a line for each flag. */
export function missingFlags(flags: InitFlags, postfix: Postfix | undefined): readonly string[] {
  const { hostname, domain, domains, yes } = flags
  const use = (what: string | undefined) =>
    what === undefined || yes ? '' : `, or --yes to use what Postfix has: ${what}`
  const items = postfix?.items.map(({ item }) => item).slice(0, 3) ?? []
  const listed = items.length > 0 ? items.join(', ') : undefined
  const isMissing = (given: unknown, found: unknown) => given === undefined && !(yes && found !== undefined)
  return [
    isMissing(hostname, postfix?.hostname) &&
      `--hostname is missing: write the host name of the mail server, such as --hostname mail.example.org${use(postfix?.hostname)}`,
    isMissing(domain ?? domains, listed) &&
      `--domain is missing: write --domain example.org for each domain, or --domains FILE${use(listed)}`,
  ].filter((line) => line !== false)
}

/** Every answer: from a flag, from people on a terminal, or from what was found. The error is about a flag. */
export async function askOrTake(
  flags: InitFlags,
  found: Found,
  interview: Interview | undefined,
  print: Print,
): Promise<Result<Answers>> {
  const ports = flags.port ?? new Map()
  const named = await hostnameOf(flags, found, ports, interview, print)
  const { hostname } = named
  const chosen = chooseServers(named.survey, ports)
  for (const line of chosen.seen) print(`${hostname}, ${line}`)
  for (const warning of chosen.warnings) print(`Warning: ${hostname}, ${warning}`)
  const places = await placesOf(flags, found.postfix, hostname, interview, print)
  if (!places.ok) return places
  const login = await usernameOf(flags, found.dovecot, interview, print)
  const providerId = parentOf(hostname)
  const displayName =
    flags.displayName ??
    (await interview?.ask('Name of your mail service, for people', providerId, readDisplayName)) ??
    providerId
  const checked = readDisplayName(displayName)
  if (!checked.ok) return failure(`--display-name: ${checked.error}`)
  const byDefault = parseDomain(`${serviceNames.autoconfig}.${providerId}`) ?? hostname
  const publicName =
    flags.publicName ??
    (await interview?.ask('Host name of this service, which needs a certificate', byDefault, readHostname)) ??
    byDefault
  const { dehydrated } = flags
  return success({
    ...{ hostname, publicName, providerId, displayName, dehydrated, ...login, chosen },
    places: places.value,
  })
}

interface NamedHost {
  readonly hostname: Domain
  readonly survey: Survey | undefined
}

/** The name of the mail host. If its certificates contain another one, people are asked which one is right. */
async function hostnameOf(
  flags: InitFlags,
  { postfix, network }: Found,
  ports: ServicePorts,
  interview: Interview | undefined,
  print: Print,
): Promise<NamedHost> {
  const hostname =
    flags.hostname ??
    (interview
      ? await interview.ask(
          'Host name of the mail server, as clients connect to it',
          postfix?.hostname,
          readHostname,
        )
      : (postfix?.hostname as Domain))
  if (!network) return { hostname, survey: undefined }
  const first = await look(hostname, ports, network, print)
  const better = first && (await betterName(hostname, first, network))
  if (!better) return { hostname, survey: first }
  print(
    `The certificate of ${hostname} does not contain this name; it contains ${better}, at the same address.`,
  )
  if (flags.hostname && !interview) {
    print(`Warning: clients reject ${hostname}; use --hostname ${better}`)
    return { hostname, survey: first }
  }
  const chosen = interview ? await interview.ask('Host name for clients', better, readHostname) : better
  return { hostname: chosen, survey: await look(chosen, ports, network, print) }
}

async function look(
  hostname: Domain,
  ports: ServicePorts,
  network: Network,
  print: Print,
): Promise<Survey | undefined> {
  const seen = await survey(hostname, ports, network)
  if (seen.ok) return seen.value
  print(`Warning: ${hostname}: ${seen.error}; its servers were not asked`)
  return undefined
}

async function placesOf(
  flags: InitFlags,
  postfix: Postfix | undefined,
  hostname: Domain,
  interview: Interview | undefined,
  print: Print,
): Promise<Result<readonly DomainPlace[]>> {
  const named = (flags.domain ?? []).map(
    (domain) => ({ kind: 'name', from: '--domain', domain, first: domain }) as const,
  )
  if (flags.domains !== undefined) {
    const place = await readPlaceWithFile(flags.domains, '--domains')
    if (place.ok) print(`--domains: ${describePlace(place.value)}`)
    return place.ok ? success([...named, place.value]) : failure(`--domains: ${place.error}`)
  }
  if (named.length > 0) return success(named)
  const found = postfix ? await placesInPostfix(postfix, hostname, print) : []
  if (found.length > 0 && (!interview || (await interview.confirm('Use these domains of Postfix?'))))
    return success(found)
  if (interview)
    return success(await interview.ask('Domains, or a file with a domain per line', undefined, readPlaces))
  return failure(
    '--domain is missing: Postfix has no domains that can be used; write --domain example.org for each domain, or --domains FILE',
  )
}

async function placesInPostfix(
  postfix: Postfix,
  hostname: Domain,
  print: Print,
): Promise<readonly DomainPlace[]> {
  const places: DomainPlace[] = []
  const known = new Set<string>()
  for (const { parameter, item } of postfix.items) {
    const from = `Postfix, ${parameter}${remarks[parameter] ?? ''}`
    const place = await readDomainPlace(item, from, parameter === 'transport_maps' ? hostname : undefined)
    // The same file or domain may be in several parameters.
    const name = place.ok ? ('file' in place.value ? place.value.file : place.value.domain) : item
    if (known.has(name)) continue
    known.add(name)
    print(`${from}: ${place.ok ? describePlace(place.value) : `${item}: ignored: ${place.error}`}`)
    if (place.ok) places.push(place.value)
  }
  return places
}

const remarks: Readonly<Record<string, string>> = {
  relay_domains: ' (passed on: remove them if their mailboxes are on another host)',
}

/** A file of a flag or an answer is in the current directory if its name has no directory. */
const readPlaceWithFile = (text: string, from: string): Promise<Result<DomainPlace>> =>
  readDomainPlace(/[/:]/.test(text) ? text : `./${text}`, from)

/** Reads `example.org example.net`, or the name of a file, which contains a slash or a colon. */
async function readPlaces(text: string): Promise<Result<readonly DomainPlace[]>> {
  if (/[/:]/.test(text)) {
    const place = await readDomainPlace(text, 'File')
    return place.ok ? success([place.value]) : failure(`${text}: ${place.error}.`)
  }
  const domains = text.split(/[\s,]+/).map(parseDomain)
  return domains.includes(undefined)
    ? failure(
        'Type domains such as example.org, with blanks between them, or a file with its directory, such as ./domains.',
      )
    : success(
        (domains as Domain[]).map((domain) => ({ kind: 'name', from: 'Domain', domain, first: domain })),
      )
}

async function usernameOf(
  { username }: InitFlags,
  dovecot: DovecotLogins | undefined,
  interview: Interview | undefined,
  print: Print,
): Promise<Pick<FirstConfig, 'username' | 'usernameWhy'>> {
  if (username !== undefined) return { username, usernameWhy: undefined }
  if (dovecot) print(`Dovecot, ${dovecot.why}`)
  const byDefault = dovecot?.username ?? 'address'
  const answer = await interview?.ask(
    'How do people log in: address, or local-part, the part before the @?',
    byDefault,
    readUsername,
  )
  const isFound = answer === undefined || answer === dovecot?.username
  return { username: answer ?? byDefault, usernameWhy: isFound ? dovecot?.why : undefined }
}

const readUsername = (text: string): Result<Username> =>
  text === 'address' || text === 'local-part' ? success(text) : failure('Type address or local-part.')

function readHostname(text: string): Result<Domain> {
  const domain = parseDomain(text)
  return domain ? success(domain) : failure('Type a host name, such as mail.example.org.')
}

const readDisplayName = (text: string): Result<string> =>
  displayNameField.safeParse(text).success
    ? success(text)
    : failure('The name must have 1 to 60 visible characters, on one line.')

/** `mail.example.org` -> `example.org`: the main domain of the provider. */
function parentOf(hostname: Domain): Domain {
  const parent = parseDomain(hostname.replace(/^[^.]*\./, ''))
  return parent?.includes('.') ? parent : hostname
}
