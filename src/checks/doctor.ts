import { dnsRecords } from '../dns/records.ts'
import { stagesOf } from '../dns/stages.ts'
import type { Domain } from '../model/address.ts'
import { lookupOf } from '../model/lookup.ts'
import { serversFor } from '../model/safe-shape.ts'
import type { ServerSettings } from '../model/settings.ts'
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
  readonly #serverChecks: (server: ServerSettings, messageSize?: number) => Promise<readonly Check[]>

  constructor(resolver: Resolver, network: Network) {
    this.#resolver = resolver
    this.#network = {
      ...network,
      names: remembered(network.names),
      ask: remembered(network.ask, JSON.stringify),
    }
    this.#caa = remembered((host, issuer) => checkCaa(host, issuer, this.#network))
    this.#serverChecks = remembered(
      (server, messageSize) => checkServer(server, messageSize, this.#network, this.#caa),
      // All that matters for the checks of a server.
      ({ type, hostname, port, socketType, authentication }, messageSize) =>
        JSON.stringify([type, hostname, port, socketType, authentication, messageSize]),
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
    const { host } = settings.clientConfig
    const servers = serversFor(settings)
    const hosts = [...new Set([host.hostname, ...servers.map(({ hostname }) => hostname)])]
    const records = dnsRecords(settings, { next }).flatMap((section) => section.records)
    await Promise.all([
      ...servers.map(async (server) =>
        (await this.#serverChecks(server, host.limits.messageSize)).forEach(report),
      ),
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

  /** With the login name that a personal link shows. */
  async #checkLogins(domain: Domain, credentials: Credentials, report: Report): Promise<void> {
    const { address } = credentials
    const found = await this.#resolver.resolve(lookupOf({ domain, address, requestHost: domain, link: {} }))
    const servers = [found].filter(isResolution).flatMap(serversFor)
    await checkLogins(servers, credentials, this.#network, report)
  }
}
