import { pacc } from '../formats/pacc.ts'
import type { Domain } from '../model/address.ts'
import { domainOfServiceName, serviceNames } from '../model/service-names.ts'
import { accountSettings, type ClientConfig } from '../model/settings.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { whyNeverIssued, whyNotFirst } from './never-issued.ts'

/** A certificate that the proxy in front of this service needs. */
export interface Certificate {
  /** The name of its directory at the ACME client. It stays the same when one of the names comes or goes. */
  readonly name: string
  /** Never empty, and far below the hundred names that Let's Encrypt accepts. */
  readonly names: readonly Domain[]
}

/** Called for each entry or name that has no certificate. The reason is the same text for all of a kind. */
export type OnOmitted = (what: string, reason: string) => void

const { autoconfig, autodiscover } = serviceNames

/**
 * The certificates that a configuration needs: the one with the public name, one for each name that clients find by the MX, and one for
 * each domain with the names that clients ask over HTTPS. Domains do not share a certificate: one name without a record would fail the
 * order of all, and the certificate would show who the customers are. A generator, since there may be a million domains.
 */
export function* certificatesOf(resolver: Resolver, onOmitted: OnOmitted): Generator<Certificate> {
  const { publicName, providerId, hosts } = resolver.config
  const isMapped = (domain: Domain): boolean => resolver.ruleFor(domain)?.pattern === domain
  const servicesOf = services(resolver)

  const base = publicName && domainOfServiceName(publicName)
  const home = base !== undefined && isMapped(base) ? base : undefined
  if (home !== undefined) yield* ofDomain(home, servicesOf(home, resolver.find(home) as ClientConfig))
  else if (publicName !== undefined) yield* checked(publicName, publicName, [publicName])

  // Clients that follow the MX ask `autoconfig.` of the mail host and of its domain, and nothing else.
  const own = new Set([providerId, ...[...hosts.values()].map(({ host }) => host.hostname)])
  for (const domain of own) {
    const name = `${autoconfig}.${domain}`
    if (name !== publicName && !isMapped(domain)) yield* ofDomain(domain, [autoconfig])
  }

  for (const [pattern, clientConfig] of resolver.entries()) {
    if (pattern === '.') onOmitted('*', anyDomain)
    else if (pattern.startsWith('.')) onOmitted(`*${pattern}`, anySubdomain)
    else if (pattern !== home) {
      const domain = pattern as Domain
      yield* ofDomain(domain, servicesOf(domain, clientConfig))
    }
  }

  function* ofDomain(domain: Domain, names: readonly string[]): Generator<Certificate> {
    const reason = whyNeverIssued(domain)
    if (reason !== undefined) return onOmitted(domain, reason)
    const all = names.map((name) => `${name}.${domain}` as Domain)
    for (const name of all)
      if (name.length > longestName) onOmitted(name, 'a name has at most 253 characters')
    const possible = all.filter(({ length }) => length <= longestName)
    yield* checked(domain, `${names[0]}.${domain}`, possible)
  }

  function* checked(domain: Domain, name: string, names: readonly Domain[]): Generator<Certificate> {
    const [first] = names
    const reason = first && (whyNeverIssued(domain) ?? whyNotFirst(first))
    if (reason !== undefined) onOmitted(first as Domain, reason)
    else if (first !== undefined) yield { name, names }
  }
}

/** RFC 1035, section 2.3.4. */
const longestName = 253

const anyDomain =
  'no list of names can cover every domain; let Caddy get certificates on demand, or list the domains'

const anySubdomain =
  'the names of its subdomains are not known, and no wildcard covers autoconfig. of all of them; list the subdomains, or let Caddy get certificates on demand'

/** The names that clients ask over HTTPS for a domain, by its client configuration: PACC cannot express all of them. */
function services(resolver: Resolver): (domain: Domain, clientConfig: ClientConfig) => readonly string[] {
  const known = new WeakMap<ClientConfig, readonly string[]>()
  return (domain, given) => {
    const clientConfig = resolver.publicConfig(domain, given)
    let names = known.get(clientConfig)
    if (names === undefined) {
      const hasPacc = pacc.render(accountSettings(domain, clientConfig)).ok
      names = [autoconfig, autodiscover, ...(hasPacc ? [serviceNames.pacc] : [])]
      known.set(clientConfig, names)
    }
    return names
  }
}
