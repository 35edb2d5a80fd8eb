import * as z from 'zod'
import { parseDomain } from '../domain/address.ts'
import { displayNameWarnings, usernameWarnings } from '../domain/client-warnings.ts'
import type { Provider } from '../domain/settings.ts'
import { displayName, displayShortName, documentation, username, webMail } from '../schema/mail.ts'
import { suggestion } from '../schema/suggestion.ts'
import { type DomainTable, DomainTableBuilder, entryOf, namesOf, ruleOf } from './domain-table.ts'
import { type MapVisitor, readMapValue, scanMap } from './postfix-map.ts'
import type { Pattern, Reading, Source, SourceKind } from './source.ts'

/** The domains that the admin maps to a host: under `domains:`, and in the map files under `domainFiles:`. */

const domainSection = z.strictObject({
  host: z.string().meta({ description: 'The key of a host.' }),
  displayName: displayName.optional(),
  displayShortName: displayShortName.optional(),
  username: username.optional(),
  webMail: webMail.optional(),
  documentation: documentation.optional(),
})
type DomainSection = z.infer<typeof domainSection>

const shape = {
  domains: z
    .record(
      z.string(),
      z.union([z.string(), domainSection], { error: 'must be the key of a host, or a map with a host' }),
    )
    .default({})
    .meta({
      description:
        'Each domain and its host. *.example.org covers all below example.org, * every domain that nothing else names.',
    }),
  domainFiles: z
    .array(z.string().min(1))
    .default([])
    .meta({ description: 'Postfix-style maps, domain and host on a line; relative to this file.' }),
}

/** What a rule of the table says: who serves, and in which file the admin wrote so. */
interface TableRule {
  readonly provider: Provider
  readonly file: string
}

interface MappedDomains {
  readonly table: DomainTable
  readonly rules: readonly TableRule[]
}

export const mappedDomains: SourceKind<MappedDomains> = {
  shape,
  async read(sections, reading) {
    const domains = (sections['domains'] ?? {}) as z.infer<typeof shape.domains>
    const names = (sections['domainFiles'] ?? []) as z.infer<typeof shape.domainFiles>
    const files = await Promise.all(
      names.map((name, index) => reading.readFile(name, ['domainFiles', index])),
    )
    const readable = files.filter((file) => file !== undefined)
    const expected = readable.reduce((sum, { bytes }) => sum + countLines(bytes), Object.keys(domains).length)
    const map = new DomainMap(expected, reading)
    map.addSection(domains)
    for (const { file, bytes } of readable) map.addFile(file, bytes)
    return map.finish()
  },
  open: ({ table, rules }) => openTable(table, rules),
}

function openTable(table: DomainTable, rules: readonly TableRule[]): Source {
  return {
    size: table.size,
    hasWildcards: table.hasWildcards,
    find: (pattern) => rules[ruleOf(table, pattern)]?.provider,
    explain(pattern) {
      const entry = entryOf(table, pattern)
      if (!entry) return undefined
      const { provider, file } = rules[entry.rule] as TableRule
      return { provider, file, line: entry.line }
    },
    patterns: () => namesOf(table),
    providers: () => new Set(rules.map((rule) => rule.provider)),
  }
}

/** `example.org` for itself, `.example.org` (also written `*.example.org`) for all below it, `.` (`*`) for all. */
export function parsePattern(text: string): Pattern | undefined {
  if (text === '*') return '.'
  const wildcard = /^\*?\./.exec(text)
  const domain = parseDomain(wildcard ? text.slice(wildcard[0].length) : text)
  return domain && (wildcard ? `.${domain}` : domain)
}

/** How many like it are told one by one; of the rest, the number. */
const told = { faults: 100, warnings: 5 } as const

/** Collects the domains of the section and the files, and what is wrong with them. */
class DomainMap {
  readonly #reading: Reading
  readonly #builder: DomainTableBuilder
  readonly #rules: TableRule[] = []
  readonly #scratch = new Uint8Array(256)
  readonly #hostsByName: ReadonlyMap<string, Provider>

  constructor(expected: number, reading: Reading) {
    this.#reading = reading
    this.#builder = new DomainTableBuilder(expected)
    this.#hostsByName = new Map([
      ...[...reading.hosts.values()].map((provider) => [provider.host.hostname, provider] as const).reverse(),
      ...reading.hosts,
    ])
  }

  finish(): MappedDomains {
    return { table: this.#builder.finish(), rules: this.#rules }
  }

  addSection(domains: Readonly<Record<string, string | DomainSection>>): void {
    const ruleOfHost = new Map<string, number>()
    for (const [name, value] of Object.entries(domains)) {
      const path = ['domains', name]
      const fault = (message: string, place = this.#reading.placeOfKey(path)) =>
        this.#reading.fault({ ...place, path: `domains["${name}"]`, message })
      const pattern = parsePattern(name)
      if (pattern === undefined) {
        fault('is not a domain; a domain is written as example.org, *.example.org or *')
        continue
      }
      const key = typeof value === 'string' ? value : value.host
      const provider = this.#reading.hosts.get(key)
      if (!provider) {
        if (!this.#reading.hostKeys.includes(key)) {
          fault(
            this.#noSuchHost(key),
            this.#reading.placeOf(typeof value === 'string' ? path : [...path, 'host']),
          )
        }
        continue
      }
      const { file, line } = this.#reading.placeOfKey(path)
      let rule: number | undefined
      if (typeof value === 'string') {
        rule = ruleOfHost.get(key) ?? this.#addRule(provider, file)
        ruleOfHost.set(key, rule)
      } else {
        this.#warnOf(name, value)
        rule = this.#addRule(override(provider, value), file)
      }
      const other = this.#add(pattern, rule, line)
      if (other) fault(other)
    }
  }

  addFile(file: string, bytes: Uint8Array): void {
    const resolved = new Map<string, number>()
    const seen = new RecentValues()
    let faults = 0
    let warnings = 0
    const at = (line: number, message: string) => ({ file, line, column: 1, path: '', message })
    const fault = (line: number, message: string) => {
      if (++faults <= told.faults) this.#reading.fault(at(line, message))
    }
    const warn = (line: number, message: string) => {
      if (++warnings <= told.warnings) this.#reading.warn(at(line, message))
    }

    /** The rule of a value; `undefined` where the line is nothing to serve, which is said already. */
    const resolve = (value: string, line: number): number | undefined => {
      const known = resolved.get(value)
      if (known !== undefined) return known
      const read = readMapValue(value)
      const names = 'host' in read ? [read.host] : read.nextHops
      const provider = names.map((name) => this.#hostNamed(name)).find((found) => found !== undefined)
      if (provider) {
        const rule = this.#addRule(provider, file)
        resolved.set(value, rule)
        return rule
      }
      if (names.some((name) => this.#reading.hostKeys.includes(name))) return undefined
      if ('host' in read) fault(line, this.#noSuchHost(read.host))
      else
        warn(
          line,
          `"${shorten(value)}" leads to none of our hosts; not served${this.#didYouMean(names[0] ?? '')}`,
        )
      return undefined
    }

    const visitor: MapVisitor = {
      entry: (keyStart, keyEnd, valueStart, valueEnd, line) => {
        let rule = seen.get(bytes, valueStart, valueEnd)
        if (rule === undefined) {
          rule = resolve(decode(bytes, valueStart, valueEnd), line)
          if (rule === undefined) return
          seen.set(bytes, valueStart, valueEnd, rule)
        }
        if (isPlainDomain(bytes, keyStart, keyEnd)) {
          const entry = this.#builder.add(bytes, keyStart, keyEnd, rule, line)
          if (!entry) return
          const other = this.#conflict(entry, rule)
          if (other) fault(line, `"${decode(bytes, keyStart, keyEnd)}" ${other}`)
          return
        }
        const key = decode(bytes, keyStart, keyEnd)
        const pattern = parsePattern(key)
        if (pattern === undefined) {
          if (key.includes('@')) warn(line, `"${shorten(key)}" is an address, not a domain; not served`)
          else
            fault(
              line,
              `"${shorten(key)}" is not a domain; a domain is written as example.org, *.example.org or *`,
            )
          return
        }
        const other = this.#add(pattern, rule, line)
        if (other) fault(line, `"${shorten(key)}" ${other}`)
      },
      lonely: (start, end, line) => {
        fault(
          line,
          `"${shorten(decode(bytes, start, end))}" has no host behind it; a line is: domain, white space, host`,
        )
      },
      continued: (start, end, line) => {
        const text = shorten(decode(bytes, start, end))
        fault(
          line,
          `"${text}" begins with white space, so it belongs to the line before, as in Postfix; begin it in column 1`,
        )
      },
    }
    scanMap(bytes, visitor)
    if (faults > told.faults)
      this.#reading.fault(at(1, `… and ${faults - told.faults} more faults in this file`))
    if (warnings > told.warnings)
      this.#reading.warn(at(1, `… and ${warnings - told.warnings} more warnings in this file`))
  }

  #addRule(provider: Provider, file: string): number {
    return this.#rules.push({ provider, file }) - 1
  }

  /** Adds a pattern; gives what is wrong with that, if something is. */
  #add(pattern: Pattern, rule: number, line: number): string | undefined {
    const { written } = new TextEncoder().encodeInto(pattern, this.#scratch)
    const entry = this.#builder.add(this.#scratch, 0, written, rule, line)
    return entry && this.#conflict(entry, rule)
  }

  /** The same domain on the same host again is a matter of taste; on another host one of the two is wrong. */
  #conflict(entry: { readonly rule: number; readonly line: number }, rule: number): string | undefined {
    const first = this.#rules[entry.rule] as TableRule
    const second = this.#rules[rule] as TableRule
    if (first.provider.host.key === second.provider.host.key) return undefined
    return `is on ${second.provider.host.key} here and on ${first.provider.host.key} in ${first.file}:${entry.line}`
  }

  #hostNamed(name: string): Provider | undefined {
    return this.#hostsByName.get(name) ?? this.#hostsByName.get(parseDomain(name) ?? '')
  }

  #noSuchHost(name: string): string {
    return `there is no host "${shorten(name)}"${this.#didYouMean(name)}`
  }

  #didYouMean(name: string): string {
    return (
      suggestion(name, this.#hostsByName.keys()) ||
      `; there are ${this.#reading.hostKeys.join(', ') || 'none'}`
    )
  }

  #warnOf(name: string, section: DomainSection): void {
    const warn = (key: keyof DomainSection, messages: string[]) => {
      for (const message of messages) {
        this.#reading.warn({
          ...this.#reading.placeOf(['domains', name, key]),
          path: `domains["${name}"].${key}`,
          message,
        })
      }
    }
    if (section.displayName) warn('displayName', displayNameWarnings(section.displayName, 30))
    if (section.displayShortName) warn('displayShortName', displayNameWarnings(section.displayShortName, 12))
    if (section.username) warn('username', usernameWarnings(section.username))
  }
}

function override(provider: Provider, section: DomainSection): Provider {
  const { host: _, username, ...rest } = section
  return {
    ...provider,
    ...(Object.fromEntries(
      Object.entries(rest).filter(([, value]) => value !== undefined),
    ) as Partial<Provider>),
    servers:
      username === undefined ? provider.servers : provider.servers.map((server) => ({ ...server, username })),
  }
}

function countLines(bytes: Uint8Array): number {
  let lines = 1
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) lines++
  return lines
}

const decode = (bytes: Uint8Array, start: number, end: number): string =>
  new TextDecoder('utf-8').decode(bytes.subarray(start, end))

/** For messages: one line, and not a screenful of it. */
function shorten(text: string): string {
  const visible = text.replace(/\p{Cc}/gu, '\ufffd')
  return visible.length > 80 ? `${visible.slice(0, 79)}…` : visible
}

/**
 * Is it a domain in the one spelling we compare by? Says no to some that are (A-labels, to be checked), and never yes
 * to one that is not: it spares nearly every line of a large map the way through strings.
 */
function isPlainDomain(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 253) return false
  let label = start
  let letters = false
  for (let i = start; i <= end; i++) {
    const code = i === end ? 0x2e : (bytes[i] as number)
    if (code === 0x2e) {
      if (i === label || i - label > 63 || bytes[label] === 0x2d || bytes[i - 1] === 0x2d) return false
      if (i === end) return letters
      label = i + 1
      letters = false
    } else if (code === 0x2d || (code >= 0x61 && code <= 0x7a)) {
      if (code === 0x2d && bytes[i + 1] === 0x2d) return false
      letters = true
    } else if (code < 0x30 || code > 0x39) return false
  }
  return false
}

/** The rules of the values met so far, found by their bytes: a map of a million lines has a handful of values. */
class RecentValues {
  readonly #values = new Map<number, { readonly bytes: Uint8Array; readonly rule: number }>()

  get(bytes: Uint8Array, start: number, end: number): number | undefined {
    const value = this.#values.get(hashOf(bytes, start, end))
    if (value === undefined || value.bytes.length !== end - start) return undefined
    for (let i = start; i < end; i++) if (bytes[i] !== value.bytes[i - start]) return undefined
    return value.rule
  }

  set(bytes: Uint8Array, start: number, end: number, rule: number): void {
    this.#values.set(hashOf(bytes, start, end), { bytes: bytes.slice(start, end), rule })
  }
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0
  return hash
}
