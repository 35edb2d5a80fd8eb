import { Accounts, type AccountsData, digestOf } from '../accounts/accounts.ts'
import { Decoys } from '../accounts/decoys.ts'
import { followsAddress } from '../accounts/login-rule.ts'
import { Inquiry } from '../backends/inquiry.ts'
import type { Domain, EmailAddress } from '../model/address.ts'
import type { Lookup } from '../model/lookup.ts'
import { fillPlaceholders, placeholders } from '../model/placeholders.ts'
import type { ClientConfig, ServerTemplate } from '../model/settings.ts'
import { andThen } from './and-then.ts'
import { LoginFinder, type LoginSources } from './login-finder.ts'
import type { Candidate, Resolution } from './resolution.ts'

export interface LoginsOptions extends LoginSources {
  readonly accounts: AccountsData | undefined
}

/** The local part that Evolution sends instead of the real one. */
const evolutionUser = 'evolutionuser'

/** The person whose login name is asked for: by the address, or only by its MD5, which may be that of an unknown address. */
interface Subject {
  readonly address?: EmailAddress
  readonly digest: string
  /** Did the request contain only the digest? */
  readonly onlyDigest: boolean
}

/**
 * Decides who may learn which login name. Formats see only the result: the login name replaces `username`, or `hidesLogins`
 * is set because the login name must not be shown.
 */
export class Logins {
  readonly #options: LoginsOptions
  readonly #accounts: Accounts | undefined
  readonly #decoys: Decoys | undefined
  readonly #finder: LoginFinder
  /** One object for each client configuration, since caches use it as their key. */
  readonly #hiding = new WeakMap<ClientConfig, ClientConfig>()

  constructor(options: LoginsOptions) {
    this.#options = options
    const { accounts } = options
    this.#accounts = accounts && new Accounts(accounts)
    this.#decoys = accounts?.decoys && new Decoys(accounts.decoys)
    this.#finder = new LoginFinder(this.#accounts, options)
  }

  /** The resolution for a lookup, with the login name if the lookup may learn it. */
  disclose(candidate: Candidate, lookup: Lookup, inquiry: Inquiry): Resolution | Promise<Resolution> {
    const { link } = lookup
    if (link?.login === undefined) return this.#discloseKnown(candidate, lookup, inquiry)
    const { domain, clientConfig } = candidate
    const { address } = lookup.person()
    return andThen(this.#finder.inLink(link.login, { domain, clientConfig, address, inquiry }), (found) =>
      'login' in found
        ? withLogin(candidate, found.login, address, inquiry)
        : this.#discloseKnown(candidate, lookup, inquiry),
    )
  }

  /** The client configuration that everybody may see. */
  publicConfig(domain: Domain, clientConfig: ClientConfig): ClientConfig {
    return this.#hasLogins(domain) ? this.#hide(clientConfig) : clientConfig
  }

  /** Why no login name is known for an address, if a file or a backend says so. */
  explain(
    address: EmailAddress,
    clientConfig: ClientConfig,
  ): string | undefined | Promise<string | undefined> {
    return andThen(
      this.#finder.find({ domain: address.domain, clientConfig, address, inquiry: new Inquiry() }),
      (found) => ('login' in found ? undefined : found.none),
    )
  }

  /** By the files and the backends. */
  #discloseKnown(candidate: Candidate, lookup: Lookup, inquiry: Inquiry): Resolution | Promise<Resolution> {
    const { domain, clientConfig, reason } = candidate
    const { link } = lookup
    const resolution = (shown: ClientConfig, confidential: boolean): Resolution => {
      return { domain, clientConfig: shown, reason, confidential, certain: inquiry.isCertain }
    }
    if (!this.#hasLogins(domain)) return resolution(clientConfig, false)
    const mayLearn = link !== undefined || clientConfig.disclosure === 'public'
    const subject = mayLearn ? this.#subject(domain, lookup) : undefined
    if (!subject) return resolution(this.#hide(clientConfig), false)
    const { address } = subject
    // Made for known addresses, too, so that the time of an answer does not reveal which addresses exist.
    const decoy = link ? undefined : this.#decoy(candidate, subject)
    return andThen(this.#finder.find({ domain, clientConfig, address, inquiry }), (found) => {
      // Neither the address nor a decoy is presented as the login name of a person whose real one may be known.
      const isHidden = !inquiry.isCertain && (decoy !== undefined || !('login' in found))
      const login = 'login' in found ? found.login : decoy
      if (login === undefined || isHidden || this.#revealsAddress(login, subject)) {
        return resolution(isHidden || link ? this.#hide(clientConfig) : clientConfig, true)
      }
      return withLogin(candidate, login, address, inquiry)
    })
  }

  #decoy({ domain, clientConfig }: Candidate, { address, digest, onlyDigest }: Subject): string | undefined {
    const { username } = clientConfig.servers[0] as ServerTemplate
    return this.#decoys?.login(domain, { digest, username, ...(address && !onlyDigest && { address }) })
  }

  /** No decoy can follow from an address of which only the digest is known, so such a login name would show that the address exists. */
  #revealsAddress(login: string, { address, onlyDigest }: Subject): boolean {
    return this.#decoys !== undefined && onlyDigest && !!address && followsAddress(login, address.localPart)
  }

  #hasLogins(domain: Domain): boolean {
    return this.#accounts?.hasDomain(domain) || this.#options.backends?.hasLogins || false
  }

  /** A digest helps only if all login names are in files: a backend cannot look up an address by its digest. */
  #subject(domain: Domain, lookup: Lookup): Subject | undefined {
    const { address } = lookup.person()
    if (address?.domain !== domain) return undefined
    if (address.localPart.toLowerCase() !== evolutionUser)
      return { address, digest: digestOf(address), onlyDigest: false }
    const digest = lookup.emailMd5()?.toLowerCase() ?? ''
    if (!/^[0-9a-f]{32}$/.test(digest) || this.#options.backends?.hasLogins) return undefined
    const known = this.#accounts?.byDigest(domain, digest)
    return { ...(known && { address: known }), digest, onlyDigest: true }
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
  { domain, clientConfig, reason }: Candidate,
  login: string,
  address: EmailAddress | undefined,
  { isCertain }: Inquiry,
): Resolution {
  const placeholder = address && placeholders.find((word) => fillPlaceholders(word, address) === login)
  const username = placeholder ?? login
  const servers = clientConfig.servers.map((server) => ({ ...server, username }))
  return {
    domain,
    clientConfig: { ...clientConfig, servers },
    reason,
    confidential: true,
    certain: isCertain,
  }
}
