import {
  type Account,
  type Accounts,
  type End,
  endOfList,
  longestChain,
  type NoLoginReason,
  parseTargets,
  reasons,
  type Target,
  withoutExtension,
} from '../accounts/accounts.ts'
import type { Backends, BackendsAnswer } from '../backends/backends.ts'
import type { Inquiry } from '../backends/inquiry.ts'
import { type Domain, type EmailAddress, formatEmailAddress } from '../model/address.ts'
import { fillPlaceholders } from '../model/placeholders.ts'
import type { ClientConfig } from '../model/settings.ts'
import { andThen } from './and-then.ts'

export interface LoginSources {
  readonly backends: Backends | undefined
  /** The mail host with this host name. */
  readonly hostNamed: (name: string) => ClientConfig | undefined
  /** The client configuration of a configured domain. */
  readonly hostOf: (domain: Domain) => ClientConfig | undefined
  /** The same for a domain that only a backend knows. */
  readonly hostByBackend: (
    domain: Domain,
    inquiry: Inquiry,
  ) => ClientConfig | undefined | Promise<ClientConfig | undefined>
}

/** Whose login name is looked for, and on which host it must be. */
export interface Person {
  readonly domain: Domain
  readonly clientConfig: ClientConfig
  /** Without it, only a catch-all of the domain has a login name. */
  readonly address: EmailAddress | undefined
  /** Afterwards it knows whether the result is certain. */
  readonly inquiry: Inquiry
}

/** A login name, or why there is none, if a file or a backend says so. */
export type FoundLogin = { readonly login: string } | { readonly none?: string }

/** The same, and the address of the mailbox if the login name is one. */
type FoundMailbox = FoundLogin & { readonly mailbox?: EmailAddress }

/** The largest number of domains in an answer of a backend that are looked up. An answer with more is a mailing list. */
const mostDomains = 5

/** Finds the login name of an address: in the files, in the backends, and in links. */
export class LoginFinder {
  readonly #accounts: Accounts | undefined
  readonly #sources: LoginSources

  constructor(accounts: Accounts | undefined, sources: LoginSources) {
    this.#accounts = accounts
    this.#sources = sources
  }

  /**
   * Asks the backends for known addresses, too, so that the time of an answer does not reveal which addresses exist. If the
   * files lead to a mailbox, the backends are asked for the login name of that mailbox.
   */
  find(person: Person): FoundLogin | Promise<FoundLogin> {
    const { address, domain } = person
    const account = address ? this.#accounts?.find(address) : this.#accounts?.findCatchAll(domain)
    return andThen(account ? this.#byFile(account, person) : {}, (byFile) => {
      const mailbox = 'mailbox' in byFile ? byFile.mailbox : address
      return andThen(this.#byBackend(mailbox, person), (byBackend) => {
        if ('login' in byFile && !('mailbox' in byFile)) return byFile
        if ('login' in byFile && !('login' in byBackend)) return this.#mayDiffer(person) ? {} : byFile
        return 'login' in byBackend || byBackend.none !== undefined ? byBackend : byFile
      })
    })
  }

  /** The login name that a link contains. A single address is a login name, unchanged. */
  inLink(value: string, person: Person): FoundLogin | Promise<FoundLogin> {
    const targets = parseTargets(value)
    const [first] = targets
    if (first && targets.length === 1 && 'text' in first) return { login: first.text }
    return this.#ofTargets(targets, person, 'the link')
  }

  /** A backend that did not answer may know another login name of the mailbox. */
  #mayDiffer({ inquiry }: Person): boolean {
    return !inquiry.isCertain && this.#sources.backends?.hasLogins === true
  }

  #byFile(account: Account, person: Person): FoundMailbox | Promise<FoundMailbox> {
    const { place } = account
    if ('login' in account) return { login: account.login }
    if ('none' in account) return because(place(), account.none)
    const { mailbox } = account
    const named = this.#sources.hostNamed(mailbox.domain)
    if (named) return isSame(named, person) ? { login: mailbox.localPart } : because(place(), 'otherHost')
    return andThen(this.#configOf(mailbox.domain, person), (config) => {
      if (!config) return because(place(), 'elsewhere')
      const username = config.servers[0]?.username
      if (!isSame(config, person) || username === undefined) return because(place(), 'otherHost')
      return { login: fillPlaceholders(username, mailbox), mailbox }
    })
  }

  /**
   * Asks for the address itself, then without `+extension`: databases contain the mailbox only. `chain` has the addresses that led to
   * this one, and `otherwise` is the result if no backend knows it.
   */
  #byBackend(
    address: EmailAddress | undefined,
    person: Person,
    chain: readonly string[] = [],
    otherwise: FoundLogin = {},
  ): FoundLogin | Promise<FoundLogin> {
    const { backends } = this.#sources
    const { inquiry } = person
    if (!address || !backends) return {}
    const ask = (asked: EmailAddress) =>
      andThen(backends.findLogin(asked, inquiry), (answer) => ({ ...answer, asked: nameOf(asked) }))
    const bare = { ...address, localPart: withoutExtension(address.localPart) }
    const answer = andThen(ask(address), (first): Asked | Promise<Asked> => {
      const isUnknown = first.value === undefined && !first.isMissing
      return isUnknown && bare.localPart !== address.localPart ? ask(bare) : first
    })
    return andThen(answer, ({ value, backend, asked }) => {
      if (value === undefined) return inquiry.isCertain ? otherwise : {}
      const place = `the answer of the source ${backend?.name}`
      return andThen(this.#ofTargets(parseTargets(value), person, place), (found) =>
        this.#follow(found, person, [...chain, asked], place),
      )
    })
  }

  /**
   * An address that a backend returns may be an alias itself. It is a mailbox if it leads to itself, or if no backend knows it. A
   * circle ends after `longestChain` steps; most of them are in the cache.
   */
  #follow(
    found: FoundMailbox,
    person: Person,
    chain: readonly string[],
    place: string,
  ): FoundLogin | Promise<FoundLogin> {
    const { mailbox } = found
    if (!mailbox || nameOf(mailbox) === chain.at(-1)) return found
    if (chain.length > longestChain) return because(place, 'loop')
    return this.#byBackend(mailbox, person, chain, found)
  }

  #ofTargets(
    targets: readonly Target[],
    person: Person,
    place: string,
  ): FoundMailbox | Promise<FoundMailbox> {
    const domains = new Set(targets.flatMap((target) => ('domain' in target ? [target.domain] : [])))
    if (domains.size > mostDomains) return because(place, 'several')
    return andThen(this.#configsOf([...domains], person), (configs): FoundMailbox => {
      // Of several targets, one that seems to be elsewhere may be here.
      if (targets.length > 1 && !person.inquiry.isCertain) return {}
      const end = endOfList(targets.map((target) => this.#endOf(target, configs, person)))
      if ('none' in end) return because(place, end.none)
      const { login } = end
      const mailbox = targets.filter((target) => 'domain' in target).find(({ text }) => text === login)
      return mailbox ? { login, mailbox } : { login }
    })
  }

  #endOf(
    target: Target,
    configs: ReadonlyMap<Domain, ClientConfig | undefined>,
    person: Person,
  ): Exclude<End, { readonly mailbox: unknown }> {
    if (!('domain' in target)) return target
    const { localPart, domain, text } = target
    if (localPart === '') return { none: 'unreadable' }
    const config = configs.get(domain)
    if (!config) return { none: 'elsewhere' }
    if (!isSame(config, person)) return { none: 'otherHost' }
    // A name of a machine, not a domain of customers: an account of that machine.
    const isMachine = domain !== person.domain && !this.#sources.hostOf(domain)
    return { login: isMachine && this.#sources.hostNamed(domain) ? localPart : text }
  }

  #configsOf(
    domains: readonly Domain[],
    person: Person,
  ): ReadonlyMap<Domain, ClientConfig | undefined> | Promise<ReadonlyMap<Domain, ClientConfig | undefined>> {
    const [domain, ...others] = domains
    if (domain === undefined) return new Map()
    return andThen(this.#configOf(domain, person), (config) =>
      andThen(this.#configsOf(others, person), (configs) => new Map([...configs, [domain, config]])),
    )
  }

  /** The client configuration of a domain whose mail is here. */
  #configOf(
    domain: Domain,
    { domain: asked, clientConfig, inquiry }: Person,
  ): ClientConfig | undefined | Promise<ClientConfig | undefined> {
    if (domain === asked) return clientConfig
    const { hostOf, hostNamed, hostByBackend } = this.#sources
    return hostOf(domain) ?? hostNamed(domain) ?? hostByBackend(domain, inquiry)
  }
}

/** The answer of the backends, and the name that was asked for. */
type Asked = BackendsAnswer & { readonly asked: string }

const nameOf = (address: EmailAddress): string => formatEmailAddress(address).toLowerCase()

const because = (place: string, reason: NoLoginReason): { readonly none: string } => ({
  none: `${place} ${reasons[reason]}`,
})

const isSame = ({ host }: ClientConfig, { clientConfig }: Person): boolean =>
  host.key === clientConfig.host.key
