import type { Change } from '../changes.ts'
import { count } from '../count.ts'
import type { ConfigDifference, DomainGroup, HostChange } from './comparison.ts'

export function toJson({ groups, hosts, notes }: ConfigDifference) {
  return { ...totals(groups), groups, hosts: hosts.map(({ host, changes }) => ({ host, changes })), notes }
}

/** The number of groups, and of domains in a group, that are listed without `--all`. */
const limits = { groups: 50, domains: 10 } as const

export function toText({ groups, sizes, hosts, notes }: ConfigDifference, all: boolean): string {
  const shown = all ? groups : groups.slice(0, limits.groups)
  const rest = groups.slice(shown.length).reduce((sum, { domains }) => sum + domains.length, 0)
  const { changed, new: added, gone } = totals(groups)
  const lines = [
    ...shown.flatMap((group) => [...headLines(group, sizes), ...domainLines(group, all)]),
    ...(rest > 0 ? [`… and ${count(rest, 'domain')} in smaller groups (list them with --all)`] : []),
    ...hosts.filter(({ isInGroup }) => !isInGroup).flatMap(hostLines),
    ...notes.map((note) => `note: ${note}`),
    `${count(changed, 'domain')} ${changed === 1 ? 'changes' : 'change'}, ${countAre(added)} new, ${countAre(gone)} gone`,
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function totals(groups: readonly DomainGroup[]) {
  const sum = (...summed: DomainGroup['kind'][]) =>
    groups
      .filter(({ kind }) => summed.includes(kind))
      .reduce((total, { domains }) => total + domains.length, 0)
  return { changed: sum('changed', 'moved'), new: sum('new'), gone: sum('gone') }
}

function headLines(group: DomainGroup, sizes: ReadonlyMap<string, number>): string[] {
  const { kind, from, to, changes, domains } = group
  const isOne = domains.length === 1
  const total = from === undefined ? undefined : sizes.get(from)
  const subject = isOne ? (domains[0] as string) : subjectFor(domains.length, total)
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

function subjectFor(number: number, total: number | undefined): string {
  if (total === undefined) return count(number, 'domain')
  return number === total ? `all ${count(number, 'domain')}` : `${count(number)} of ${count(total, 'domain')}`
}

/** One change goes on the same line, several go below it. */
function withChanges(head: string, changes: readonly Change[]): string[] {
  const lines = changeLines(changes)
  return lines.length === 1 ? [`${head}: ${lines[0]}`] : [`${head}:`, ...lines.map((line) => `  ${line}`)]
}

/** `imap, pop3 hostname a.example.org -> b.example.org`: equal changes share a line. */
function changeLines(changes: readonly Change[]): string[] {
  const settings = new Map<string, string[]>()
  for (const { what, key, old = 'none', new: next = 'none' } of changes) {
    const change = [...(key === undefined ? [] : [key]), old, '->', next].join(' ')
    settings.set(change, [...(settings.get(change) ?? []), what])
  }
  return [...settings].map(([change, names]) => `${names.join(', ')} ${change}`)
}

function domainLines({ domains }: DomainGroup, all: boolean): string[] {
  if (domains.length === 1) return []
  const shown = all ? domains : domains.slice(0, limits.domains)
  const rest = domains.length - shown.length
  return [
    ...shown.map((name) => `    ${name}`),
    ...(rest > 0 ? [`    … and ${count(rest)} more (list them with --all)`] : []),
  ]
}

function hostLines({ host, changes }: HostChange): string[] {
  const [{ what, old, new: next }] = changes as [Change]
  if (what !== 'host') return withChanges(`host ${host} itself`, changes)
  return [old === undefined ? `host ${host} is new: ${next}` : `host ${host} is gone: ${old}`]
}

const countAre = (number: number): string => `${count(number)} ${number === 1 ? 'is' : 'are'}`
