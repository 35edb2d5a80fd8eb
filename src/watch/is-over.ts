import type { Check, CheckState } from '../checks/check.ts'
import type { CheckId } from '../model/check-ids.ts'

/** Different words for the result of one check. */
const records: readonly CheckId[] = [
  'dns-lookup-failed',
  'dns-record-missing',
  'dns-record-differs',
  'dns-record-extra',
  'cname-chain-broken',
]

/** Problems after which a server cannot be asked for anything else. */
const blocking: readonly CheckId[] = [
  'host-not-found',
  'dns-lookup-failed',
  'connection-failed',
  'wrong-socket-type',
  'unexpected-answer',
  'starttls-not-supported',
  'tls-handshake-failed',
]

const bad: readonly CheckState[] = ['problem', 'untested']

/** A problem that a look has not seen: is it over, or could it not be seen because of another one? */
export function isOver({ id, target }: Pick<Check, 'id' | 'target'>, checks: readonly Check[]): boolean {
  const ofTarget = checks.filter((check) => check.target === target)
  const isSame = (check: Check): boolean =>
    check.id === id || (records.includes(id) && records.includes(check.id))
  const same = ofTarget.filter(isSame)
  if (same.length > 0) return same.every(({ state }) => state !== 'untested')
  if (ofTarget.length > 0) return !ofTarget.some((check) => blocking.includes(check.id) && isBad(check))
  // The whole target is gone: an address that the name no longer has, or a certificate of a web server that does not answer.
  return !checks.some(
    (check) =>
      isBad(check) &&
      (check.target.startsWith(`${target}/`) || (check.state === 'untested' && blocking.includes(check.id))),
  )
}

const isBad = ({ state }: Check): boolean => bad.includes(state)
