import { readFile } from 'node:fs/promises'
import type { Backend } from '../backends/backend.ts'
import { answerWithin } from '../backends/until-aborted.ts'
import { type Pattern, parsePattern } from '../domains/pattern.ts'
import type { Domain } from '../model/address.ts'
import { readMapValue, scanMap } from '../reading/postfix-map.ts'

/** What somebody else says of where domains are. */
export interface Comparand {
  readonly name: string
  /** Each domain and wildcard, and its host as it is written there; `undefined` where only the domain is said. */
  readonly hosts: ReadonlyMap<Pattern, string | undefined>
  /** What it could not be asked of, and why. */
  readonly failed: ReadonlyMap<Domain, string>
  /** Does it tell all that it knows? Else it was asked of each domain. */
  readonly isWhole: boolean
  /** What in it is no domain: addresses, and lines that cannot be read; where it stands, or how it is spelled. */
  readonly skipped: readonly string[]
}

/** A source that is asked over the network; `timeout` in seconds. */
export interface Asked {
  readonly name: string
  readonly source: Backend
  readonly timeout: number
}

/** The other side could not be asked at all; the message says why. */
export class ComparandError extends Error {}

/**
 * A map of Postfix. A transport map tells the host of each domain, `relay_domains` and its like only that it is one, with
 * or without a word behind it that means nothing; `isHost` says whether a word is one of our hosts.
 */
export async function readComparandMap(file: string, isHost: (name: string) => boolean): Promise<Comparand> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw new ComparandError(`cannot be read: ${error.message}`)
  })
  const hosts = new Map<Pattern, string | undefined>()
  const skipped: string[] = []
  let namesHosts = false
  function add(key: string, value: string | undefined, line: number): void {
    const pattern = parsePattern(key)
    if (pattern === undefined) skipped.push(`line ${line}`)
    // Postfix takes the first of two.
    else if (!hosts.has(pattern)) hosts.set(pattern, value)
  }
  const text = (start: number, end: number) => new TextDecoder().decode(bytes.subarray(start, end))
  scanMap(bytes, {
    entry(keyStart, keyEnd, valueStart, valueEnd, line) {
      const value = text(valueStart, valueEnd)
      const read = readMapValue(value)
      // A transport without a next hop, such as "virtual:", names no host.
      const isSaid = 'host' in read || read.nextHops.length > 0
      namesHosts ||= isSaid && (!('host' in read) || isHost(read.host))
      add(text(keyStart, keyEnd), isSaid ? value : undefined, line)
    },
    keyOnly: (start, end, line) => add(text(start, end), undefined, line),
    continued: (_start, _end, line) => skipped.push(`line ${line}`),
  })
  if (!namesHosts) for (const pattern of hosts.keys()) hosts.set(pattern, undefined)
  return { name: file, hosts, failed: new Map(), isWhole: true, skipped }
}

/** A source: its whole list if it has one, else what it says of each of our domains. */
export async function askBackend(asked: Asked, domains: Iterable<Domain>): Promise<Comparand> {
  if (asked.source.list) return listOf(asked)
  if (asked.source.findHost) return answersOf(asked, domains)
  throw new ComparandError('tells of accounts only, not of domains')
}

/** How long a whole list may take, in times of what one question may. */
const listLength = 60

async function listOf({ name, source, timeout }: Asked): Promise<Comparand> {
  const hosts = new Map<Pattern, string | undefined>()
  const skipped: string[] = []
  async function read(signal: AbortSignal): Promise<void> {
    for await (const { domain, host } of (source.list as NonNullable<Backend['list']>)(signal)) {
      signal.throwIfAborted()
      const pattern = parsePattern(domain)
      if (pattern === undefined) skipped.push(`"${domain}"`)
      else if (!hosts.has(pattern)) hosts.set(pattern, host)
    }
  }
  await answerWithin(timeout * listLength, read).catch(({ message }: Error) => {
    throw new ComparandError(message)
  })
  return { name, hosts, failed: new Map(), isWhole: true, skipped }
}

/** Questions that are under way at once. */
const atOnce = 16
/** So many failures in a row are no matter of single domains: then the source has to show that it is there. */
const failuresInARow = 32

async function answersOf({ name, source, timeout }: Asked, domains: Iterable<Domain>): Promise<Comparand> {
  const hosts = new Map<Domain, string>()
  const failed = new Map<Domain, string>()
  const left = domains[Symbol.iterator]()
  let inARow = 0
  let asked = 0

  async function askOne(domain: Domain): Promise<void> {
    asked++
    try {
      const host = await answerWithin(timeout, (signal) =>
        (source.findHost as NonNullable<Backend['findHost']>)(domain, signal),
      )
      inARow = 0
      if (host !== undefined) hosts.set(domain, host)
    } catch (error) {
      inARow++
      failed.set(domain, (error as Error).message)
    }
  }
  async function askOnAndOn(): Promise<void> {
    for (let next = left.next(); !next.done; next = left.next()) {
      await askOne(next.value)
      if (inARow < failuresInARow) continue
      inARow = 0
      await answerWithin(timeout, (signal) => source.check(signal)).catch(({ message }: Error) => {
        throw new ComparandError(message)
      })
    }
  }

  await Promise.all(Array.from({ length: atOnce }, askOnAndOn))
  if (asked > 0 && failed.size === asked) throw new ComparandError([...failed.values()][0])
  return { name, hosts, failed, isWhole: false, skipped: [] }
}
