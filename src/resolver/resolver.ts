import type { Backends } from '../backends/backends.ts'
import { Inquiry } from '../backends/inquiry.ts'
import type { Config } from '../config/config.ts'
import { MappedDomains, type Match, type Refusal, type Rule } from '../domains/mapped-domains.ts'
import type { Pattern } from '../domains/pattern.ts'
import { HostNames } from '../hosts/host-names.ts'
import { IspdbMirror } from '../ispdb/mirror.ts'
import { SetupLinks } from '../links/setup-links.ts'
import type { Domain, EmailAddress } from '../model/address.ts'
import type { Lookup } from '../model/lookup.ts'
import type { ClientConfig, IspdbDocument } from '../model/settings.ts'
import { andThen } from './and-then.ts'
import { Logins } from './logins.ts'
import {
  type Candidate,
  type Found,
  isResolution,
  type NotFound,
  notFound,
  notFoundForNow,
  type Resolution,
} from './resolution.ts'

export interface ResolverOptions {
  /** Milliseconds since 1970; decides which scheduled moves are over. */
  readonly now?: () => number
  /** They outlive the resolver, which does not close them. */
  readonly backends?: Backends
  /** Called for each lookup. */
  readonly newInquiry?: () => Inquiry
}

/** Finds the client configuration of a domain by one configuration. Immutable: a reload creates another. */
export class Resolver {
  readonly config: Config
  /** Absent without `sources:`. */
  readonly backends: Backends | undefined
  /** Absent without `ispdb:`. */
  readonly ispdb: IspdbMirror | undefined
  /** Absent without `links:`. */
  readonly links: SetupLinks | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly #domains: MappedDomains
  readonly #hostsByName: ReadonlyMap<string, ClientConfig>
  readonly #hostNames: HostNames
  readonly #logins: Logins
  readonly #newInquiry: () => Inquiry

  constructor(
    config: Config,
    { now = Date.now, backends, newInquiry = () => new Inquiry() }: ResolverOptions = {},
  ) {
    this.config = config
    this.now = now
    this.links = config.links && new SetupLinks(config.links, now)
    this.backends = backends && backends.size > 0 ? backends : undefined
    this.#newInquiry = newInquiry
    this.ispdb = config.ispdb.length > 0 ? new IspdbMirror(config.ispdb) : undefined
    this.#domains = new MappedDomains(config.domains, now)
    // The first of two hosts with the same name wins, as in map files.
    this.#hostsByName = new Map(
      [...config.hosts.values()].reverse().map((clientConfig) => [clientConfig.host.hostname, clientConfig]),
    )
    this.#hostNames = new HostNames(config.hosts, [...config.hosts.keys()], config.nextHops)
    this.#logins = new Logins({
      accounts: config.accounts,
      backends: this.backends,
      hostNamed: (name) => this.#hostsByName.get(name),
      hostOf: (domain) => this.#namedMatch(domain)?.clientConfig,
      hostByBackend: (domain, inquiry) => this.#hostByBackend(domain, inquiry),
    })
  }

  /** How many domains and wildcards are mapped. */
  get size(): number {
    return this.#domains.size
  }

  /**
   * The client configuration for a lookup: that of the address's domain, if the domain is served; otherwise by the host name
   * that the request was sent to. A mail host's name answers for every domain, the provider's own domain answers for unknown
   * domains if `provider.defaultHost` is set, and a served domain answers for itself.
   *
   * Returns a promise, which never rejects, only where a backend must be asked.
   */
  resolve(
    lookup: Lookup,
    inquiry = this.#newInquiry(),
  ): Resolution | NotFound | Promise<Resolution | NotFound> {
    const { domain } = lookup
    const match = domain && this.#domains.match(domain)
    if (match) return this.#logins.disclose({ domain, ...mapped(match) }, lookup, inquiry)
    if (domain && this.#domains.refuses(domain)) return notFound
    if (!domain || !this.backends) return this.#byRequestHost(lookup, inquiry)
    return andThen(this.#byBackend(domain, inquiry), (found) =>
      found ? this.#logins.disclose(found, lookup, inquiry) : this.#byRequestHost(lookup, inquiry),
    )
  }

  /**
   * The same where documents of the ISPDB are served, too. Configured domains come first: those that an entry, a wildcard of a
   * domain, or a backend names. A document comes before the entry `*`, which is for domains that nothing else names.
   */
  resolveDocument(lookup: Lookup, serve: IspdbDocument['serve']): Found | Promise<Found> {
    const { ispdb } = this
    const inquiry = this.#newInquiry()
    if (!ispdb) return this.resolve(lookup, inquiry)
    const documentOf = (domain: Domain | undefined) => {
      const document = domain && ispdb.find(domain, serve)
      return document && { domain, document }
    }
    const host = lookup.requestHost()
    const own = documentOf(lookup.domain ?? host)
    const resolved = own
      ? andThen(this.#isNamed(own.domain, inquiry), (named) =>
          named ? this.resolve(lookup, inquiry) : absent(inquiry),
        )
      : this.resolve(lookup, inquiry)
    return andThen(resolved, (found) => {
      if (isResolution(found)) return found
      const document = own ?? documentOf(host)
      return document ? { ...document, certain: inquiry.isCertain } : found
    })
  }

  /** The client configuration of a mapped domain. */
  find(domain: Domain): ClientConfig | undefined {
    return this.#domains.match(domain)?.clientConfig
  }

  /** The most specific entry for a domain, with its file and line. */
  ruleFor(domain: Domain): { readonly rule: Rule; readonly pattern: Pattern } | undefined {
    const match = this.#domains.match(domain)
    return match && { rule: this.#domains.explain(match.pattern), pattern: match.pattern }
  }

  /** The entry of a map file that says that the domain takes no mail here. */
  refusalOf(domain: Domain): Refusal | undefined {
    return this.#domains.refusal(domain)
  }

  /** Is it the host name of a mail host, or the provider's own domain? */
  isOwnName(domain: Domain): boolean {
    return domain === this.config.providerId || this.#hostsByName.has(domain)
  }

  /** Does a backend know the domain, other than by its MX, which anybody can point here? */
  async isKnownToBackend(domain: Domain): Promise<boolean> {
    if (this.#domains.refuses(domain)) return false
    const answer = await this.backends?.findHost(domain)
    if (answer?.value === undefined || answer.backend?.kind === 'mx') return false
    return this.#hostNames.meantBy(answer.value) !== undefined
  }

  /** The client configuration that everybody may see: without login names. */
  publicConfig(domain: Domain, clientConfig: ClientConfig): ClientConfig {
    return this.#logins.publicConfig(domain, clientConfig)
  }

  /** Why no login name is known for an address of a domain, if a file or a backend says so: `virtual:5 has two mailboxes`. */
  explainLogin(
    address: EmailAddress,
    clientConfig: ClientConfig,
  ): string | undefined | Promise<string | undefined> {
    return this.#logins.explain(address, clientConfig)
  }

  *entries(): Generator<[pattern: Pattern, clientConfig: ClientConfig]> {
    for (const pattern of this.patterns()) yield [pattern, this.#domains.find(pattern) as ClientConfig]
  }

  patterns(): Iterable<Pattern> {
    return this.#domains.patterns()
  }

  /** Every client configuration: that of each host, and as domains override it. */
  clientConfigs(): Set<ClientConfig> {
    return new Set([...this.config.hosts.values(), ...this.#domains.clientConfigs()])
  }

  /** By the host name that the request was sent to. */
  #byRequestHost(lookup: Lookup, inquiry: Inquiry): Resolution | NotFound | Promise<Resolution | NotFound> {
    const host = lookup.requestHost()
    if (host === undefined) return absent(inquiry)
    const found = this.#atHost(host, lookup.domain ?? host)
    if (found) return this.#logins.disclose(found, lookup, inquiry)
    if (!this.backends || host === lookup.domain || host === this.config.providerId) return absent(inquiry)
    return andThen(this.#byBackend(host, inquiry), (later) =>
      later ? this.#logins.disclose(later, lookup, inquiry) : absent(inquiry),
    )
  }

  #atHost(host: Domain, domain: Domain): Candidate | undefined {
    const own = this.#hostsByName.get(host)
    if (own) return { domain, clientConfig: own, reason: { kind: 'hostName' } }
    const match = this.#domains.match(host)
    const { providerId, defaultHost } = this.config
    if (host === providerId && (domain !== host || !match)) {
      return defaultHost && { domain, clientConfig: defaultHost, reason: { kind: 'defaultHost' } }
    }
    return match && { domain: host, ...mapped(match) }
  }

  /**
   * By the answer of the backends. If none of them knows the domain, and not all could be asked, the default host answers, or
   * the only host: clients must not be refused because a backend is down.
   */
  #byBackend(domain: Domain, inquiry: Inquiry): Candidate | undefined | Promise<Candidate | undefined> {
    if (!domain.includes('.') || !this.backends || this.#domains.refuses(domain)) return undefined
    return andThen(this.backends.findHost(domain, inquiry), ({ value, backend, isMissing }) => {
      const known = value === undefined ? undefined : this.#hostNames.meantBy(value)
      if (known && backend) {
        return { domain, clientConfig: known, reason: { kind: 'backend', backend: backend.name } }
      }
      const fallback = isMissing ? this.#fallback() : undefined
      return fallback && { domain, clientConfig: fallback, reason: { kind: 'backendUnavailable' } }
    })
  }

  /** The host that a backend names for a domain; never a fallback. */
  #hostByBackend(
    domain: Domain,
    inquiry: Inquiry,
  ): ClientConfig | undefined | Promise<ClientConfig | undefined> {
    if (!this.backends) return undefined
    return andThen(this.backends.findHost(domain, inquiry), ({ value }) =>
      value === undefined ? undefined : this.#hostNames.meantBy(value),
    )
  }

  #fallback(): ClientConfig | undefined {
    const { defaultHost, hosts } = this.config
    if (defaultHost) return defaultHost
    return hosts.size === 1 ? [...hosts.values()][0] : undefined
  }

  /** Is the domain configured, other than by the entry `*`? */
  #isNamed(domain: Domain, inquiry: Inquiry): boolean | Promise<boolean> {
    if (this.isOwnName(domain) || this.#namedMatch(domain)) return true
    if (this.#domains.refuses(domain)) return false
    return andThen(this.#hostByBackend(domain, inquiry), (clientConfig) => clientConfig !== undefined)
  }

  #namedMatch(domain: Domain): Match | undefined {
    const match = this.#domains.match(domain)
    return match?.pattern === '.' ? undefined : match
  }
}

const absent = ({ isCertain }: Inquiry): NotFound => (isCertain ? notFound : notFoundForNow)

const mapped = ({ pattern, clientConfig }: Match): Pick<Candidate, 'clientConfig' | 'reason'> => ({
  clientConfig,
  reason: { kind: 'mapped', pattern },
})
