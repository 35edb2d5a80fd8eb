import type { Config } from './config/config.ts'
import type { Domain, EmailAddress } from './domain/address.ts'
import type { AccountSettings, Lookup, Person, Provider } from './domain/settings.ts'
import { sourceKinds } from './sources/index.ts'
import type { Pattern, Rule, Source } from './sources/source.ts'

/** Why a lookup got its answer; for people. */
export interface Explanation {
  readonly settings: AccountSettings
  readonly reason:
    | { readonly rule: Rule; readonly pattern: Pattern }
    | { readonly ownNameOf: Provider }
    | { readonly defaultHost: Provider }
}

/** All sources of one configuration, in order of precedence. Never changes: a reload makes another. */
export class Directory {
  readonly config: Config
  readonly #sources: readonly Source[]
  readonly #hasWildcards: boolean
  readonly #hostsByName: ReadonlyMap<string, Provider>

  constructor(config: Config) {
    this.config = config
    this.#sources = sourceKinds.map((kind, index) => kind.open(config.sources[index]))
    this.#hasWildcards = this.#sources.some((source) => source.hasWildcards)
    // The first of two hosts with one name stands, as in the map files.
    this.#hostsByName = new Map(
      [...config.hosts.values()].reverse().map((provider) => [provider.host.hostname, provider]),
    )
  }

  /** The domains and patterns that are mapped. */
  get size(): number {
    return this.#sources.reduce((sum, source) => sum + source.size, 0)
  }

  /** Who serves a domain: the most specific entry that covers it. */
  find(domain: Domain): Provider | undefined {
    const exact = this.#ask(domain)
    if (exact !== undefined || !this.#hasWildcards) return exact
    for (const pattern of wildcardsFor(domain)) {
      const provider = this.#ask(pattern)
      if (provider !== undefined) return provider
    }
    return undefined
  }

  /**
   * The settings for a lookup. The domain of the address, if it is served; else by the host that was asked: a mail
   * host's own name speaks for every domain (a client that followed the MX asks there); the provider's own domain
   * speaks for domains nobody mapped only where the admin named a default host; a served domain speaks for itself.
   */
  settings(lookup: Lookup): AccountSettings | undefined {
    const { domain } = lookup
    const provider = domain && this.find(domain)
    if (provider) return new Settings(domain, provider, lookup)
    const other = this.#byHost(lookup)
    return other && new Settings(other.domain, other.provider, lookup)
  }

  explain(lookup: Lookup): Explanation | undefined {
    const settings = this.settings(lookup)
    if (!settings) return undefined
    const found = this.ruleFor(settings.domain)
    if (found) return { settings, reason: found }
    const { provider } = settings
    const isOwn = lookup.host === provider.host.hostname
    return { settings, reason: isOwn ? { ownNameOf: provider } : { defaultHost: provider } }
  }

  /** The entry that covers a domain, and where it stands. */
  ruleFor(domain: Domain): { rule: Rule; pattern: Pattern } | undefined {
    for (const pattern of [domain, ...wildcardsFor(domain)]) {
      for (const source of this.#sources) {
        const rule = source.explain(pattern)
        if (rule) return { rule, pattern }
      }
    }
    return undefined
  }

  /** Is it a name of ours: a mail host's, or the provider's own domain? */
  isOwnName(domain: Domain): boolean {
    return domain === this.config.providerId || this.#hostsByName.has(domain)
  }

  *patterns(): Generator<Pattern> {
    for (const source of this.#sources) yield* source.patterns()
  }

  /** Everyone who may serve: each host as it stands, and as domains override it. */
  providers(): Set<Provider> {
    return new Set([
      ...this.config.hosts.values(),
      ...this.#sources.flatMap((source) => [...source.providers()]),
    ])
  }

  #byHost({ domain, host }: Lookup): { domain: Domain; provider: Provider } | undefined {
    if (host === undefined) return undefined
    const asked = domain ?? host
    const own = this.#hostsByName.get(host)
    if (own) return { domain: asked, provider: own }
    const itself = this.find(host)
    const { providerId, defaultHost } = this.config
    if (host === providerId && (asked !== host || !itself)) {
      return defaultHost && { domain: asked, provider: defaultHost }
    }
    return itself && { domain: host, provider: itself }
  }

  #ask(pattern: Pattern): Provider | undefined {
    for (const source of this.#sources) {
      const provider = source.find(pattern)
      if (provider !== undefined) return provider
    }
    return undefined
  }
}

/** Settings that read what the request says of the person only when a format asks for it. */
class Settings implements AccountSettings {
  readonly domain: Domain
  readonly provider: Provider
  readonly #lookup: Lookup

  constructor(domain: Domain, provider: Provider, lookup: Lookup) {
    this.domain = domain
    this.provider = provider
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
}

/** `a.b.example.org` -> `.b.example.org`, `.example.org`, `.org`, `.`: from the most specific on. */
function* wildcardsFor(domain: Domain): Generator<Pattern> {
  for (let dot = domain.indexOf('.'); dot !== -1; dot = domain.indexOf('.', dot + 1)) yield domain.slice(dot)
  if (domain.includes('.')) yield '.'
}
