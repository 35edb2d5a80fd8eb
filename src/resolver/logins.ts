import { Accounts, type AccountsData, digestOf, isLogin } from '../accounts/accounts.ts'
import { Decoys } from '../accounts/decoys.ts'
import type { Backends } from '../backends/backends.ts'
import type { Domain, EmailAddress } from '../model/address.ts'
import type { Lookup } from '../model/lookup.ts'
import { fillPlaceholders, placeholders } from '../model/placeholders.ts'
import type { ClientConfig } from '../model/settings.ts'
import { andThen } from './and-then.ts'
import type { Reason, Resolution } from './resolution.ts'

export interface LoginsOptions {
  readonly accounts: AccountsData | undefined
  readonly backends: Backends | undefined
  /** The mail host with this host name. */
  readonly hostNamed: (name: string) => ClientConfig | undefined
  /** The client configuration of a configured domain. */
  readonly hostOf: (domain: Domain) => ClientConfig | undefined
}

/** The local part that Evolution sends instead of the real one. */
const evolutionUser = 'evolutionuser'

/** The person whose login name is asked for: by the address, or only by its MD5. */
interface Subject {
  readonly address?: EmailAddress
  readonly digest: string
}

/**
 * Decides who may learn which login name. Formats see only the result: the login name replaces `username`, or `hidesLogins`
 * is set because the login name must not be shown.
 */
export class Logins {
  readonly #options: LoginsOptions
  readonly #accounts: Accounts | undefined
  readonly #decoys: Decoys | undefined
  /** One object for each client configuration, since caches use it as their key. */
  readonly #hiding = new WeakMap<ClientConfig, ClientConfig>()

  constructor(options: LoginsOptions) {
    this.#options = options
    const { accounts, hostNamed } = options
    this.#accounts = accounts && new Accounts(accounts, (name) => hostNamed(name) !== undefined)
    this.#decoys = this.#accounts && accounts?.decoys && new Decoys(this.#accounts, accounts.decoys)
  }

  /** The resolution for a lookup, with the login name if the lookup may learn it. */
  disclose(
    domain: Domain,
    clientConfig: ClientConfig,
    reason: Reason,
    lookup: Lookup,
  ): Resolution | Promise<Resolution> {
    const { link } = lookup
    if (link?.login !== undefined) {
      const configured = withLogin(clientConfig, link.login, lookup.person().address)
      return { domain, clientConfig: configured, reason, confidential: true }
    }
    if (!this.#hasLogins(domain)) return { domain, clientConfig, reason, confidential: false }
    const mayLearn = link !== undefined || clientConfig.disclosure === 'public'
    const subject = mayLearn ? this.#subject(domain, lookup) : undefined
    if (!subject) return { domain, clientConfig: this.#hide(clientConfig), reason, confidential: false }
    const login = link
      ? this.#linkedLogin(clientConfig, subject)
      : this.#publicLogin(domain, clientConfig, subject)
    return andThen(login, (known) => {
      const unknown = link ? this.#hide(clientConfig) : clientConfig
      const configured = known === undefined ? unknown : withLogin(clientConfig, known, subject.address)
      return { domain, clientConfig: configured, reason, confidential: true }
    })
  }

  /** The client configuration that everybody may see. */
  publicConfig(domain: Domain, clientConfig: ClientConfig): ClientConfig {
    return this.#hasLogins(domain) ? this.#hide(clientConfig) : clientConfig
  }

  #linkedLogin(
    clientConfig: ClientConfig,
    { address }: Subject,
  ): string | undefined | Promise<string | undefined> {
    return this.#fileLogin(address, clientConfig) ?? this.#backendLogin(address)
  }

  /** Does the same work for known addresses, so that the time of an answer does not reveal which addresses exist. */
  #publicLogin(
    domain: Domain,
    clientConfig: ClientConfig,
    { address, digest }: Subject,
  ): string | undefined | Promise<string | undefined> {
    const byFile = this.#fileLogin(address, clientConfig)
    const decoy = this.#decoys?.login(domain, digest)
    return andThen(this.#backendLogin(address), (byBackend) => byFile ?? byBackend ?? decoy)
  }

  #hasLogins(domain: Domain): boolean {
    return this.#accounts?.hasDomain(domain) || this.#options.backends?.hasLogins || false
  }

  /** The login name from the backends. A value that nobody could type is ignored. */
  #backendLogin(address: EmailAddress | undefined): string | undefined | Promise<string | undefined> {
    const { backends } = this.#options
    if (!address || !backends) return undefined
    return andThen(backends.findLogin(address), ({ value }) =>
      value !== undefined && isLogin(value) ? value : undefined,
    )
  }

  /** The login name from the files. An address whose mailbox is on another host has no login name on this one. */
  #fileLogin(address: EmailAddress | undefined, { host }: ClientConfig): string | undefined {
    const found = address && this.#accounts?.find(address)
    if (!found) return undefined
    if ('login' in found) return found.login
    const { mailbox } = found
    const own = this.#options.hostNamed(mailbox.domain)
    if (own) return own.host.key === host.key ? mailbox.localPart : undefined
    const other = this.#options.hostOf(mailbox.domain)
    const username = other?.host.key === host.key ? other.servers[0]?.username : undefined
    return username === undefined ? undefined : fillPlaceholders(username, mailbox)
  }

  /** A digest helps only if all login names are in files: a backend cannot look up an address by its digest. */
  #subject(domain: Domain, lookup: Lookup): Subject | undefined {
    const { address } = lookup.person()
    if (address?.domain !== domain) return undefined
    if (address.localPart.toLowerCase() !== evolutionUser) return { address, digest: digestOf(address) }
    const digest = lookup.emailMd5()?.toLowerCase() ?? ''
    if (!/^[0-9a-f]{32}$/.test(digest) || this.#options.backends?.hasLogins) return undefined
    const known = this.#accounts?.byDigest(domain, digest)
    return { ...(known && { address: known }), digest }
  }

  #hide(clientConfig: ClientConfig): ClientConfig {
    let hiding = this.#hiding.get(clientConfig)
    if (!hiding) {
      hiding = { ...clientConfig, hidesLogins: true }
      this.#hiding.set(clientConfig, hiding)
    }
    return hiding
  }
}

/** A login name that equals a placeholder is written as the placeholder: GNOME Online Accounts accepts nothing else. */
function withLogin(
  clientConfig: ClientConfig,
  login: string,
  address: EmailAddress | undefined,
): ClientConfig {
  const placeholder = address && placeholders.find((word) => fillPlaceholders(word, address) === login)
  const username = placeholder ?? login
  return { ...clientConfig, servers: clientConfig.servers.map((server) => ({ ...server, username })) }
}
