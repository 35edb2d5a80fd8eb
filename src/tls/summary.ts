import { daysLeft } from '../model/validity.ts'
import { type CertificateState, certificateStates } from './certificate.ts'
import type { Certificates } from './certificates.ts'

/** A few lines are enough to see what is wrong; `check` has all. */
const mostListed = 5

/** The certificates at a time, in milliseconds since 1970. Names no certificate that is well. */
export function summaryOfCertificates(certificates: Certificates, now: number) {
  const states: Record<CertificateState, number> = { unusable: 0, expired: 0, kept: 0, ending: 0, valid: 0 }
  let firstEnd = Number.POSITIVE_INFINITY
  const problems: { readonly state: CertificateState; readonly validTo: number; readonly message: string }[] =
    []
  for (const certificate of certificates.all) {
    const state = certificate.stateAt(now)
    if (state === undefined) continue
    states[state]++
    const validTo = certificate.facts?.validTo ?? Number.POSITIVE_INFINITY
    firstEnd = Math.min(firstEnd, validTo)
    const message = certificate.messageAt(now)
    if (message !== undefined) problems.push({ state, validTo, message })
  }
  const rank = (state: CertificateState): number => certificateStates.indexOf(state)
  problems.sort((a, b) => rank(a.state) - rank(b.state) || a.validTo - b.validTo)
  return {
    /** Of the certificate for clients that send no name, or an unknown one. */
    default: certificates.default?.files.certificate ?? null,
    states,
    /** When the first of those in use expires. */
    ...(firstEnd === Number.POSITIVE_INFINITY
      ? { validTo: null, daysLeft: null }
      : { validTo: new Date(firstEnd).toISOString(), daysLeft: daysLeft(firstEnd, now) }),
    folderProblem: certificates.folderProblem ?? null,
    problems: problems.slice(0, mostListed).map(({ message }) => message),
    contexts: certificates.contexts,
  }
}
