import type { CheckId } from '../model/check-ids.ts'

/** `untested`: the check could not be made, and `seen` says why. `info`: worth knowing, and not wrong. */
export type CheckState = 'ok' | 'problem' | 'untested' | 'info'

/** One thing that was looked at, from this network. */
export interface Check {
  readonly id: CheckId
  /** The server, name or record, such as `imap mail.example.org:993`. */
  readonly target: string
  readonly state: CheckState
  readonly expected: string
  readonly seen: string
  /** How to fix it; empty if there is nothing to do. */
  readonly advice: string
  /** Only of `certificate-expired`: the certificate that was seen. */
  readonly certificate?: SeenCertificate
}

/** The certificate that a server showed for a name. */
export interface SeenCertificate {
  readonly name: string
  /** ISO 8601. */
  readonly validFrom: string
  readonly validTo: string
}

/** Where results are collected as they come. */
export type Report = (check: Check) => void

/** The results that one check can have. */
export const checkOf = (id: CheckId, target: string, expected: string) => {
  const result =
    (state: CheckState) =>
    (seen: string, advice = ''): Check => ({ id, target, state, expected, seen, advice })
  return { ok: result('ok'), problem: result('problem'), untested: result('untested'), info: result('info') }
}
