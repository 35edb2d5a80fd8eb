import type { HostNames } from '../hosts/host-names.ts'
import { mayBeOdd, oddityOf } from '../model/name-warnings.ts'
import type { ClientConfig } from '../model/settings.ts'
import { kindOfFile } from '../reading/file-kind.ts'
import { looksLikeCredentials, takesNoMail } from '../reading/next-hops.ts'
import { columnOf, textIn } from '../reading/postfix-map.ts'
import type { Report } from '../reading/report.ts'
import { conflictWith, type DomainMap, type EarlierEntry } from './domain-map.ts'
import { readMapLines } from './map-lines.ts'
import { MapProblems } from './map-problems.ts'
import { formatPattern, type Pattern } from './pattern.ts'

export interface MapFile {
  readonly file: string
  readonly bytes: Uint8Array
  /** The host of the domains whose lines name no configured host. */
  readonly host?: ClientConfig
}

/** The meaning of a value in the map. */
type ValueMeaning =
  | { readonly clientConfig: ClientConfig; readonly rule: number; readonly isDefault: boolean }
  /** The domain takes no mail here. */
  | { readonly clientConfig: undefined; readonly rule: number }
  /** The value names no configured host, or there is no value. `near` is the beginning of "did you mean". */
  | { readonly leadsTo: 'elsewhere' | 'credentials' | 'nothing'; readonly near: string }
  /** The value may name a host that is itself invalid, so nothing is reported. */
  | { readonly leadsTo: 'invalidHost' }

type FoundMeaning = Extract<ValueMeaning, { readonly rule: number }>

/** Adds the domains of one of the `domainFiles:`. Nothing in a file but its domains is repeated in messages. */
export function addMapFile(map: DomainMap, mapFile: MapFile, hosts: HostNames, report: Report): void {
  const { file, bytes, host } = mapFile
  const kind = kindOfFile(bytes, file)
  if (kind?.kind === 'other') {
    report.errorIn(file, kind.line, kind.message)
    return
  }
  if (kind && !host) {
    report.warnIn(file, kind.line, `ignored: ${kind.message}`)
    return
  }

  const problems = new MapProblems(file, hosts.list(), report)

  function meaningOf(value: string | undefined): ValueMeaning {
    if (value !== undefined && takesNoMail(value))
      return { clientConfig: undefined, rule: map.addRule(undefined, file) }
    const named = value === undefined ? undefined : hosts.meantBy(value)
    const clientConfig = named ?? host
    if (clientConfig) return { clientConfig, rule: map.addRule(clientConfig, file), isDefault: !named }
    if (value === undefined) return { leadsTo: 'nothing', near: '' }
    if (hosts.mayMeanInvalid(value)) return { leadsTo: 'invalidHost' }
    if (looksLikeCredentials(value)) return { leadsTo: 'credentials', near: '' }
    return { leadsTo: 'elsewhere', near: hosts.nearValue(value) }
  }

  function reportEarlier(
    pattern: () => Pattern,
    earlier: EarlierEntry,
    meaning: FoundMeaning,
    line: number,
  ): void {
    const { rule } = earlier
    if (rule.file === file) {
      const isSame = rule.clientConfig?.host.key === meaning.clientConfig?.host.key
      problems.note(isSame ? 'repeated' : 'repeatedOtherwise', line)
      return
    }
    if (meaning.clientConfig && rule.clientConfig) {
      const conflict = conflictWith(earlier, meaning.clientConfig)
      if (conflict) problems.error(line, `"${formatPattern(pattern())}" ${conflict}`)
    } else if (meaning.clientConfig || rule.clientConfig) {
      problems.note('refusedElsewhere', line)
    }
  }

  function noteOddity(pattern: Pattern, { clientConfig }: FoundMeaning, line: number): void {
    const oddity = clientConfig && oddityOf(pattern)
    if (oddity) problems.note(oddity, line)
  }

  function noteIgnored(meaning: Exclude<ValueMeaning, FoundMeaning>, line: number, offset: number): void {
    if (meaning.leadsTo === 'invalidHost') return
    problems.note(meaning.leadsTo, line, () => columnOf(bytes, offset), meaning.near)
  }

  const hasEntries = readMapLines<ValueMeaning>(bytes, {
    meaningOf,
    domain(start, end, meaning, line, offset) {
      if (!('rule' in meaning)) return noteIgnored(meaning, line, offset)
      const earlier = map.addBytes(bytes, start, end, meaning.rule, line)
      if (earlier) reportEarlier(() => textIn(bytes, start, end), earlier, meaning, line)
      else if (mayBeOdd(bytes, start, end)) noteOddity(textIn(bytes, start, end), meaning, line)
      return undefined
    },
    pattern(pattern, meaning, line, offset) {
      if (!('rule' in meaning)) return noteIgnored(meaning, line, offset)
      // "* smtp:[relay]" is where all other mail of the world goes, and "* error:" that it goes nowhere.
      if (pattern === '.' && (meaning.clientConfig === undefined || meaning.isDefault)) return undefined
      const earlier = map.add(pattern, meaning.rule, line)
      if (earlier) reportEarlier(() => pattern, earlier, meaning, line)
      else noteOddity(pattern, meaning, line)
      return undefined
    },
    ignored: (reason, line, column) => problems.note(reason, line, () => column),
  })
  if (!hasEntries) report.warnIn(file, 1, 'contains no domains')
  problems.finish()
}
