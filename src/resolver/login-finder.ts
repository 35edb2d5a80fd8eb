import {
  type Account,
  type Accounts,
  type End,
  endOfList,
  type NoLoginReason,
  parseTargets,
  reasons,
  type Target,
  withoutExtension,
} from '../accounts/accounts.ts'
import type { Backends, BackendsAnswer } from '../backends/backends.ts'
import type { Domain, EmailAddress } from '../model/address.ts'
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
  readonly hostByBackend: (domain: Domain) => ClientConfig | undefined | Promise<ClientConfig | undefined>
}

/** Whose login name is looked for, and on which host it must be. */
export interface Person {
  readonly domain: Domain
  readonly clientConfig: ClientConfig
  /** Without it, only a catch-all of the domain has a login name. */
  readonly address: EmailAddress | undefined
}

/** A login name, or why there is none, if a file or a backend says so. */
export type FoundLogin = { readonly login: string } | { readonly none?: string }

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
        if ('login' in byFile) return 'mailbox' in byFile && 'login' in byBackend ? byBackend : byFile
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

  #byFile(
    account: Account,
    person: Person,
  ): (FoundLogin & { mailbox?: EmailAddress }) | Promise<FoundLogin & { mailbox?: EmailAddress }> {
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

  /** The address itself, then without `+extension`: databases contain the mailbox only. */
  #byBackend(address: EmailAddress | undefined, person: Person): FoundLogin | Promise<FoundLogin> {
    const { backends } = this.#sources
    if (!address || !backends) return {}
    const bare = { ...address, localPart: withoutExtension(address.localPart) }
    const answer = andThen(backends.findLogin(address), (first): BackendsAnswer | Promise<BackendsAnswer> =>
      first.value === undefined && bare.localPart !== address.localPart ? backends.findLogin(bare) : first,
    )
    return andThen(answer, ({ value, backend }) =>
      value === undefined
        ? {}
        : this.#ofTargets(parseTargets(value), person, `the answer of the source ${backend?.name}`),
    )
  }

  #ofTargets(targets: readonly Target[], person: Person, place: string): FoundLogin | Promise<FoundLogin> {
    const domains = new Set(targets.flatMap((target) => ('domain' in target ? [target.domain] : [])))
    if (domains.size > mostDomains) return because(place, 'several')
    return andThen(this.#configsOf([...domains], person), (configs) => {
      const end = endOfList(
        targets.map((target) => this.#endOf(target, configs, person)),
        (domain) => configs.get(domain) !== undefined,
      )
      if ('none' in end) return because(place, end.none)
      return 'login' in end ? { login: end.login } : because(place, 'elsewhere')
    })
  }

  #endOf(target: Target, configs: ReadonlyMap<Domain, ClientConfig | undefined>, person: Person): End {
    if (!('domain' in target)) return target
    const { localPart, domain, text } = target
    if (localPart === '') return { none: 'unreadable' }
    const config = configs.get(domain)
    if (!config) return { mailbox: { localPart, domain } }
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
    { domain: asked, clientConfig }: Person,
  ): ClientConfig | undefined | Promise<ClientConfig | undefined> {
    if (domain === asked) return clientConfig
    const { hostOf, hostNamed, hostByBackend } = this.#sources
    return hostOf(domain) ?? hostNamed(domain) ?? hostByBackend(domain)
  }
}

const because = (place: string, reason: NoLoginReason): { readonly none: string } => ({
  none: `${place} ${reasons[reason]}`,
})

const isSame = ({ host }: ClientConfig, { clientConfig }: Person): boolean =>
  host.key === clientConfig.host.key
