import { readFile } from 'node:fs/promises'
import type { Backend } from '../backends/backend.ts'
import { answerWithin } from '../backends/until-aborted.ts'
import { type Pattern, parsePattern } from '../domains/pattern.ts'
import type { Domain } from '../model/address.ts'
import { failure, type Result, success } from '../model/result.ts'
import { readMapValue, scanMap } from '../reading/postfix-map.ts'

/** The domains and hosts that the configuration is compared with. */
export interface Comparand {
  readonly name: string
  /** The host of each domain and wildcard, as it is written there; `undefined` if only the domain is known. */
  readonly hosts: ReadonlyMap<Pattern, string | undefined>
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

/**
 * Reads a Postfix map. A transport map has the host of each domain; `relay_domains` and the like only list domains, with or
 * without a value that means nothing. `isHost` decides whether a value is one of our hosts: if none is, values are ignored.
 */
export async function readComparandMap(
  file: string,
  isHost: (name: string) => boolean,
): Promise<Result<Comparand>> {
  const read = await readFile(file).then(success, ({ message }: Error) =>
    failure(`cannot be read: ${message}`),
  )
  if (!read.ok) return read
  const bytes = read.value
  const hosts = new Map<Pattern, string | undefined>()
  const skipped: string[] = []
  let namesHosts = false
  function add(key: string, value: string | undefined, line: number): void {
    const pattern = parsePattern(key)
    if (pattern === undefined) skipped.push(`line ${line}`)
    // Postfix uses the first of two entries.
    else if (!hosts.has(pattern)) hosts.set(pattern, value)
  }
  const text = (start: number, end: number) => new TextDecoder().decode(bytes.subarray(start, end))
  scanMap(bytes, {
    entry(keyStart, keyEnd, valueStart, valueEnd, line) {
      const value = text(valueStart, valueEnd)
      const read = readMapValue(value)
      // A transport without a next hop, such as "virtual:", names no host.
      const hasValue = 'host' in read || read.nextHops.length > 0
      namesHosts ||= hasValue && (!('host' in read) || isHost(read.host))
      add(text(keyStart, keyEnd), hasValue ? value : undefined, line)
    },
    keyOnly: (start, end, line) => add(text(start, end), undefined, line),
    continued: (_start, _end, line) => skipped.push(`line ${line}`),
  })
  if (!namesHosts) for (const pattern of hosts.keys()) hosts.set(pattern, undefined)
  return success({ name: file, hosts, failed: new Map(), isComplete: true, skipped })
}

/** Lists the domains of a backend; if it has no list, looks up each configured domain. Fails if the backend is not available. */
export async function queryBackend(
  compared: ComparedBackend,
  domains: Iterable<Domain>,
): Promise<Result<Comparand>> {
  if (compared.backend.list) return listFrom(compared)
  if (compared.backend.findHost) return hostsFrom(compared, domains)
  return failure('knows usernames but no domains; compare with another source, or with --map FILE')
}

/** The time limit for a whole list, in multiples of the limit for one query. */
const listTimeoutFactor = 60

async function listFrom({ name, backend, timeout }: ComparedBackend): Promise<Result<Comparand>> {
  const hosts = new Map<Pattern, string | undefined>()
  const skipped: string[] = []
  async function read(signal: AbortSignal): Promise<void> {
    for await (const { domain, host } of (backend.list as NonNullable<Backend['list']>)(signal)) {
      signal.throwIfAborted()
      const pattern = parsePattern(domain)
      if (pattern === undefined) skipped.push(`"${domain}"`)
      else if (!hosts.has(pattern)) hosts.set(pattern, host)
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
): Promise<Result<Comparand>> {
  const hosts = new Map<Domain, string>()
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
      if (host !== undefined) hosts.set(domain, host)
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
