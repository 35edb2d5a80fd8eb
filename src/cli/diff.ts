import { isDeepStrictEqual } from 'node:util'
import { withoutPlaces } from '../backends/backends.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { MappedDomains } from '../domains/mapped-domains.ts'
import { formatPattern, type Pattern } from '../domains/pattern.ts'
import type { IspdbMirror } from '../ispdb/mirror.ts'
import type { Domain } from '../model/address.ts'
import { ConfigError, type Diagnostic, formatDiagnostic } from '../model/diagnostic.ts'
import type { ClientConfig, IspdbDocument } from '../model/settings.ts'
import { Resolver } from '../resolver/resolver.ts'
import { answerChanges, type Change, type Serving, servingChanges } from './answer-changes.ts'
import { count } from './count.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'

export interface DiffOptions {
  readonly failAbove?: number
  readonly json?: true
  /** Every domain and every change, for people too. */
  readonly all?: true
}

/** Tells which domains are answered otherwise by another configuration, and how. */
export async function diff(
  oldFile: string,
  newFile: string,
  { failAbove = Number.POSITIVE_INFINITY, json, all }: DiffOptions,
  { stdout, stderr, now }: Io,
): Promise<ExitCode> {
  const [old, next] = await loadBoth(oldFile, newFile)
  const time = now().getTime()
  const [before, after] = [old, next].map((config) => new Resolver(config, { now: () => time })) as [
    Resolver,
    Resolver,
  ]
  const difference = differenceOf(before, after)
  stdout.write(json ? `${JSON.stringify(inJson(difference), null, 2)}\n` : inWords(difference, all ?? false))
  const affected = difference.groups.reduce((sum, { domains }) => sum + domains.length, 0)
  if (affected <= failAbove) return exitCodes.ok
  stderr.write(
    `${count(affected, 'domain')} ${affected === 1 ? 'is' : 'are'} affected, more than ${count(failAbove)}\n`,
  )
  return exitCodes.failure
}

/** Both configurations, or the faults of both. */
async function loadBoth(oldFile: string, newFile: string): Promise<[Config, Config]> {
  const [old, next] = await Promise.all([loadConfig(oldFile), loadConfig(newFile)])
  if ('config' in old && 'config' in next) return [old.config, next.config]
  // Both may name a map file with faults.
  const errors = [old, next].flatMap((outcome) => ('errors' in outcome ? outcome.errors : []))
  throw new ConfigError([
    ...new Map(errors.map((fault): [string, Diagnostic] => [formatDiagnostic(fault), fault])).values(),
  ])
}

/** In the order in which they matter. */
const kinds = ['gone', 'moved', 'changed', 'new'] as const

/** Domains that the same happens to. */
interface Group {
  readonly kind: (typeof kinds)[number]
  /** The keys of the hosts before and after. */
  readonly from?: string
  readonly to?: string
  readonly changes: readonly Change[]
  /** As people write them: `*.example.org`. */
  readonly domains: string[]
}

/** What became of a host itself. */
interface HostChange {
  readonly host: string
  readonly changes: readonly Change[]
  /** Its domains tell the same. */
  readonly isTold: boolean
}

interface Difference {
  readonly groups: readonly Group[]
  /** How many domains were on a host before. */
  readonly sizes: ReadonlyMap<string, number>
  readonly hosts: readonly HostChange[]
  readonly notes: readonly string[]
}

function differenceOf(old: Resolver, next: Resolver): Difference {
  const comparison = new Comparison()
  for (const pattern of old.patterns())
    comparison.add(pattern, servingOf(old, pattern), servingOf(next, pattern))
  const before = new MappedDomains(old.config.domains, old.now)
  for (const pattern of next.patterns()) {
    if (before.find(pattern)) continue
    comparison.add(pattern, servingOf(old, pattern), servingOf(next, pattern))
  }
  const groups = comparison.groups.filter(({ domains }) => domains.length > 0)
  for (const { domains } of groups) domains.sort()
  return {
    groups: groups.sort(byWeight),
    sizes: comparison.sizes,
    hosts: hostChanges(old, next, comparison),
    notes: [...notesOn(old.config, next.config), ...ispdbNotes(old.ispdb, next.ispdb)],
  }
}

/** By its own entry, or by a wildcard: who loses the first may be served by the second. */
function servingOf(resolver: Resolver, pattern: Pattern): Serving | undefined {
  const clientConfig = resolver.find(pattern as Domain)
  if (clientConfig?.changesAt === undefined) return clientConfig && { clientConfig, moves: [] }
  return resolver.ruleFor(pattern as Domain)?.rule
}

/** The most domains first; of as many, what is worse. */
function byWeight(a: Group, b: Group): number {
  return (
    b.domains.length - a.domains.length ||
    kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
    ((a.domains[0] as string) < (b.domains[0] as string) ? -1 : 1)
  )
}

/** Compares each pair of providers once, however many domains go from the one to the other. */
class Comparison {
  readonly sizes = new Map<string, number>()
  readonly #groups = new Map<string, Group>()
  readonly #byPair = new Map<ClientConfig | undefined, Map<ClientConfig | undefined, Group | undefined>>()

  get groups(): Group[] {
    return [...this.#groups.values()]
  }

  has(old: ClientConfig, next: ClientConfig): boolean {
    return this.#byPair.get(old)?.has(next) ?? false
  }

  add(pattern: Pattern, old: Serving | undefined, next: Serving | undefined): void {
    if (old) {
      const { key } = old.clientConfig.host
      this.sizes.set(key, (this.sizes.get(key) ?? 0) + 1)
    }
    this.#groupOf(old, next)?.domains.push(formatPattern(pattern))
  }

  #groupOf(old: Serving | undefined, next: Serving | undefined): Group | undefined {
    // Moves belong to one domain, and so does what they change.
    if ((old?.moves.length ?? 0) > 0 || (next?.moves.length ?? 0) > 0) return this.#compare(old, next)
    let known = this.#byPair.get(old?.clientConfig)
    if (!known) {
      known = new Map()
      this.#byPair.set(old?.clientConfig, known)
    }
    if (!known.has(next?.clientConfig)) known.set(next?.clientConfig, this.#compare(old, next))
    return known.get(next?.clientConfig)
  }

  /** The group of what happens; `undefined` where nothing does. */
  #compare(old: Serving | undefined, next: Serving | undefined): Group | undefined {
    const changes = old && next ? servingChanges(old, next) : []
    if (old && next && changes.length === 0) return undefined
    const [from, to] = [old?.clientConfig.host.key, next?.clientConfig.host.key]
    const kind = !next ? 'gone' : !old ? 'new' : from === to ? 'changed' : 'moved'
    const key = JSON.stringify([kind, from, to, changes])
    const group = this.#groups.get(key) ?? {
      kind,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      changes,
      domains: [],
    }
    this.#groups.set(key, group)
    return group
  }
}

/** Hosts answer by their own names too, and for domains that only the sources know. */
function hostChanges(old: Resolver, next: Resolver, comparison: Comparison): HostChange[] {
  const [before, after] = [old.config.hosts, next.config.hosts]
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort()
  return keys.flatMap((host): HostChange[] => {
    const [one, other] = [before.get(host), after.get(host)]
    if (one && other) {
      const changes = answerChanges(one, other)
      return changes.length > 0 ? [{ host, changes, isTold: comparison.has(one, other) }] : []
    }
    const change = {
      what: 'host',
      ...(one && { old: one.host.hostname }),
      ...(other && { new: other.host.hostname }),
    }
    return [{ host, changes: [change], isTold: false }]
  })
}

/** What may change answers and is not compared domain by domain. */
function notesOn(old: Config, next: Config): string[] {
  const [defaultHost, nextDefaultHost] = [old, next].map((config) => config.defaultHost?.host.key ?? none)
  return [
    ...(defaultHost === nextDefaultHost
      ? []
      : [`provider.defaultHost: ${defaultHost} -> ${nextDefaultHost}`]),
    ...(isDeepStrictEqual(withoutPlaces(old.backends), withoutPlaces(next.backends))
      ? []
      : ['sources: differs']),
    ...(old.backends.length + next.backends.length > 0
      ? ['sources: are not asked; what they know of changes as its hosts do, and may cover what is gone']
      : []),
    ...(isDeepStrictEqual(old.accounts, next.accounts)
      ? []
      : ['accounts: differs; what people log in with is not compared']),
  ]
}

/** Documents of the ISPDB that come, go or change are counted; what they say is nothing of ours. */
function ispdbNotes(old: IspdbMirror | undefined, next: IspdbMirror | undefined): string[] {
  const before = new Map(documentsIn(old))
  const after = new Map(documentsIn(next))
  const gone = [...before.keys()].filter((domain) => !after.has(domain)).length
  const added = [...after.keys()].filter((domain) => !before.has(domain)).length
  const changed = [...after].filter(([domain, { body, serve }]) => {
    const document = before.get(domain)
    return document && (document.serve !== serve || !Buffer.from(document.body).equals(body))
  }).length
  return gone + added + changed === 0
    ? []
    : [
        `ispdb: files change for ${count(changed)}, come for ${count(added)} and go for ${count(gone, 'domain')}`,
      ]
}

function* documentsIn(mirror: IspdbMirror | undefined): Generator<[Domain, IspdbDocument]> {
  for (const domain of mirror?.domains ?? []) yield [domain, mirror?.find(domain, 'ispdb') as IspdbDocument]
}

const none = 'none'

function inJson({ groups, hosts, notes }: Difference) {
  return { ...totals(groups), groups, hosts: hosts.map(({ host, changes }) => ({ host, changes })), notes }
}

function totals(groups: readonly Group[]) {
  const of = (...some: Group['kind'][]) =>
    groups.filter(({ kind }) => some.includes(kind)).reduce((sum, { domains }) => sum + domains.length, 0)
  return { changed: of('changed', 'moved'), new: of('new'), gone: of('gone') }
}

/** How much people are shown, unless they ask for all. */
const shown = { groups: 50, domains: 10 } as const

function inWords({ groups, sizes, hosts, notes }: Difference, all: boolean): string {
  const some = all ? groups : groups.slice(0, shown.groups)
  const rest = groups.slice(some.length).reduce((sum, { domains }) => sum + domains.length, 0)
  const { changed, new: added, gone } = totals(groups)
  const lines = [
    ...some.flatMap((group) => [...headOf(group, sizes), ...namesOf(group, all)]),
    ...(rest > 0 ? [`… and ${count(rest, 'domain')} in smaller groups; --all lists every one`] : []),
    ...hosts.filter(({ isTold }) => !isTold).flatMap(hostInWords),
    ...notes.map((note) => `note: ${note}`),
    `${count(changed, 'domain')} ${changed === 1 ? 'changes' : 'change'}, ${are(added)} new, ${are(gone)} gone`,
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function headOf(group: Group, sizes: ReadonlyMap<string, number>): string[] {
  const { kind, from, to, changes, domains } = group
  const isOne = domains.length === 1
  const whole = from === undefined ? undefined : sizes.get(from)
  const subject = isOne ? (domains[0] as string) : subjectOf(domains.length, whole)
  switch (kind) {
    case 'gone':
      return [`${subject} on ${from} ${isOne ? 'is' : 'are'} gone`]
    case 'new':
      return [`${subject} ${isOne ? 'is' : 'are'} new, on ${to}`]
    case 'changed':
      return withChanges(`${subject} on ${from}`, changes)
    case 'moved':
      return withChanges(`${subject} ${isOne ? 'moves' : 'move'} from ${from} to ${to}`, changes)
  }
}

function subjectOf(number: number, whole: number | undefined): string {
  if (whole === undefined) return count(number, 'domain')
  return number === whole ? `all ${count(number, 'domain')}` : `${count(number)} of ${count(whole, 'domain')}`
}

/** One change stands on the line, several below it. */
function withChanges(head: string, changes: readonly Change[]): string[] {
  const lines = changesInWords(changes)
  return lines.length === 1 ? [`${head}: ${lines[0]}`] : [`${head}:`, ...lines.map((line) => `  ${line}`)]
}

/** `imap, pop3 hostname a.example.org -> b.example.org`: what changes alike is said once. */
function changesInWords(changes: readonly Change[]): string[] {
  const alike = new Map<string, string[]>()
  for (const { what, key, old = none, new: next = none } of changes) {
    const change = [...(key === undefined ? [] : [key]), old, '->', next].join(' ')
    alike.set(change, [...(alike.get(change) ?? []), what])
  }
  return [...alike].map(([change, whats]) => `${whats.join(', ')} ${change}`)
}

function namesOf({ domains }: Group, all: boolean): string[] {
  if (domains.length === 1) return []
  const some = all ? domains : domains.slice(0, shown.domains)
  const rest = domains.length - some.length
  return [
    ...some.map((name) => `    ${name}`),
    ...(rest > 0 ? [`    … and ${count(rest)} more; --all lists every one`] : []),
  ]
}

function hostInWords({ host, changes }: HostChange): string[] {
  const [{ what, old, new: next }] = changes as [Change]
  if (what !== 'host') return withChanges(`host ${host} itself`, changes)
  return [old === undefined ? `host ${host} is new: ${next}` : `host ${host} is gone: ${old}`]
}

const are = (number: number): string => `${count(number)} ${number === 1 ? 'is' : 'are'}`
