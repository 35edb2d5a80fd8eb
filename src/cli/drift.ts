import { type Pattern, wildcardsFor } from '../domains/pattern.ts'
import { HostNames } from '../hosts/host-names.ts'
import type { Domain } from '../model/address.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { type Asked, askBackend, type Comparand, ComparandError, readComparandMap } from './comparand.ts'
import { count } from './count.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface DriftOptions {
  readonly config: string
  /** A Postfix map. */
  readonly map?: string
  /** One of `sources:`. */
  readonly source?: string
  readonly json?: true
}

/** Tells which domains are elsewhere than a Postfix map or a source says; exit code 1 if there are any. */
export function drift({ config: file, map, source, json }: DriftOptions, io: Io): Promise<ExitCode> {
  const { stdout, stderr } = io
  return withResolver(file, io, async (resolver) => {
    const asked = map ?? chooseSource(resolver, source)
    if (asked === undefined) {
      stderr.write(`${howToChoose(resolver, source)}\n`)
      return exitCodes.usage
    }
    try {
      const found = await driftFrom(resolver, asked)
      stdout.write(json ? `${JSON.stringify(inJson(found), null, 2)}\n` : inWords(found))
      return found.differences.length > 0 ? exitCodes.failure : exitCodes.ok
    } catch (error) {
      if (!(error instanceof ComparandError)) throw error
      stderr.write(`${typeof asked === 'string' ? asked : asked.name}: ${error.message}\n`)
      return exitCodes.failure
    }
  })
}

/** The source of that name, or the only one. */
function chooseSource({ backends, config }: Resolver, name: string | undefined): Asked | undefined {
  const all = backends?.all ?? []
  const index = name === undefined && all.length === 1 ? 0 : all.findIndex((one) => one.name === name)
  const chosen = all[index]
  const timeout = config.backends[index]?.settings.timeout
  return chosen && timeout !== undefined ? { name: chosen.name, source: chosen.source, timeout } : undefined
}

function howToChoose({ backends }: Resolver, name: string | undefined): string {
  const names = (backends?.all ?? []).map((one) => one.name).join(', ')
  if (names === '')
    return 'there is nothing to compare with: the configuration has no sources:; give --map FILE'
  return name === undefined
    ? `there are several sources; say --source with one of ${names}`
    : `there is no source "${name}"; there are ${names}`
}

/** A domain that is not where the other side says. */
interface Difference {
  readonly domain: Domain
  /** The key of its host in the configuration; without it, it is only in the other. */
  readonly here?: string
  /** Likewise, or as it is written there if it is none of our hosts; `undefined` too where no host is said. */
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
  readonly differences: readonly Difference[]
  /** Domains that were compared. */
  readonly compared: number
  /** Patterns that were not. */
  readonly wildcards: { readonly here: number; readonly there: number }
}

/** Compares the map of a directory with a map file or a source. Rejects with `Unanswered`. */
export async function driftFrom(resolver: Resolver, asked: string | Asked): Promise<Drift> {
  const { hosts } = resolver.config
  const names = new HostNames(hosts, [...hosts.keys()])
  const other =
    typeof asked === 'string'
      ? await readComparandMap(asked, (name) => names.find(name) !== undefined)
      : await askBackend(asked, domainsOf(resolver))
  return compare(resolver, other, names)
}

const isWildcard = (pattern: Pattern): boolean => pattern.startsWith('.')

function* domainsOf(resolver: Resolver): Generator<Domain> {
  for (const pattern of resolver.patterns()) if (!isWildcard(pattern)) yield pattern as Domain
}

/** Wildcards are not compared; but a domain that one side names and a wildcard of the other covers is on both. */
function compare(resolver: Resolver, other: Comparand, names: HostNames): Drift {
  const differences: Difference[] = []
  const wildcards = { here: 0, there: 0 }
  let compared = 0

  function add(domain: Domain, here: string | undefined, isThere: boolean, text: string | undefined): void {
    compared++
    const there = text === undefined ? undefined : (names.meantBy(text)?.host.key ?? text)
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
  for (const [pattern, text] of other.hosts) {
    const domain = pattern as Domain
    if (isWildcard(pattern)) wildcards.there++
    else {
      const found = resolver.ruleFor(domain)
      if (found?.pattern !== domain) add(domain, found?.rule.clientConfig.host.key, true, text)
    }
  }
  differences.sort((a, b) => (a.domain < b.domain ? -1 : 1))
  return { other, differences, compared, wildcards }
}

/** The most specific entry that covers a domain; the catch-all of others covers a name without a dot, too. */
function entryFor(domain: Domain, hosts: Comparand['hosts']): Pattern | undefined {
  return [domain, ...wildcardsFor(domain), '.'].find((pattern) => hosts.has(pattern))
}

function inJson({ other, differences, compared, wildcards }: Drift) {
  const failed = [...other.failed].map(([domain, reason]) => ({ domain, reason }))
  return { with: other.name, compared, differences, wildcards, failed, skipped: other.skipped }
}

/** How many of what could not be compared are named. */
const shown = 5

function inWords({ other, differences, compared, wildcards }: Drift): string {
  const { name, failed, skipped } = other
  const of = (kind: Difference['kind']) => count(differences.filter((one) => one.kind === kind).length)
  const notes = [
    wildcards.here + wildcards.there > 0 &&
      `wildcards are not compared: ${wildcards.here} here, ${wildcards.there} in ${name}`,
    other.hosts.size > 0 &&
      [...other.hosts.values()].every((host) => host === undefined) &&
      `${name} names no hosts: only whether a domain is there was compared`,
    !other.isWhole && `${name} was asked of each domain here; what only it knows does not show`,
    failed.size > 0 &&
      `${name} could not be asked of ${count(failed.size, 'domain')}: ${some([...failed].map((one) => one.join(': ')))}`,
    skipped.length > 0 &&
      `${count(skipped.length)} of ${name} ${skipped.length === 1 ? 'is no domain' : 'are no domains'}: ${some(skipped)}`,
  ]
  const lines = [
    ...differences.map((difference) => differenceInWords(difference, name)),
    ...notes.filter((note) => note !== false).map((note) => `note: ${note}`),
    `${count(differences.length)} of ${count(compared, 'domain')} ${differences.length === 1 ? 'differs' : 'differ'}: ${of('onlyHere')} ${kinds.onlyHere}, ${of('onlyThere')} ${kinds.onlyThere} ${name}, ${of('otherHost')} ${kinds.otherHost}`,
  ]
  // What others have written may hold anything.
  return lines.map((line) => `${line.replace(/\p{Cc}/gu, '\ufffd')}\n`).join('')
}

function differenceInWords({ domain, kind, here, there }: Difference, name: string): string {
  switch (kind) {
    case 'onlyHere':
      return `${domain}: ${kinds.onlyHere}, on ${here}`
    case 'onlyThere':
      return `${domain}: ${kinds.onlyThere} ${name}${there === undefined ? '' : `, on ${there}`}`
    case 'otherHost':
      return `${domain}: on ${here} in the configuration, on ${there} in ${name}`
  }
}

const some = (list: readonly string[]): string =>
  [...list.slice(0, shown), ...(list.length > shown ? ['…'] : [])].join(', ')
