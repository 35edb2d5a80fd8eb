import type { Domain, EmailAddress } from '../model/address.ts'
import { type AccountTable, entriesOf, hasDomain, targetOf } from './account-table.ts'
import { longestChain } from './aliases.ts'
import { loginOfTarget, loginOnHost, mailboxOfTarget, withoutExtension } from './target.ts'

export { digestOf } from './digest.ts'
export { isLogin } from './target.ts'

/** `accounts:` and its files. Plain data, so that another thread can read it. Must never be logged. */
export interface AccountsData {
  /** Each address and the target at the end of its aliases. */
  readonly table: AccountTable
  /** Each address by its MD5, if logins are public. */
  readonly digests?: AccountTable
  /** The secret that decoys are derived from, and all real login names, if decoys are enabled. */
  readonly decoys?: { readonly secret: Uint8Array; readonly taken: AccountTable }
}

/** The login name or the mailbox of an address. */
export type AccountTarget = { readonly login: string } | { readonly mailbox: EmailAddress }

/** Looks up login names in the content of `accounts:` and its files. */
export class Accounts {
  readonly #data: AccountsData
  readonly #isHost: (name: string) => boolean

  /** `isHost` returns whether a name is that of a mail host. */
  constructor(data: AccountsData, isHost: (name: string) => boolean) {
    this.#data = data
    this.#isHost = isHost
  }

  /** Is any address of the domain listed? */
  hasDomain(domain: Domain): boolean {
    return hasDomain(this.#data.table, domain)
  }

  /**
   * The login name of an address, or the address of its mailbox. Returns `undefined` if the address is unknown, leads to
   * several mailboxes, or to none.
   */
  find(address: EmailAddress, steps = longestChain): AccountTarget | undefined {
    const localPart = address.localPart.toLowerCase()
    const target = this.#targetOf(address.domain, localPart) ?? ''
    const login = loginOfTarget(target)
    if (login !== undefined) return { login }
    const end = mailboxOfTarget(target)
    if (!end) return undefined
    const { domain } = end
    if (end.localPart !== '') return { mailbox: { localPart: withoutExtension(end.localPart), domain } }
    // The whole domain is an alias of another domain; the local part stays the same.
    const mailbox = { localPart: withoutExtension(localPart), domain }
    if (domain === address.domain || this.#targetOf(domain, localPart) === undefined) return { mailbox }
    return steps === 0 ? undefined : this.find({ localPart, domain }, steps - 1)
  }

  /** The address of a domain with this MD5 in hexadecimal, which Evolution sends (`emailmd5`). */
  byDigest(domain: Domain, digest: string): EmailAddress | undefined {
    const localPart = this.#data.digests && targetOf(this.#data.digests, domain, digest)
    return localPart === undefined ? undefined : { localPart, domain }
  }

  /** The login names of a domain, as written in the files. */
  *logins(domain: Domain): Generator<string> {
    for (const { target } of entriesOf(this.#data.table, domain)) {
      const login = loginOnHost(target, this.#isHost)
      if (login !== undefined) yield login
    }
  }

  /** The address itself, then without `+extension`, then the catch-all (virtual(5), "TABLE SEARCH ORDER"). */
  #targetOf(domain: string, localPart: string): string | undefined {
    const { table } = this.#data
    const bare = withoutExtension(localPart)
    return (
      targetOf(table, domain, localPart) ??
      (bare === localPart ? undefined : targetOf(table, domain, bare)) ??
      targetOf(table, domain, '')
    )
  }
}
