import { mostSpecific, type Pattern } from '../domains/pattern.ts'
import { HostNames } from '../hosts/host-names.ts'
import type { Domain } from '../model/address.ts'
import { printable } from '../model/one-line.ts'
import { failure, type Result, success } from '../model/result.ts'
import type { Resolver } from '../resolver/resolver.ts'
import {
  type Comparand,
  type ComparedBackend,
  elsewhere,
  queryBackend,
  readComparandMap,
  refused,
  type ThereHost,
} from './comparand.ts'
import { count } from './count.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface DriftOptions {
  readonly config: string
  /** A Postfix map. */
  readonly map?: string
  /** The name of one of `sources:`. */
  readonly source?: string
  readonly json?: true
}

/** Compares the configured hosts with a Postfix map or a source; exit code 1 if a domain differs. */
export function drift({ config: file, map, source, json }: DriftOptions, io: Io): Promise<ExitCode> {
  const { stdout, stderr } = io
  return withResolver(file, io, async (resolver) => {
    const chosen = map === undefined ? chooseBackend(resolver, source) : success(map)
    if (!chosen.ok) {
      stderr.write(`${chosen.error}\n`)
      return exitCodes.usage
    }
    const other = chosen.value
    const compared = await driftFrom(resolver, other)
    if (!compared.ok) {
      stderr.write(`${typeof other === 'string' ? other : other.name}: ${compared.error}\n`)
      return exitCodes.failure
    }
    stdout.write(json ? `${JSON.stringify(toJson(compared.value), null, 2)}\n` : toText(compared.value))
    return compared.value.differences.length > 0 ? exitCodes.failure : exitCodes.ok
  })
}

/** The source with the name, or the only one. */
function chooseBackend({ backends, config }: Resolver, name: string | undefined): Result<ComparedBackend> {
  const all = backends?.all ?? []
  const index = name === undefined && all.length === 1 ? 0 : all.findIndex((one) => one.name === name)
  const chosen = all[index]
  const timeout = config.backends[index]?.settings.timeout
  if (chosen && timeout !== undefined) return success({ name: chosen.name, backend: chosen.backend, timeout })
  const names = all.map((one) => one.name).join(', ')
  if (names === '')
    return failure('nothing to compare with: the configuration has no sources; use --map FILE')
  return failure(
    name === undefined
      ? `there are several sources; use --source with one of: ${names}`
      : `there is no source with this name; use one of: ${names}`,
  )
}

/** A domain that has another host on the other side, or is only on one side. */
interface DriftEntry {
  readonly domain: Domain
  /** The key of its host in the configuration; absent if the domain is only on the other side. */
  readonly here?: string
  /** The key of its host on the other side, or the text there if it is not one of our hosts; absent if there is none. */
  readonly there?: string
  readonly kind: keyof typeof kinds
}

const kinds = {
  onlyHere: 'only in the configuration',
  onlyThere: 'only in',
  otherHost: 'on another host',
} as const

interface Drift {
  readonly other: Comparand
  /** Sorted by domain. */
  readonly differences: readonly DriftEntry[]
  /** The number of domains that were compared. */
  readonly compared: number
  /** The numbers of wildcards, which are not compared. */
  readonly wildcards: { readonly here: number; readonly there: number }
  /** Domains that only the other side lists, on other hosts than ours: nobody expects settings for them here. */
  readonly foreign: readonly Domain[]
}

/** Compares the domains of a resolver with a map file or a backend. Fails if that cannot be read. */
export async function driftFrom(resolver: Resolver, other: string | ComparedBackend): Promise<Result<Drift>> {
  const { hosts, nextHops } = resolver.config
  const names = new HostNames(hosts, [...hosts.keys()], nextHops)
  const comparand =
    typeof other === 'string'
      ? await readComparandMap(other, names)
      : await queryBackend(other, domainsOf(resolver), names)
  return comparand.ok ? success(compare(resolver, comparand.value)) : comparand
}

const isWildcard = (pattern: Pattern): boolean => pattern.startsWith('.')

function* domainsOf(resolver: Resolver): Generator<Domain> {
  for (const pattern of resolver.patterns()) if (!isWildcard(pattern)) yield pattern as Domain
}

/** Wildcards are not compared, but a domain that one side names and a wildcard of the other side covers is on both sides. */
function compare(resolver: Resolver, other: Comparand): Drift {
  const differences: DriftEntry[] = []
  const wildcards = { here: 0, there: 0 }
  const foreign: Domain[] = []
  const isForeign = (host: ThereHost): boolean =>
    host === elsewhere || (typeof host === 'string' && !resolver.config.hosts.has(host))
  let compared = 0

  function add(domain: Domain, here: string | undefined, isListed: boolean, host: ThereHost): void {
    const isThere = isListed && host !== refused
    if (here === undefined && !isThere) return
    compared++
    const there = host === elsewhere ? 'an unknown host' : host === refused ? undefined : host
    if (here !== undefined && isThere && (there === undefined || there === here)) return
    const kind = here === undefined ? 'onlyThere' : isThere ? 'otherHost' : 'onlyHere'
    differences.push({
      domain,
      kind,
      ...(here !== undefined && { here }),
      ...(there !== undefined && { there }),
    })
  }

  for (const pattern of resolver.patterns()) {
    const domain = pattern as Domain
    if (isWildcard(pattern)) wildcards.here++
    else if (!other.failed.has(domain)) {
      const entry = entryFor(domain, other.hosts)
      add(domain, resolver.find(domain)?.host.key, entry !== undefined, entry && other.hosts.get(entry))
    }
  }
  for (const [pattern, host] of other.hosts) {
    const domain = pattern as Domain
    if (isWildcard(pattern)) wildcards.there++
    else {
      const found = resolver.ruleFor(domain)
      if (found?.pattern === domain) continue
      // As for clients: a domain on another host than ours is not served.
      if (!found && isForeign(host)) foreign.push(domain)
      else add(domain, found?.rule.clientConfig.host.key, true, host)
    }
  }
  differences.sort((a, b) => (a.domain < b.domain ? -1 : 1))
  return { other, differences, compared, wildcards, foreign }
}

/**
 * The most specific entry that covers a domain. Unlike `*` in the configuration, the catch-all of a Postfix map covers names
 * without a dot.
 */
function entryFor(domain: Domain, hosts: Comparand['hosts']): Pattern | undefined {
  const found = mostSpecific(domain, (pattern) => (hosts.has(pattern) ? true : undefined))
  return found?.pattern ?? (hosts.has('.') ? '.' : undefined)
}

function toJson({ other, differences, compared, wildcards, foreign }: Drift) {
  const failed = [...other.failed].map(([domain, reason]) => ({ domain, reason }))
  return { with: other.name, compared, differences, wildcards, foreign, failed, skipped: other.skipped }
}

function toText({ other, differences, compared, wildcards, foreign }: Drift): string {
  const { name, failed, skipped } = other
  const number = (kind: DriftEntry['kind']) => count(differences.filter((one) => one.kind === kind).length)
  const notes = [
    wildcards.here + wildcards.there > 0 &&
      `wildcards are not compared: ${wildcards.here} in the configuration, ${wildcards.there} in ${name}`,
    other.hosts.size > 0 &&
      [...other.hosts.values()].every((host) => host === undefined) &&
      `${name} names no hosts: only the domains were compared`,
    !other.isComplete && `${name} has no list: domains that are only there are not shown`,
    foreign.length > 0 &&
      `${count(foreign.length, 'domain')} only in ${name}, on other hosts than yours: ${firstOf(foreign)}`,
    failed.size > 0 &&
      `${name} failed for ${count(failed.size, 'domain')}: ${firstOf([...failed].map((one) => one.join(': ')))}`,
    skipped.length > 0 &&
      `${count(skipped.length)} ${skipped.length === 1 ? 'entry' : 'entries'} of ${name} ignored, not a domain: ${firstOf(skipped)}`,
  ]
  const lines = [
    ...differences.map((difference) => entryLine(difference, name)),
    ...notes.filter((note) => note !== false).map((note) => `note: ${note}`),
    `${count(differences.length)} of ${count(compared, 'domain')} ${differences.length === 1 ? 'differs' : 'differ'}: ${number('onlyHere')} ${kinds.onlyHere}, ${number('onlyThere')} ${kinds.onlyThere} ${name}, ${number('otherHost')} ${kinds.otherHost}`,
  ]
  // A database may contain control characters, which a terminal would obey.
  return lines.map((line) => `${printable(line)}\n`).join('')
}

function entryLine({ domain, kind, here, there }: DriftEntry, name: string): string {
  switch (kind) {
    case 'onlyHere':
      return `${domain}: ${kinds.onlyHere}, on ${here}`
    case 'onlyThere':
      return `${domain}: ${kinds.onlyThere} ${name}${there === undefined ? '' : `, on ${there}`}`
    case 'otherHost':
      return `${domain}: on ${here} in the configuration, on ${there} in ${name}`
  }
}

/** How many failed or ignored entries a note lists. */
const maxListed = 5

const firstOf = (list: readonly string[]): string =>
  [...list.slice(0, maxListed), ...(list.length > maxListed ? ['…'] : [])].join(', ')
