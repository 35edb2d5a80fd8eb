import type { CheckId } from '../model/check-ids.ts'
import { type Certificate, type Certificates, daysLeft } from './certificates.ts'
import { wordsOf } from './change.ts'
import type { Finding, Findings } from './findings.ts'
import type { Sender } from './sender.ts'

/** The results for `/readyz` and the metrics. Domains are only counted. */
export interface WatchStatus {
  readonly lastFinished: string | null
  readonly nextRun: string
  readonly running: boolean
  readonly hosts: readonly HostStatus[]
  /** Problems of domains, by host and id: how many domains have them. */
  readonly domains: readonly { readonly host: string; readonly id: CheckId; readonly domains: number }[]
  /** Names that clients ask whose certificates have an alarm. */
  readonly domainCertificates: { readonly known: number; readonly alarms: number }
  readonly messages: readonly MessageStatus[]
}

export interface HostStatus {
  readonly host: string
  readonly checkedAt: string
  /** Checks that could not be made. */
  readonly untested: number
  readonly certificates: readonly {
    readonly name: string
    readonly validTo: string
    readonly daysLeft: number
  }[]
  readonly problems: readonly ProblemStatus[]
}

export interface ProblemStatus {
  readonly id: CheckId
  readonly target: string
  readonly expected: string
  readonly seen: string
  readonly advice: string
  readonly since: string
}

export interface MessageStatus {
  readonly to: 'webhook' | 'command'
  readonly sent: number
  /** Attempts that failed. */
  readonly failed: number
  /** Changes that wait for the next message. */
  readonly waiting: number
}

/** The values of the metrics. */
export interface WatchNumbers {
  /** Milliseconds since 1970. */
  readonly lastFinished: number | undefined
  readonly problems: readonly { readonly host: string; readonly id: CheckId; readonly problems: number }[]
  readonly untested: readonly { readonly host: string; readonly untested: number }[]
  /** Seconds until the first certificate of a host ends: of its servers, and of the names that clients of its domains ask. */
  readonly certificates: readonly {
    readonly host: string
    readonly of: 'mail' | 'names'
    readonly seconds: number
  }[]
  readonly messages: readonly MessageStatus[]
}

interface Parts {
  readonly findings: Findings
  readonly certificates: Certificates
  readonly senders: readonly Sender[]
  readonly lastFinished: number | undefined
  readonly now: number
}

export function statusOf(
  { findings, certificates, senders, lastFinished, now }: Parts,
  { nextRun, isRunning }: { readonly nextRun: number; readonly isRunning: boolean },
): WatchStatus {
  const ofDomains = certificates.all.filter(({ domain }) => domain !== undefined)
  return {
    lastFinished: lastFinished === undefined ? null : timeOf(lastFinished),
    nextRun: timeOf(nextRun),
    running: isRunning,
    hosts: findings.hosts.map((seen) => ({
      host: seen.host,
      checkedAt: timeOf(seen.at),
      untested: seen.untested,
      certificates: certificates.all.filter(isOfHost(seen.host)).map((certificate) => ({
        name: certificate.name,
        validTo: certificate.validTo,
        daysLeft: daysLeft(certificate, now),
      })),
      problems: [...seen.findings.values()].filter(isKnown).map(problemOf),
    })),
    domains: findings.counts
      .filter(({ domains }) => domains > 0)
      .map(({ host, id, domains }) => ({ host, id, domains })),
    domainCertificates: {
      known: ofDomains.length,
      alarms: ofDomains.filter(({ alarm }) => alarm !== undefined).length,
    },
    messages: messagesOf(senders),
  }
}

export function numbersOf({ findings, certificates, senders, lastFinished, now }: Parts): WatchNumbers {
  const first = new Map<string, WatchNumbers['certificates'][number]>()
  for (const { host, domain, validTo } of certificates.all) {
    const of = domain === undefined ? 'mail' : 'names'
    const seconds = Math.floor((Date.parse(validTo) - now) / 1000)
    const key = `${of} ${host}`
    if (seconds < (first.get(key)?.seconds ?? Number.POSITIVE_INFINITY)) first.set(key, { host, of, seconds })
  }
  return {
    lastFinished,
    problems: findings.counts.map(({ host, id, hosts, domains }) => ({
      host,
      id,
      problems: hosts + domains,
    })),
    untested: findings.hosts.map(({ host, untested }) => ({ host, untested })),
    certificates: [...first.values()],
    messages: messagesOf(senders),
  }
}

const messagesOf = (senders: readonly Sender[]): MessageStatus[] =>
  senders.map(({ to, counts, waiting }) => ({ to, ...counts, waiting: waiting.length }))

const isOfHost =
  (name: string) =>
  ({ host, domain }: Certificate): boolean =>
    host === name && domain === undefined

const isKnown = ({ state }: Finding): boolean => state !== 'suspected'

const problemOf = (finding: Finding): ProblemStatus => ({
  id: finding.id,
  ...wordsOf(finding),
  since: timeOf(finding.since),
})

const timeOf = (time: number): string => new Date(time).toISOString()
