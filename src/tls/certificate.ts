import type { SecureContext } from 'node:tls'
import { dateOf, daysLeft, leastDaysLeft } from '../model/validity.ts'
import { absent } from '../reading/fingerprint.ts'
import type { CertificateFiles } from './certificate-files.ts'
import { type CertificateFacts, whyNotValid } from './key-pair.ts'

/**
 * `ending`: few days are left, so its renewal has failed. `kept`: the files are broken, and the certificate before them is in use.
 * `unusable`: they are broken, and there is none before.
 */
export const certificateStates = ['unusable', 'expired', 'kept', 'ending', 'valid'] as const
export type CertificateState = (typeof certificateStates)[number]

/** A certificate of the disk, and the one that is in use in its place. */
export class Certificate {
  readonly files: CertificateFiles
  /** Of the files when they were last read. */
  fingerprints: readonly [certificate: string, key: string] | undefined
  #facts: CertificateFacts | undefined
  #problem: string | undefined
  #kept: SecureContext | undefined
  #retryAt: number | undefined

  constructor(files: CertificateFiles) {
    this.files = files
  }

  /** Of the certificate in use; `undefined` if there is none. */
  get facts(): CertificateFacts | undefined {
    return this.#facts
  }

  /** Why the files are not used. */
  get problem(): string | undefined {
    return this.#problem
  }

  /** The context in use while the files are broken. */
  get kept(): SecureContext | undefined {
    return this.#kept
  }

  /** When the files may be read again although they have not changed, in milliseconds since 1970. */
  get retryAt(): number | undefined {
    return this.#retryAt
  }

  /** The files are in use. */
  use(facts: CertificateFacts): void {
    this.#facts = facts
    this.#problem = undefined
    this.#kept = undefined
    this.#retryAt = undefined
  }

  /** The files are not used; the certificate before them stays in use if its context is there. */
  refuse(problem: string, context: SecureContext | undefined, retryAt?: number): void {
    this.#problem = problem
    this.#kept = context
    this.#retryAt = retryAt
    if (!context) this.#facts = undefined
  }

  /** `undefined` if there is no certificate, and need not be one. */
  stateAt(now: number): CertificateState | undefined {
    if (!this.#facts) return this.#problem === undefined || this.#isMissing ? undefined : 'unusable'
    if (whyNotValid(this.#facts, now) !== undefined) return 'expired'
    if (this.#problem !== undefined) return 'kept'
    const { validFrom, validTo } = this.#facts
    return daysLeft(validTo, now) < leastDaysLeft(validFrom, validTo) ? 'ending' : 'valid'
  }

  /** A message for the admin; `undefined` if all is well. */
  messageAt(now: number): string | undefined {
    const state = this.stateAt(now)
    if (state === undefined || state === 'valid') return undefined
    if (state === 'unusable') return `${this.#problem}; this certificate is not used`
    const { validTo } = this.#facts as CertificateFacts
    const file = this.files.certificate
    if (state === 'ending')
      return `${file} expires on ${dateOf(validTo)}, in ${daysLeft(validTo, now)} days; find out why it is not renewed`
    if (this.#problem !== undefined) {
      const still = state === 'kept' ? 'stays in use' : 'is in use, and is not valid either'
      return `${this.#problem}; the certificate before it ${still}`
    }
    return `${file} ${whyNotValid(this.#facts as CertificateFacts, now)}; renew it`
  }

  get #isMissing(): boolean {
    return this.files.isOptional === true && this.fingerprints?.[0] === absent
  }
}
