import type { Check } from '../checks/check.ts'
import type { CheckId } from '../model/check-ids.ts'
import { type Change, wordsOf } from './change.ts'
import { isOver } from './is-over.ts'
import { keyOfStep, type Look, type Step } from './step.ts'

/** A problem. Only a change that two looks in a row have seen counts. */
export interface Finding extends Omit<Check, 'state' | 'certificate'> {
  readonly host: string
  readonly domain?: string
  /** When it was first seen, in milliseconds since 1970. */
  readonly since: number
  readonly state: 'suspected' | 'known' | 'ending'
}

/** The last look of a step. */
interface Seen {
  readonly step: Step
  readonly host: string
  readonly at: number
  readonly untested: number
  readonly findings: ReadonlyMap<string, Finding>
}

/** Certificates have alarms of their own. */
const silent: readonly CheckId[] = ['certificate-expires-soon']

/** So many domains with problems are remembered, those that were checked last. */
const mostDomains = 1000

/** Remembers what was seen, and finds out what has changed. */
export class Findings {
  #ignored: ReadonlySet<CheckId>
  readonly #steps = new Map<string, Seen>()
  /** By host: the ids of all checks that were made. */
  readonly #ids = new Map<string, Set<CheckId>>()

  constructor(ignored: readonly CheckId[]) {
    this.#ignored = new Set(ignored)
  }

  /** Adds what a step has seen. `again`: look again soon. */
  add(step: Step, look: Look, now: number): { readonly changes: Change[]; readonly again: boolean } {
    const key = keyOfStep(step)
    const before = this.#steps.get(key)?.findings ?? new Map<string, Finding>()
    const checks = look.checks.filter(({ id }) => !this.#ignored.has(id))
    const problems = checks.filter(({ state }) => state === 'problem')
    const after = new Map<string, Finding>()
    const changes: Change[] = []
    for (const check of problems) {
      const name = `${check.id} ${check.target}`
      const finding = { ...found(check, step, look.host, now), ...following(before.get(name)) }
      if (before.get(name)?.state === 'suspected' && finding.state === 'known')
        changes.push(changeOf('problem-appeared', finding))
      after.set(name, finding)
    }
    for (const [name, finding] of before) {
      if (after.has(name) || this.#ignored.has(finding.id)) continue
      if (!isOver(finding, checks)) after.set(name, finding)
      else if (finding.state === 'known' && !silent.includes(finding.id))
        after.set(name, { ...finding, state: 'ending' })
      else if (finding.state === 'ending') changes.push(changeOf('problem-ended', finding))
    }
    this.#remember(
      key,
      { step, host: look.host, at: now, untested: untestedIn(checks), findings: after },
      checks,
    )
    const isOpen = [...after.values()].some(
      ({ id, state }) => !silent.includes(id) && (state !== 'known' || step.kind !== 'domain'),
    )
    return { changes, again: isOpen }
  }

  /** Another configuration is in use: what it no longer contains is no problem any more. */
  keep(exists: (step: Step) => boolean, hosts: ReadonlySet<string>, ignored: readonly CheckId[]): Change[] {
    this.#ignored = new Set(ignored)
    for (const host of this.#ids.keys()) if (!hosts.has(host)) this.#ids.delete(host)
    const gone = [...this.#steps].filter(([, { step }]) => !exists(step))
    return gone.flatMap(([key, { findings }]) => {
      this.#steps.delete(key)
      return [...findings.values()]
        .filter(({ id, state }) => state !== 'suspected' && !silent.includes(id))
        .map((finding) =>
          changeOf('problem-ended', { ...finding, seen: 'no longer in the configuration', advice: '' }),
        )
    })
  }

  /** Domains with problems, those first that were checked the longest time ago. */
  get openDomains(): Step[] {
    return [...this.#steps.values()].map(({ step }) => step).filter(({ kind }) => kind === 'domain')
  }

  /** The last look of each host, and of the public name. */
  get hosts(): readonly Seen[] {
    return [...this.#steps.values()].filter(({ step }) => step.kind !== 'domain')
  }

  /** Problems by host and id; 0 for checks without a problem. */
  get counts(): {
    readonly host: string
    readonly id: CheckId
    readonly hosts: number
    readonly domains: number
  }[] {
    const known = [...this.#steps.values()]
      .flatMap(({ findings }) => [...findings.values()])
      .filter(({ state }) => state !== 'suspected')
    return [...this.#ids].flatMap(([host, ids]) =>
      [...ids].map((id) => {
        const found = known.filter((finding) => finding.host === host && finding.id === id)
        const domains = found.filter(({ domain }) => domain !== undefined).length
        return { host, id, hosts: found.length - domains, domains }
      }),
    )
  }

  #remember(key: string, seen: Seen, checks: readonly Check[]): void {
    const ids = this.#ids.get(seen.host) ?? new Set()
    this.#ids.set(seen.host, ids)
    for (const { id } of checks) ids.add(id)
    // Of domains the newest is last. Hosts stay in their order, in which /readyz shows them.
    if (seen.step.kind === 'domain') this.#steps.delete(key)
    if (seen.step.kind !== 'domain' || seen.findings.size > 0) this.#steps.set(key, seen)
    const domains = [...this.#steps].filter(([, { step }]) => step.kind === 'domain')
    for (const [oldest] of domains.slice(0, Math.max(0, domains.length - mostDomains)))
      this.#steps.delete(oldest)
  }
}

const untestedIn = (checks: readonly Check[]): number =>
  checks.filter(({ state }) => state === 'untested').length

const found = (check: Check, step: Step, host: string, now: number): Finding => {
  const { id, target, expected, seen, advice } = check
  const domain = step.kind === 'domain' ? { domain: step.name } : {}
  const state = silent.includes(id) ? 'known' : 'suspected'
  return { id, target, expected, seen, advice, host, ...domain, since: now, state }
}

/** The part that a problem keeps when it is seen again. */
const following = (before: Finding | undefined): Partial<Finding> =>
  before ? { since: before.since, state: 'known' } : {}

function changeOf(change: 'problem-appeared' | 'problem-ended', finding: Finding): Change {
  const { id, host, domain, since } = finding
  return {
    change,
    id,
    host,
    ...(domain !== undefined && { domain }),
    ...wordsOf(finding),
    since: new Date(since).toISOString(),
  }
}
