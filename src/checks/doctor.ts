import { dnsRecords } from '../dns/records.ts'
import { stagesOf } from '../dns/stages.ts'
import type { Domain } from '../model/address.ts'
import { lookupOf } from '../model/lookup.ts'
import { serversFor, writtenServers } from '../model/safe-shape.ts'
import type { ClientConfig, ServerSettings } from '../model/settings.ts'
import { isResolution } from '../resolver/resolution.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { type Check, checkOf, type Report } from './check.ts'
import { checkRecords } from './dns-check.ts'
import { type Credentials, checkLogins } from './login-check.ts'
import { checkMtaSts, checkMx } from './mx-check.ts'
import { checkNames } from './names-check.ts'
import type { Network } from './network.ts'
import { checkServer } from './server-check.ts'

/** Checks domains, one after the other or many at once. A server of several domains is asked once. */
export class Doctor {
  readonly #resolver: Resolver
  readonly #network: Network
  readonly #omitted: ReadonlySet<string>
  /** By all that matters for the checks of a server. */
  readonly #servers = new Map<string, Promise<readonly Check[]>>()

  /** `omitted` has the keys of servers that are not asked, as `hostServers` returns them. */
  constructor(resolver: Resolver, network: Network, omitted: ReadonlySet<string> = new Set()) {
    this.#resolver = resolver
    this.#network = network
    this.#omitted = omitted
  }

  /** Reports the checks of a domain as they come. Checks that several domains share are the same objects. */
  async check(domain: Domain, report: Report, credentials?: Credentials): Promise<void> {
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
        checkMtaSts(domain, this.#network),
      ].map(async (check) => report(await check)),
      credentials && this.#checkLogins(domain, credentials, report),
      checkNames(domain, this.#resolver, this.#network, report),
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

  #serverChecks(server: ServerSettings, clientConfig: ClientConfig): Promise<readonly Check[]> {
    const key = keyOf(server, clientConfig)
    const known = this.#servers.get(key)
    if (known) return known
    const checks = checkServer(server, clientConfig.host.limits.messageSize, this.#network)
    this.#servers.set(key, checks)
    return checks
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
