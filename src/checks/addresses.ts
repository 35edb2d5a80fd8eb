import { type Check, checkOf } from './check.ts'
import { failedLookup } from './lookup-failed.ts'
import type { Network, Place } from './network.ts'

/** Every address of a host, A and AAAA, and whether the look-ups succeeded. */
export async function addressesOf(
  host: string,
  { names, connect }: Network,
): Promise<{ readonly check: Check; readonly places: readonly Place[] }> {
  const check = checkOf('host-not-found', host, 'an address (A, AAAA)')
  const given = connect.get(host)
  if (given) return { check: check.info(`${given.address}, from --connect`), places: [given] }
  const answers = await Promise.all([names('A', host), names('AAAA', host)])
  const found = answers.flatMap((answer) => (answer.ok ? answer.value : []))
  const places = found.map((address) => ({ address }))
  if (found.length > 0) return { check: check.ok(found.join(', ')), places }
  const failures = answers.flatMap((answer) => (answer.ok ? [] : [answer.error]))
  const unknown = failures.find(({ isCertain }) => !isCertain)
  if (unknown?.isBogus) return { check: failedLookup(unknown, host), places }
  if (unknown) return { check: check.untested(unknown.why, 'see whether the name servers answer'), places }
  const seen = failures.map(({ why }) => why)[0] as string
  return { check: check.problem(seen, `publish A and AAAA records for ${host}`), places }
}
