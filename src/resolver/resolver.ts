import { Accounts, digestOf, isLogin } from '../accounts/accounts.ts'
import { Decoys } from '../accounts/decoys.ts'
import type { Backends } from '../backends/backends.ts'
import type { Config } from '../config/config.ts'
import { MappedDomains, type Rule } from '../domains/mapped-domains.ts'
import { type Pattern, wildcardsFor } from '../domains/pattern.ts'
import { HostNames } from '../hosts/host-names.ts'
import { IspdbMirror } from '../ispdb/mirror.ts'
import { SetupLinks } from '../links/setup-links.ts'
import type { Domain, EmailAddress } from '../model/address.ts'
import { fillPlaceholders, placeholders } from '../model/placeholders.ts'
import type { AccountSettings, ClientConfig, IspdbDocument, Lookup, Person } from '../model/settings.ts'

/** Why a lookup got its answer; for people. */
export interface Explanation {
  readonly settings: AccountSettings
  readonly reason:
    | { readonly rule: Rule; readonly pattern: Pattern }
    | { readonly ownNameOf: ClientConfig }
    | { readonly defaultHost: ClientConfig }
    | { readonly source: string }
}

/** What a client of autoconfig is answered with: settings that are to be spelled, or a document that is there already. */
export type Found = AccountSettings | IspdbDocument

export const isDocument = (found: Found): found is IspdbDocument => 'body' in found

export interface ResolverOptions {
  /** In milliseconds since 1970: domains may move at a time that is named in advance. */
  readonly now?: () => number
  /** What is asked over the network. Lives longer than the directory, which does not close it. */
  readonly backends?: Backends
}

/** A name that Evolution puts in place of the local part where it does not say it. */
const evolutionUser = 'evolutionuser'

/** All sources of one configuration, in order of precedence. Never changes: a reload makes another. */
export class Resolver {
  readonly config: Config
  readonly backends: Backends | undefined
  /** The documents of the ISPDB that are served, where the configuration names folders of them. */
  readonly ispdb: IspdbMirror | undefined
  /** Personal set-up links, where the configuration has keys for them. */
  readonly links: SetupLinks | undefined
  /** In milliseconds since 1970. */
  readonly now: () => number
  readonly #domains: MappedDomains
  readonly #hasWildcards: boolean
  readonly #hostsByName: ReadonlyMap<string, ClientConfig>
  readonly #names: HostNames
  readonly #accounts: Accounts | undefined
  readonly #decoys: Decoys | undefined
  readonly #withOwnLogins = new WeakMap<ClientConfig, ClientConfig>()

  constructor(config: Config, { now = Date.now, backends }: ResolverOptions = {}) {
    this.config = config
    this.now = now
    this.links = config.links && new SetupLinks(config.links, now)
    this.backends = backends && backends.size > 0 ? backends : undefined
    this.ispdb = config.ispdb.length > 0 ? new IspdbMirror(config.ispdb) : undefined
    this.#domains = new MappedDomains(config.domains, now)
    this.#hasWildcards = this.#domains.hasWildcards
    // The first of two hosts with one name stands, as in the map files.
    this.#hostsByName = new Map(
      [...config.hosts.values()].reverse().map((clientConfig) => [clientConfig.host.hostname, clientConfig]),
    )
    this.#names = new HostNames(config.hosts, [...config.hosts.keys()])
    const { accounts } = config
    this.#accounts = accounts && new Accounts(accounts, (name) => this.#hostsByName.has(name))
    this.#decoys = this.#accounts && accounts?.decoys && new Decoys(this.#accounts, accounts.decoys)
  }

  /** Can everybody be asked who might know a domain? */
  get isCertain(): boolean {
    return this.backends === undefined || this.backends.states.every(({ available }) => available)
  }

  /** The domains and patterns that are mapped. */
  get size(): number {
    return this.#domains.size
  }

  /** Who serves a domain: the most specific entry that covers it. */
  find(domain: Domain): ClientConfig | undefined {
    const exact = this.#ask(domain)
    if (exact !== undefined || !this.#hasWildcards) return exact
    for (const pattern of wildcardsFor(domain)) {
      const clientConfig = this.#ask(pattern)
      if (clientConfig !== undefined) return clientConfig
    }
    return undefined
  }

  /**
   * The settings for a lookup. The domain of the address, if it is served; else by the host that was asked: a mail
   * host's own name speaks for every domain (a client that followed the MX asks there); the provider's own domain
   * speaks for domains nobody mapped only where the admin named a default host; a served domain speaks for itself.
   *
   * At once where what is in memory says it; a promise, which never rejects, where somebody has to be asked.
   */
  settings(lookup: Lookup): AccountSettings | undefined | Promise<AccountSettings | undefined> {
    const { domain } = lookup
    const clientConfig = domain && this.find(domain)
    if (clientConfig) return this.#tell(domain, clientConfig, lookup)
    if (!this.backends) {
      const other = this.#byHost(lookup)
      return other && this.#tell(other.domain, other.clientConfig, lookup)
    }
    return then(domain && this.#findRemote(domain), (found) =>
      found && domain ? this.#tell(domain, found, lookup) : this.#byRemoteHost(lookup),
    )
  }

  /**
   * The same where documents of the ISPDB answer, too. What is ours comes before them: a domain that an entry or a source
   * names, itself or as one below another. They come before an entry for all domains, which is for those that nothing names.
   */
  settingsOrDocument(
    lookup: Lookup,
    serve: IspdbDocument['serve'],
  ): Found | undefined | Promise<Found | undefined> {
    const { ispdb } = this
    if (!ispdb) return this.settings(lookup)
    const { host, domain = host } = lookup
    const document = domain && ispdb.find(domain, serve)
    const settings = document
      ? then(this.#isOurs(domain), (ours) => ours && this.settings(lookup))
      : this.settings(lookup)
    return then(settings, (found) => found || (document ?? (host && ispdb.find(host, serve))))
  }

  async explain(lookup: Lookup): Promise<Explanation | undefined> {
    const settings = await this.settings(lookup)
    if (!settings) return undefined
    const found = this.ruleFor(settings.domain)
    if (found) return { settings, reason: found }
    const { clientConfig } = settings
    const source = (await this.backends?.host(settings.domain))?.source
    if (source !== undefined) return { settings, reason: { source } }
    const isOwn = lookup.host === clientConfig.host.hostname
    return { settings, reason: isOwn ? { ownNameOf: clientConfig } : { defaultHost: clientConfig } }
  }

  /** The entry that covers a domain, and where it stands. */
  ruleFor(domain: Domain): { rule: Rule; pattern: Pattern } | undefined {
    for (const pattern of [domain, ...wildcardsFor(domain)]) {
      const rule = this.#domains.explain(pattern)
      if (rule) return { rule, pattern }
    }
    return undefined
  }

  /** Is it a name of ours: a mail host's, or the provider's own domain? */
  isOwnName(domain: Domain): boolean {
    return domain === this.config.providerId || this.#hostsByName.has(domain)
  }

  /** Does a source name the domain, other than by its MX, which anybody can set? */
  async isNamedBySource(domain: Domain): Promise<boolean> {
    const answer = await this.backends?.host(domain)
    if (answer?.text === undefined || answer.kind === 'mx') return false
    return this.#names.meantBy(answer.text) !== undefined
  }

  /** What a provider tells everybody of a domain alike: no login that is a person's own. */
  toldToAll(domain: Domain, clientConfig: ClientConfig): ClientConfig {
    return this.#hasLogins(domain) ? this.#ownLogins(clientConfig) : clientConfig
  }

  /** Each pattern, and who serves it. */
  *entries(): Generator<[pattern: Pattern, clientConfig: ClientConfig]> {
    for (const pattern of this.patterns()) yield [pattern, this.#ask(pattern) as ClientConfig]
  }

  *patterns(): Generator<Pattern> {
    yield* this.#domains.patterns()
  }

  /** Everyone who may serve: each host as it stands, and as domains override it. */
  clientConfigs(): Set<ClientConfig> {
    return new Set([...this.config.hosts.values(), ...this.#domains.clientConfigs()])
  }

  #byHost({ domain, host }: Lookup): { domain: Domain; clientConfig: ClientConfig } | undefined {
    if (host === undefined) return undefined
    const asked = domain ?? host
    const own = this.#hostsByName.get(host)
    if (own) return { domain: asked, clientConfig: own }
    const itself = this.find(host)
    const { providerId, defaultHost } = this.config
    if (host === providerId && (asked !== host || !itself)) {
      return defaultHost && { domain: asked, clientConfig: defaultHost }
    }
    return itself && { domain: host, clientConfig: itself }
  }

  /** The same, where the host that was asked may be a domain that only a source knows. */
  #byRemoteHost(lookup: Lookup): AccountSettings | undefined | Promise<AccountSettings | undefined> {
    const other = this.#byHost(lookup)
    if (other) return this.#tell(other.domain, other.clientConfig, lookup)
    const { host } = lookup
    if (host === undefined || host === lookup.domain || host === this.config.providerId) return undefined
    return then(this.#findRemote(host), (found) => found && this.#tell(host, found, lookup))
  }

  /**
   * Who serves a domain by the sources. If none of them knows it and not all could be asked, it is served by the host that
   * the admin named for such cases, or the only one there is: a source that is down is no reason to turn anybody away.
   */
  #findRemote(domain: Domain): ClientConfig | undefined | Promise<ClientConfig | undefined> {
    if (!domain.includes('.')) return undefined
    return then(this.backends?.host(domain), (answer) => {
      if (answer?.text !== undefined) return this.#names.meantBy(answer.text)
      return answer?.uncertain ? this.#generic() : undefined
    })
  }

  #isOurs(domain: Domain): boolean | Promise<boolean> {
    if (this.isOwnName(domain) || this.#findNamed(domain)) return true
    return then(
      this.backends?.host(domain),
      (answer) => answer?.text !== undefined && this.#names.meantBy(answer.text) !== undefined,
    )
  }

  #generic(): ClientConfig | undefined {
    const { defaultHost, hosts } = this.config
    if (defaultHost) return defaultHost
    return hosts.size === 1 ? [...hosts.values()][0] : undefined
  }

  /** The settings of a domain, with the login of the person where that may be told. */
  #tell(
    domain: Domain,
    clientConfig: ClientConfig,
    lookup: Lookup,
  ): AccountSettings | Promise<AccountSettings> {
    const { login, viaLink, address } = lookup
    if (login !== undefined)
      return new Settings(domain, withLogin(clientConfig, login, address), lookup, true)
    if (!this.#hasLogins(domain)) return new Settings(domain, clientConfig, lookup)
    const asked = viaLink || clientConfig.disclosure === 'public' ? this.#whoIs(domain, lookup) : undefined
    if (!asked) return new Settings(domain, this.#ownLogins(clientConfig), lookup)
    const byFile = asked.address && this.#fileLogin(asked.address, clientConfig)
    if (viaLink) {
      return then(byFile ?? this.#remoteLogin(asked.address), (known) => {
        const told =
          known === undefined ? this.#ownLogins(clientConfig) : withLogin(clientConfig, known, address)
        return new Settings(domain, told, lookup, true)
      })
    }
    // All of it is worked out for known addresses too, so that they take as long as others.
    const decoy = this.#decoys?.login(domain, asked.digest)
    return then(this.#remoteLogin(asked.address), (backends) => {
      const told = byFile ?? backends ?? decoy
      return new Settings(
        domain,
        told === undefined ? clientConfig : withLogin(clientConfig, told, asked.address),
        lookup,
        true,
      )
    })
  }

  #hasLogins(domain: Domain): boolean {
    return this.#accounts?.hasDomain(domain) || this.backends?.tellsLogins || false
  }

  /** What a source says that an address logs in with; nothing that could not be typed in. */
  #remoteLogin(address: EmailAddress | undefined): string | undefined | Promise<string | undefined> {
    if (!address) return undefined
    return then(this.backends?.login(address), (answer) =>
      answer?.text !== undefined && isLogin(answer.text) ? answer.text : undefined,
    )
  }

  /** What the files say; of a mailbox on another host there is no login here. */
  #fileLogin(address: EmailAddress, { host }: ClientConfig): string | undefined {
    const found = this.#accounts?.find(address)
    if (!found) return undefined
    if ('login' in found) return found.login
    const { mailbox } = found
    const own = this.#hostsByName.get(mailbox.domain)
    if (own) return own.host.key === host.key ? mailbox.localPart : undefined
    const named = this.#findNamed(mailbox.domain)
    const username = named?.host.key === host.key ? named.servers[0]?.username : undefined
    return username === undefined ? undefined : fillPlaceholders(username, mailbox)
  }

  /**
   * The address of the domain that was asked about, or the digest that it is known by. Digests are of no use where a source
   * tells logins: it cannot be asked by them.
   */
  #whoIs(
    domain: Domain,
    { address, emailMd5 }: Lookup,
  ): { address?: EmailAddress; digest: string } | undefined {
    if (address?.domain !== domain) return undefined
    if (address.localPart.toLowerCase() !== evolutionUser) return { address, digest: digestOf(address) }
    const digest = emailMd5?.toLowerCase() ?? ''
    if (!/^[0-9a-f]{32}$/.test(digest) || this.backends?.tellsLogins) return undefined
    const known = this.#accounts?.byDigest(domain, digest)
    return { ...(known && { address: known }), digest }
  }

  /** The provider of a domain whose logins are not told: what `username` says is not what people log in with. */
  #ownLogins(clientConfig: ClientConfig): ClientConfig {
    let own = this.#withOwnLogins.get(clientConfig)
    if (!own) {
      own = { ...clientConfig, ownLogins: true }
      this.#withOwnLogins.set(clientConfig, own)
    }
    return own
  }

  /** Who serves a domain that is named, itself or as one below another; not one that only the catch-all covers. */
  #findNamed(domain: Domain): ClientConfig | undefined {
    for (const pattern of [domain, ...wildcardsFor(domain)]) {
      const clientConfig = pattern === '.' ? undefined : this.#ask(pattern)
      if (clientConfig) return clientConfig
    }
    return undefined
  }

  #ask(pattern: Pattern): ClientConfig | undefined {
    return this.#domains.find(pattern)
  }
}

/** Settings that read what the request says of the person only when a format asks for it. */
class Settings implements AccountSettings {
  readonly domain: Domain
  readonly clientConfig: ClientConfig
  readonly personal: boolean
  readonly #lookup: Lookup

  constructor(domain: Domain, clientConfig: ClientConfig, lookup: Lookup, personal = false) {
    this.domain = domain
    this.clientConfig = clientConfig
    this.personal = personal
    this.#lookup = lookup
  }

  get address(): EmailAddress | undefined {
    const { address } = this.#lookup
    return address?.domain === this.domain ? address : undefined
  }

  get realName(): string | undefined {
    return this.#lookup.realName
  }

  get incoming(): Person['incoming'] {
    return this.#lookup.incoming
  }

  get languages(): Person['languages'] {
    return this.#lookup.languages
  }

  get setupUrl(): string | undefined {
    return this.#lookup.setupUrl
  }
}

/** A login that a placeholder says is told by it: GNOME Online Accounts takes nothing else. */
function withLogin(
  clientConfig: ClientConfig,
  login: string,
  address: EmailAddress | undefined,
): ClientConfig {
  const placeholder = address && placeholders.find((word) => fillPlaceholders(word, address) === login)
  const username = placeholder ?? login
  return { ...clientConfig, servers: clientConfig.servers.map((server) => ({ ...server, username })) }
}

/** Goes on at once with what is there, and later with what is to come. */
function then<T, U>(value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
