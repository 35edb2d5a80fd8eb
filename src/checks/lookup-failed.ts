import type { Result } from '../model/result.ts'
import { type Check, checkOf } from './check.ts'
import type { NoRecords } from './name-server.ts'

/** The check of a look-up that failed. `undefined` if the name server said which records there are, or that there are none. */
export function lookupFailed(answer: Result<unknown, NoRecords>, target: string): Check | undefined {
  return answer.ok || answer.error.isCertain ? undefined : failedLookup(answer.error, target)
}

export function failedLookup({ why, isBogus }: NoRecords, target: string): Check {
  return isBogus
    ? checkOf('dnssec-invalid', target, 'valid signatures, or no DNSSEC').problem(
        why,
        'sign the zone again, or correct its DS record at the registrar; until then, most large resolvers answer nothing',
      )
    : checkOf('dns-lookup-failed', target, 'an answer').untested(
        why,
        'see whether the name servers of the domain answer',
      )
}
