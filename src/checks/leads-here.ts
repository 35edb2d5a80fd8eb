import { BlockList, isIPv6 } from 'node:net'
import type { Domain } from '../model/address.ts'
import { failure, type Result, success } from '../model/result.ts'
import type { NameServer, NoRecords } from './name-server.ts'

/** Whether a name leads to this service. The error says why nobody knows now. */
export type LeadsHere = (name: Domain) => Promise<Result<boolean, string>>

/**
 * A certificate authority follows the aliases of a name and connects to any of its addresses, so all of them must be ours: those of the
 * public name, or the given ones. Returns why the addresses of the public name are not known.
 */
export async function openLeadsHere(
  names: NameServer,
  { publicName, addresses: given }: { readonly publicName?: Domain; readonly addresses: readonly string[] },
): Promise<Result<LeadsHere>> {
  const own =
    given.length > 0 || publicName === undefined ? success(given) : await addressesOf(publicName, names)
  if (!own.ok) return own
  if (own.value.length === 0)
    return failure(`${publicName} has no address; publish A and AAAA records for it, or use --address`)
  const ours = new BlockList()
  for (const address of own.value) ours.addAddress(address, familyOf(address))

  return success(async (name) => {
    const found = await addressesOf(name, names)
    if (!found.ok) return found
    if (found.value.length === 0) return success(false)
    if (found.value.every((address) => ours.check(address, familyOf(address)))) return success(true)
    if (given.length > 0) return success(false)
    // The addresses of the public name can differ from one answer to the next.
    const alias = await names('CNAME', name)
    return success(alias.ok && alias.value.includes(`${publicName}.`))
  })
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4')

/** Every address of a name, or why one of the two look-ups has no answer. */
async function addressesOf(name: Domain, names: NameServer): Promise<Result<readonly string[]>> {
  const answers = await Promise.all([names('A', name), names('AAAA', name)])
  const unknown = answers.find((answer): answer is Result<never, NoRecords> & { ok: false } =>
    answer.ok ? false : !answer.error.isCertain,
  )
  if (unknown) return failure(unknown.error.why)
  return success(answers.flatMap((answer) => (answer.ok ? answer.value : [])))
}
