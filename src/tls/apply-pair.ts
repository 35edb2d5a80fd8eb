import type { Result } from '../model/result.ts'
import type { Certificate } from './certificate.ts'
import { type Contexts, secureContextOf } from './contexts.ts'
import { type KeyPair, whyNotValid } from './key-pair.ts'

export interface ApplyOptions {
  readonly contexts: Contexts
  /** In milliseconds since 1970. */
  readonly now: number
  /** Make the context now, not when a client asks for it. */
  readonly isEager: boolean
}

/**
 * Uses what the files of a certificate contain; or keeps the certificate before them, if they are broken, or not valid while that one
 * is. Returns whether they have replaced another certificate.
 */
export function applyPair(
  certificate: Certificate,
  pair: Result<KeyPair>,
  { contexts, now, isEager }: ApplyOptions,
): boolean {
  const { facts: before, files } = certificate
  const inUse = contexts.get(certificate)
  const refuse = (problem: string, retryAt?: number): false => {
    certificate.refuse(problem, inUse, retryAt)
    return false
  }
  if (!pair.ok) return refuse(pair.error)
  const { facts } = pair.value
  const invalid = whyNotValid(facts, now)
  if (invalid !== undefined && inUse && before && whyNotValid(before, now) === undefined)
    return refuse(`${files.certificate} ${invalid}`, now < facts.validFrom ? facts.validFrom : undefined)
  if (inUse || isEager) {
    const context = secureContextOf(pair.value, files.certificate)
    if (!context.ok) return refuse(context.error)
    contexts.set(certificate, context.value)
  }
  certificate.use(facts)
  return before !== undefined
}
