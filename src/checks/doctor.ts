import { dnsRecords } from '../dns/records.ts'
import { stagesOf } from '../dns/stages.ts'
import type { Domain } from '../model/address.ts'
import { lookupOf } from '../model/lookup.ts'
import { serversFor, writtenServers } from '../model/safe-shape.ts'
import type { ClientConfig, ServerSettings } from '../model/settings.ts'
import { isResolution } from '../resolver/resolution.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { checkCaa } from './caa-check.ts'
import { type Check, checkOf, type Report } from './check.ts'
import { checkRecords } from './dns-check.ts'
import { checkDnssec } from './dnssec-check.ts'
import { type Credentials, checkLogins } from './login-check.ts'
import { checkMx } from './mx-check.ts'
import { checkNames } from './names-check.ts'
import type { Network } from './network.ts'
import { remembered } from './remembered.ts'
import { type CaaCheck, checkServer } from './server-check.ts'
import { checkMtaSts } from './sts-check.ts'

/** Checks domains, one after the other or many at once. Everything that several domains share is asked once. */
export class Doctor {
  readonly #resolver: Resolver
  readonly #network: Network
  readonly #caa: CaaCheck
  readonly #omitted: ReadonlySet<string>
  readonly #serverChecks: (server: ServerSettings, clientConfig: ClientConfig) => Promise<readonly Check[]>

  /** `omitted` has the keys of servers that are not asked, as `hostServers` returns them. */
  constructor(resolver: Resolver, network: Network, omitted: ReadonlySet<string> = new Set()) {
    this.#resolver = resolver
    this.#omitted = omitted
    this.#network = {
      ...network,
      names: remembered(network.names),
      ask: remembered(network.ask, JSON.stringify),
    }
    this.#caa = remembered((host, issuer) => checkCaa(host, issuer, this.#network))
    this.#serverChecks = remembered(
      (server, { host }) => checkServer(server, host.limits.messageSize, this.#network, this.#caa),
      keyOf,
    )
  }

  /** Reports the checks of a domain as they come. Checks that several domains share are the same objects. */
  async check(domain: Domain, tell: Report, credentials?: Credentials): Promise<void> {
    const told = new Set<Check>()
    const report = (check: Check) => {
      if (!told.has(check)) tell(check)
      told.add(check)
    }
    const [now, ...next] = await stagesOf(domain, this.#resolver)
    const served = checkOf('domain-not-served', domain, 'a host that serves the domain')
    if (!now) return report(served.problem('none', `"mail-autoconfig explain ${domain}" shows why`))
    const { settings } = now
    report(served.ok(settings.clientConfig.host.key))
    const { clientConfig } = settings
    const servers = serversFor(settings)
    const hosts = [...new Set([clientConfig.host.hostname, ...servers.map(({ hostname }) => hostname)])]
    const records = dnsRecords(settings, { next }).flatMap((section) => section.records)
    await Promise.all([
      ...servers
        .filter((server) => !this.#omitted.has(keyOf(server, clientConfig)))
        .map(async (server) => (await this.#serverChecks(server, clientConfig)).forEach(report)),
      ...[
        ...checkRecords(domain, records, this.#network),
        checkMx(domain, hosts, this.#network),
        checkDnssec(domain, this.#network),
      ].map(async (check) => report(await check)),
      checkMtaSts(domain, this.#network, report),
      credentials && this.#checkLogins(domain, credentials, report),
      checkNames(domain, this.#resolver, this.#network, this.#caa, report),
    ])
  }

  /** Reports the checks of the servers of a mail host that every domain has, one server after the other. */
  async checkHost(clientConfig: ClientConfig, report: Report): Promise<void> {
    for (const { server } of hostServers(clientConfig))
      (await this.#serverChecks(server, clientConfig)).forEach(report)
  }

  /** With the login name that a personal link shows. */
  async #checkLogins(domain: Domain, credentials: Credentials, report: Report): Promise<void> {
    const { address } = credentials
    const found = await this.#resolver.resolve(lookupOf({ domain, address, requestHost: domain, link: {} }))
    const servers = [found].filter(isResolution).flatMap(serversFor)
    await checkLogins(servers, credentials, this.#network, report)
  }
}

/** All that matters for the checks of a server. */
const keyOf = (
  { type, hostname, port, socketType, authentication }: ServerSettings,
  { host }: ClientConfig,
): string => JSON.stringify([type, hostname, port, socketType, authentication, host.limits.messageSize])

/** The servers of a mail host whose names are the same for every domain, and the key of each. */
export const hostServers = (clientConfig: ClientConfig) =>
  writtenServers(clientConfig)
    .filter(({ hostname }) => !hostname.includes('%'))
    .map((template) => {
      const server = { ...template, hostname: template.hostname as Domain }
      return { server, key: keyOf(server, clientConfig) }
    })
