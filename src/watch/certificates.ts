import type { SeenCertificate } from '../checks/check.ts'
import { type Change, wordsOf } from './change.ts'
import type { Look, Step } from './step.ts'

/** The certificate of a name, of all that its servers showed the one that ends first. */
export interface Certificate extends SeenCertificate {
  readonly host: string
  readonly domain?: string
  readonly target: string
  /** The alarm that was sent last. */
  readonly alarm?: Alarm
}

interface Alarm {
  /** In days before the end. */
  readonly days: number
  /** When the certificate was first seen below an alarm, in milliseconds since 1970. */
  readonly since: number
}

const day = 86_400_000

/** So many names are remembered, those that were checked last. */
const mostNames = 5000

/** Whole days until a certificate ends; negative if it has ended. */
export const daysLeft = ({ validTo }: SeenCertificate, now: number): number =>
  Math.floor((Date.parse(validTo) - now) / day)

/** Remembers the certificates of mail hosts and of the names that clients ask, and raises each alarm once. */
export class Certificates {
  #alarms: readonly number[]
  readonly #names = new Map<string, Certificate>()

  /** In days. */
  constructor(alarms: readonly number[]) {
    this.#alarms = alarms
  }

  get all(): readonly Certificate[] {
    return [...this.#names.values()]
  }

  add(step: Step, look: Look, now: number): Change[] {
    return firstEnding(look).flatMap(({ target, certificate }) => {
      const before = this.#names.get(certificate.name)?.alarm
      const days = this.#alarmFor(certificate, now)
      const alarm = days === undefined ? undefined : { days, since: before?.since ?? now }
      const seen: Certificate = {
        ...certificate,
        host: look.host,
        ...(step.kind === 'domain' && { domain: step.name }),
        target,
        ...(alarm && { alarm }),
      }
      this.#names.delete(certificate.name)
      this.#names.set(certificate.name, seen)
      if (this.#names.size > mostNames) this.#names.delete(this.#names.keys().next().value as string)
      if (alarm && alarm.days < (before?.days ?? Number.POSITIVE_INFINITY))
        return [changeOf('certificate-alarm', seen, alarm, now)]
      return before && !alarm ? [changeOf('problem-ended', seen, before, now)] : []
    })
  }

  /** Another configuration is in use. */
  keep(exists: (step: Step) => boolean, hosts: ReadonlySet<string>, alarms: readonly number[]): void {
    this.#alarms = alarms
    for (const [name, { host, domain }] of this.#names)
      if (domain === undefined ? !hosts.has(host) : !exists({ kind: 'domain', name: domain as never }))
        this.#names.delete(name)
  }

  /**
   * The alarm that is due, in days. A certificate of 45 days is renewed when a third of its life is left, so alarms come later for
   * those: the first one at a third of its life at most, the others in proportion.
   */
  #alarmFor(certificate: SeenCertificate, now: number): number | undefined {
    const left = Date.parse(certificate.validTo) - now
    const life = Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)
    const scale = Math.min(1, life / 3 / day / Math.max(...this.#alarms))
    return [...this.#alarms].sort((a, b) => a - b).find((days) => left <= days * scale * day)
  }
}

/** For each name the certificate that ends first. */
function firstEnding({ checks }: Look) {
  const first = new Map<string, { readonly target: string; readonly certificate: SeenCertificate }>()
  for (const { target, certificate } of checks) {
    if (!certificate) continue
    const known = first.get(certificate.name)
    if (!known || certificate.validTo < known.certificate.validTo)
      first.set(certificate.name, { target, certificate })
  }
  return [...first.values()]
}

function changeOf(
  change: 'certificate-alarm' | 'problem-ended',
  certificate: Certificate,
  { since }: Alarm,
  now: number,
): Change {
  const { host, domain, target, validTo } = certificate
  const days = daysLeft(certificate, now)
  return {
    change,
    id: 'certificate-expires-soon',
    host,
    ...(domain !== undefined && { domain }),
    ...wordsOf({
      target,
      expected: 'a certificate that is renewed in time',
      seen: `valid to ${validTo.slice(0, 10)}, ${days} ${days === 1 ? 'day' : 'days'} left`,
      advice: change === 'certificate-alarm' ? 'find out why the certificate is not renewed' : '',
    }),
    since: new Date(since).toISOString(),
    validTo,
    daysLeft: days,
  }
}
