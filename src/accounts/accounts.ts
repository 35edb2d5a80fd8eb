import type { Domain, EmailAddress } from '../model/address.ts'
import { type AccountTable, hasDomain, targetOf } from './account-table.ts'
import { longestChain } from './aliases.ts'
import type { DecoyTables } from './decoy-tables.ts'
import { parseEnd } from './end.ts'
import { type NoLoginReason, withoutExtension } from './target.ts'

export { longestChain } from './aliases.ts'
export { digestOf } from './digest.ts'
export { type End, endOfList } from './end.ts'
export { type NoLoginReason, parseTargets, reasons, type Target, withoutExtension } from './target.ts'

/** `accounts:` and its files. Plain data, so that another thread can read it. Must never be logged. */
export interface AccountsData {
  /** Each address and the end of its aliases. */
  readonly table: AccountTable
  /** Each address and the file and line that its account comes from. */
  readonly places: AccountTable
  /** Each address by its MD5, if logins are public. */
  readonly digests?: AccountTable
  /** The secret that decoys are derived from, and the login names that they imitate, if decoys are enabled. */
  readonly decoys?: DecoyTables & { readonly secret: Uint8Array }
}

/** The login name or the mailbox of an address, or why it has none; and the file and line that say so. */
export type Account = { readonly place: () => string } & (
  | { readonly login: string }
  | { readonly mailbox: EmailAddress }
  | { readonly none: NoLoginReason }
)

/** Looks up login names in the content of `accounts:` and its files. */
export class Accounts {
  readonly #data: AccountsData

  constructor(data: AccountsData) {
    this.#data = data
  }

  /** Is any address of the domain listed? */
  hasDomain(domain: Domain): boolean {
    return hasDomain(this.#data.table, domain)
  }

  /** The account of an address; `undefined` if the files do not contain the address. */
  find(address: EmailAddress, steps = longestChain): Account | undefined {
    const localPart = address.localPart.toLowerCase()
    const { table, places } = this.#data
    const target = search(table, address.domain, localPart)
    if (target === undefined) return undefined
    const end = parseEnd(target)
    const place = () => search(places, address.domain, localPart) as string
    if (!('mailbox' in end)) return { ...end, place }
    const domain = end.mailbox.domain as Domain
    if (end.mailbox.localPart !== '')
      return { mailbox: { localPart: withoutExtension(end.mailbox.localPart), domain }, place }
    // The whole domain is an alias of another domain; the local part stays the same.
    const mailbox = { localPart: withoutExtension(localPart), domain }
    if (localPart === '' || domain === address.domain || search(table, domain, localPart) === undefined)
      return { mailbox, place }
    return steps === 0 ? { none: 'loop', place } : this.find({ localPart, domain }, steps - 1)
  }

  /**
   * The account of every address of a domain that the files do not list. `undefined` if the domain is an alias of another,
   * because then the account depends on the address.
   */
  findCatchAll(domain: Domain): Account | undefined {
    const found = this.find({ localPart: '', domain })
    return found && 'mailbox' in found && found.mailbox.localPart === '' ? undefined : found
  }

  /** The address of a domain with this MD5 in hexadecimal, which Evolution sends (`emailmd5`). */
  byDigest(domain: Domain, digest: string): EmailAddress | undefined {
    const localPart = this.#data.digests && targetOf(this.#data.digests, domain, digest)
    return localPart === undefined ? undefined : { localPart, domain }
  }
}

/** The address itself, then without `+extension`, then the catch-all (virtual(5), "TABLE SEARCH ORDER"). */
function search(table: AccountTable, domain: string, localPart: string): string | undefined {
  const bare = withoutExtension(localPart)
  return (
    targetOf(table, domain, localPart) ??
    (bare === localPart ? undefined : targetOf(table, domain, bare)) ??
    targetOf(table, domain, '')
  )
}
