import type { AccountEntry } from './account-table.ts'
import { mailboxOfTarget, mailboxTarget, noTarget, withoutExtension } from './target.ts'

/** The number of aliases that are followed. A longer chain is treated as a cycle. */
export const longestChain = 10

export interface AliasName {
  /** Empty for every other address of the domain. */
  readonly localPart: string
  readonly domain: string
}

interface AliasPlace {
  readonly file: string
  readonly line: number
}

/** Collects the addresses of all files, and follows aliases. */
export class Aliases {
  readonly #entries = new Map<string, AccountEntry & { readonly place: AliasPlace }>()

  /** Adds an address. If it already has another target, that one is kept and its place returned. */
  add({ domain, localPart }: AliasName, target: string, place: AliasPlace): AliasPlace | undefined {
    const key = `${domain}\0${localPart}`
    const earlier = this.#entries.get(key)
    if (earlier) return earlier.target === target ? undefined : earlier.place
    this.#entries.set(key, { domain, localPart, target, place })
    return undefined
  }

  /** All addresses with the target at the end of their aliases, so that a request need not follow them. */
  *resolved(): Generator<AccountEntry> {
    for (const { domain, localPart, target } of this.#entries.values()) {
      yield { domain, localPart, target: this.#end(target, localPart, domain, longestChain) }
    }
  }

  #end(target: string, localPart: string, domain: string, steps: number): string {
    const next = mailboxOfTarget(target)
    if (!next || (next.localPart === '' && localPart === '')) return target
    // `@example.org @example.net` keeps the local part.
    const name = next.localPart === '' ? { ...next, localPart } : next
    if (name.domain === domain && name.localPart === localPart) return mailboxTarget(formatName(name))
    const further = this.#find(name)
    if (further === undefined) return mailboxTarget(formatName(name))
    return steps === 0 ? noTarget : this.#end(further.target, name.localPart, name.domain, steps - 1)
  }

  #find({ domain, localPart }: AliasName): AccountEntry | undefined {
    const names = [localPart, withoutExtension(localPart), '']
    return names.map((name) => this.#entries.get(`${domain}\0${name}`)).find((entry) => entry !== undefined)
  }
}

export const formatName = ({ localPart, domain }: AliasName): string => `${localPart}@${domain}`
