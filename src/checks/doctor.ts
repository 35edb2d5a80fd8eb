import { dnsRecords } from '../dns/records.ts'
import { stagesOf } from '../dns/stages.ts'
import type { Domain } from '../model/address.ts'
import { lookupOf } from '../model/lookup.ts'
import { serversFor } from '../model/safe-shape.ts'
import type { AccountSettings, ServerSettings } from '../model/settings.ts'
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
  /** By all that matters for the checks of a server. */
  readonly #servers = new Map<string, Promise<readonly Check[]>>()

  constructor(resolver: Resolver, network: Network) {
    this.#resolver = resolver
    this.#network = network
  }

  /** Reports the checks of a domain as they come. Checks that several domains share are the same objects. */
  async check(domain: Domain, report: Report, credentials?: Credentials): Promise<void> {
    const [now, ...next] = await stagesOf(domain, this.#resolver)
    const served = checkOf('domain-not-served', domain, 'a host that serves the domain')
    if (!now) return report(served.problem('none', `"mail-autoconfig explain ${domain}" shows why`))
    const { settings } = now
    report(served.ok(settings.clientConfig.host.key))
    const servers = serversFor(settings)
    const hosts = [
      ...new Set([settings.clientConfig.host.hostname, ...servers.map(({ hostname }) => hostname)]),
    ]
    const records = dnsRecords(settings, { next }).flatMap((section) => section.records)
    await Promise.all([
      ...servers.map(async (server) => (await this.#serverChecks(server, settings)).forEach(report)),
      ...[
        ...checkRecords(domain, records, this.#network),
        checkMx(domain, hosts, this.#network),
        checkMtaSts(domain, this.#network),
      ].map(async (check) => report(await check)),
      credentials && this.#checkLogins(domain, credentials, report),
      checkNames(domain, this.#resolver, this.#network, report),
    ])
  }

  /** With the login name that a personal link shows. */
  async #checkLogins(domain: Domain, credentials: Credentials, report: Report): Promise<void> {
    const { address } = credentials
    const found = await this.#resolver.resolve(lookupOf({ domain, address, requestHost: domain, link: {} }))
    const servers = [found].filter(isResolution).flatMap(serversFor)
    await checkLogins(servers, credentials, this.#network, report)
  }

  #serverChecks(server: ServerSettings, { clientConfig }: AccountSettings): Promise<readonly Check[]> {
    const { type, hostname, port, socketType, authentication } = server
    const { messageSize } = clientConfig.host.limits
    const key = JSON.stringify([type, hostname, port, socketType, authentication, messageSize])
    const known = this.#servers.get(key)
    if (known) return known
    const checks = checkServer(server, messageSize, this.#network)
    this.#servers.set(key, checks)
    return checks
  }
}
