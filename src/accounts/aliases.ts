import type { Domain } from '../model/address.ts'
import type { AccountEntry } from './account-table.ts'
import { type End, endOfList, formatEnd } from './end.ts'
import { type Target, withoutExtension } from './target.ts'

/** The number of aliases that are followed. A longer chain is treated as a cycle. */
export const longestChain = 10

/** The number of targets that are followed for one address. An address with more is a mailing list. */
const mostTargets = 100

export interface AliasName {
  /** Empty for every other address of the domain. */
  readonly localPart: string
  readonly domain: string
}

export interface AliasPlace {
  readonly file: string
  readonly line: number
}

interface Alias extends AliasName {
  readonly targets: readonly Target[]
  readonly place: AliasPlace
}

/** Answers about domains: the mail host that a name means, and whether mail is delivered here. */
export interface KnownDomains {
  /** The host name of the mail host with this name or key. */
  readonly hostname: (name: string) => string | undefined
  readonly isServed: (domain: Domain) => boolean
  /** The host names of all mail hosts. */
  readonly hostnames: readonly string[]
}

/** Collects the addresses of all files, and follows aliases. */
export class Aliases {
  readonly #known: KnownDomains
  readonly #aliases = new Map<string, Alias>()
  readonly #domains = new Set<string>()

  constructor(known: KnownDomains) {
    this.#known = known
  }

  /** Adds an address. If it already has other targets, those are kept and their place is returned. */
  add(
    { domain, localPart }: AliasName,
    targets: readonly Target[],
    place: AliasPlace,
  ): AliasPlace | undefined {
    const key = `${domain}\0${localPart}`
    const earlier = this.#aliases.get(key)
    if (earlier)
      return JSON.stringify(earlier.targets) === JSON.stringify(targets) ? undefined : earlier.place
    this.#aliases.set(key, { domain, localPart, targets, place })
    this.#domains.add(domain)
    return undefined
  }

  /** Is the mail of the domain here? An address of the domain in our files says so, too. */
  isHere(domain: Domain): boolean {
    return (
      this.#domains.has(domain) || this.#known.hostname(domain) !== undefined || this.#known.isServed(domain)
    )
  }

  /** All addresses with the end of their aliases, so that a request need not follow them. */
  *resolved(): Generator<AccountEntry & { readonly place: string }> {
    for (const alias of this.#aliases.values()) {
      const { domain, localPart } = alias
      const { end, place } = this.#end(alias, localPart, longestChain, { left: mostTargets })
      yield { domain, localPart, target: formatEnd(end), place: formatPlace(place) }
    }
  }

  /** The places of targets at a name that looks like that of a machine, but is not the host name of a mail host. */
  *unknownMachines(): Generator<AliasPlace> {
    const zones = this.#known.hostnames.map(parentOf).filter((zone) => zone.includes('.'))
    const isMachine = (domain: string) =>
      !domain.includes('.') || localZone.test(domain) || zones.includes(parentOf(domain))
    for (const { targets, place } of this.#aliases.values()) {
      if (
        targets.some(
          (target) => 'domain' in target && !this.isHere(target.domain) && isMachine(target.domain),
        )
      )
        yield place
    }
  }

  #end(alias: Alias, localPart: string, steps: number, targets: { left: number }): Found {
    const { place } = alias
    const found = alias.targets.map((target) => this.#follow(target, { ...alias, localPart }, steps, targets))
    const [first] = found
    if (first && found.length === 1) return first
    const end = endOfList(
      found.map(({ end }) => end),
      (domain) => this.isHere(domain),
    )
    return { end, place }
  }

  #follow(
    target: Target,
    { domain, localPart, place }: Alias,
    steps: number,
    targets: { left: number },
  ): Found {
    if (targets.left-- <= 0) return { end: { none: 'several' }, place }
    if ('none' in target) return { end: target, place }
    if ('login' in target) return { end: { login: withoutExtension(target.login) }, place }
    // `@example.org @example.net` keeps the local part.
    const name = { localPart: target.localPart.toLowerCase() || localPart, domain: target.domain }
    const mailbox = { ...name, domain: this.#known.hostname(name.domain) ?? name.domain }
    const isItself = name.domain === domain && name.localPart === localPart
    const further = name.localPart === '' || isItself ? undefined : this.#find(name)
    if (!further) return { end: { mailbox }, place }
    if (steps === 0) return { end: { none: 'loop' }, place }
    return this.#end(further, name.localPart, steps - 1, targets)
  }

  #find({ domain, localPart }: AliasName): Alias | undefined {
    const names = [localPart, withoutExtension(localPart), '']
    return names.map((name) => this.#aliases.get(`${domain}\0${name}`)).find((alias) => alias !== undefined)
  }
}

interface Found {
  readonly end: End
  /** The line that says so: the last of a chain. */
  readonly place: AliasPlace
}

export const formatName = ({ localPart, domain }: AliasName): string => `${localPart}@${domain}`

const parentOf = (name: string): string => name.slice(name.indexOf('.') + 1)

/** Zones of private networks (RFC 6762, appendix G; RFC 6761; ICANN's .internal). */
const localZone = /\.(?:home|internal|intranet|lan|local|localdomain|localhost|private)$/

const formatPlace = ({ file, line }: AliasPlace): string => `${file}:${line}`
