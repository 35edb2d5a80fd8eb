import { readFile } from 'node:fs/promises'
import type { Backend } from '../backends/backend.ts'
import { answerWithin } from '../backends/until-aborted.ts'
import { readMapLines } from '../domains/map-lines.ts'
import { type Pattern, parsePattern } from '../domains/pattern.ts'
import type { HostNames } from '../hosts/host-names.ts'
import { type Domain, parseDomain } from '../model/address.ts'
import { failure, type Result, success } from '../model/result.ts'
import { kindOfFile, tablePrefixError } from '../reading/file-kind.ts'
import { nextHopsOf, readMapValue, takesNoMail } from '../reading/next-hops.ts'
import { textIn } from '../reading/postfix-map.ts'
import { readFailure } from '../reading/read-failure.ts'

/** The domain takes no mail there (`error:`). */
export const refused = Symbol('refused')
/** A host other than ours that cannot be shown, because it is not a host name. */
export const elsewhere = Symbol('elsewhere')

/** The key or name of a host; `undefined` if only the domain is known. */
export type ThereHost = string | typeof refused | typeof elsewhere | undefined

/** The domains and hosts that the configuration is compared with. */
export interface Comparand {
  readonly name: string
  /** The host of each domain and wildcard. */
  readonly hosts: ReadonlyMap<Pattern, ThereHost>
  /** Domains for which the query failed, and why. */
  readonly failed: ReadonlyMap<Domain, string>
  /** Does it contain all domains of the other side? Otherwise only the configured domains were looked up. */
  readonly isComplete: boolean
  /** Entries that are not domains, such as addresses and invalid lines: the line, or the text of the entry. */
  readonly skipped: readonly string[]
}

/** A backend to compare with; `timeout` in seconds. */
export interface ComparedBackend {
  readonly name: string
  readonly backend: Backend
  readonly timeout: number
}

/** The meaning of a value in a map. */
interface MapValueMeaning {
  readonly host: ThereHost
  readonly namesHost: boolean
}

/**
 * Reads a Postfix map as `domainFiles:` does. A transport map has the host of each domain; `relay_domains` and the like only
 * list domains, with or without a value that means nothing: if no value is one of our hosts, values are ignored.
 */
export async function readComparandMap(file: string, names: HostNames): Promise<Result<Comparand>> {
  const read = await readFile(file).then(success, (error: NodeJS.ErrnoException) =>
    failure(tablePrefixError(file) ?? `cannot be read: ${readFailure(error)}`),
  )
  if (!read.ok) return read
  const bytes = read.value
  const kind = kindOfFile(bytes, file)
  if (kind?.kind === 'other') return failure(kind.message)
  const hosts = new Map<Pattern, ThereHost>()
  const skipped: string[] = []
  let namesHosts = false
  function add(pattern: Pattern, { host, namesHost }: MapValueMeaning): void {
    namesHosts ||= namesHost
    // Postfix uses the first of two entries.
    if (!hosts.has(pattern)) hosts.set(pattern, host)
  }
  readMapLines<MapValueMeaning>(bytes, {
    meaningOf(value) {
      return {
        host: readHost(value, names),
        namesHost: value !== undefined && names.meantBy(value) !== undefined,
      }
    },
    domain: (start, end, meaning) => add(textIn(bytes, start, end), meaning),
    pattern: add,
    ignored(reason, line) {
      if (reason !== 'continued') skipped.push(`line ${line}`)
    },
  })
  if (!namesHosts)
    for (const [pattern, host] of hosts) hosts.set(pattern, host === refused ? refused : undefined)
  return success({ name: file, hosts, failed: new Map(), isComplete: true, skipped })
}

/** The host for a value of a map or an answer of a backend. */
function readHost(value: string | undefined, names: HostNames): ThereHost {
  if (value === undefined) return undefined
  if (takesNoMail(value)) return refused
  const known = names.meantBy(value)
  if (known) return known.host.key
  // A transport without a next hop, such as "virtual:", names no host.
  const read = readMapValue(value)
  return 'host' in read || read.nextHops.length > 0 ? shownHop(value) : undefined
}

/** The part of a value that may be shown if it names no host of ours: a host name. Anything else may be a secret. */
function shownHop(value: string): ThereHost {
  const isTransport = /^(smtp|smtps|lmtp|relay)?:|^[^:]*$/i.test(value)
  const name = isTransport
    ? nextHopsOf(value)
        .map((hop) => parseDomain(hop.name))
        .find((hop) => hop?.includes('.'))
    : undefined
  return name ?? elsewhere
}

/** Lists the domains of a backend; if it has no list, looks up each configured domain. Fails if the backend is not available. */
export async function queryBackend(
  compared: ComparedBackend,
  domains: Iterable<Domain>,
  names: HostNames,
): Promise<Result<Comparand>> {
  if (compared.backend.list) return listFrom(compared, names)
  if (compared.backend.findHost) return hostsFrom(compared, domains, names)
  return failure('knows usernames but no domains; compare with another source, or with --map FILE')
}

/** The time limit for a whole list, in multiples of the limit for one query. */
const listTimeoutFactor = 60

async function listFrom(
  { name, backend, timeout }: ComparedBackend,
  names: HostNames,
): Promise<Result<Comparand>> {
  const hosts = new Map<Pattern, ThereHost>()
  const skipped: string[] = []
  let rows = 0
  async function read(signal: AbortSignal): Promise<void> {
    for await (const { domain, host } of (backend.list as NonNullable<Backend['list']>)(signal)) {
      signal.throwIfAborted()
      const pattern = parsePattern(domain)
      rows++
      if (pattern === undefined) skipped.push(`row ${rows}`)
      else if (!hosts.has(pattern)) hosts.set(pattern, readHost(host, names))
    }
  }
  return answerWithin(timeout * listTimeoutFactor, read).then(
    () => success({ name, hosts, failed: new Map(), isComplete: true, skipped }),
    ({ message }: Error) => failure(message),
  )
}

/** Queries that run at the same time. */
const concurrency = 16
/** So many consecutive failures are not about single domains: then the backend is checked before it is queried again. */
const maxConsecutiveFailures = 32

async function hostsFrom(
  { name, backend, timeout }: ComparedBackend,
  domains: Iterable<Domain>,
  names: HostNames,
): Promise<Result<Comparand>> {
  const hosts = new Map<Domain, ThereHost>()
  const failed = new Map<Domain, string>()
  const remaining = domains[Symbol.iterator]()
  let consecutiveFailures = 0
  let queries = 0
  let unavailable: string | undefined

  async function query(domain: Domain): Promise<void> {
    queries++
    try {
      const host = await answerWithin(timeout, (signal) =>
        (backend.findHost as NonNullable<Backend['findHost']>)(domain, signal),
      )
      consecutiveFailures = 0
      if (host !== undefined) hosts.set(domain, readHost(host, names))
    } catch (error) {
      consecutiveFailures++
      failed.set(domain, (error as Error).message)
    }
  }
  async function queryRemaining(): Promise<void> {
    for (let next = remaining.next(); !next.done && unavailable === undefined; next = remaining.next()) {
      await query(next.value)
      if (consecutiveFailures < maxConsecutiveFailures) continue
      consecutiveFailures = 0
      await answerWithin(timeout, (signal) => backend.check(signal)).catch(({ message }: Error) => {
        unavailable = message
      })
    }
  }

  await Promise.all(Array.from({ length: concurrency }, queryRemaining))
  if (queries > 0 && failed.size === queries) unavailable ??= [...failed.values()][0]
  return unavailable === undefined
    ? success({ name, hosts, failed, isComplete: false, skipped: [] })
    : failure(unavailable)
}
