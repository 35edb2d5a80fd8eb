import type { Domain } from '../model/address.ts'
import type { PageDesign } from '../model/page-settings.ts'
import type { ClientConfig } from '../model/settings.ts'
import type { Report } from '../reading/report.ts'
import { checkHost, warnAboutTexts } from './check-host.ts'
import { expandHost } from './expand-host.ts'
import { HostNames, type NextHops } from './host-names.ts'
import type { HostsSection } from './host-section.ts'
import { type PaccSection, submissionKeys } from './pacc-section.ts'
import { type ProviderSection, placeholderProvider } from './provider-section.ts'

/** The sections that hosts are made of; `undefined` if a section is invalid. */
export interface HostSections {
  readonly provider: ProviderSection | undefined
  readonly hosts: HostsSection | undefined
  readonly publicName: Domain | undefined
  readonly pacc: PaccSection | undefined
  readonly nextHops: Readonly<Record<string, string>> | undefined
}

export interface Hosts {
  /** The valid hosts, by their key. */
  readonly configs: ReadonlyMap<string, ClientConfig>
  readonly names: HostNames
  readonly nextHops: NextHops
  readonly defaultHost: ClientConfig | undefined
}

/** `keys` are the keys of all hosts, invalid ones included. */
export function readHosts(
  { provider, hosts = {}, publicName, pacc, nextHops: nextHopsSection = {} }: HostSections,
  disclosure: ClientConfig['disclosure'],
  design: PageDesign,
  keys: readonly string[],
  report: Report,
): Hosts {
  if (provider) warnAboutTexts(provider, ['provider'], report)
  const common = {
    provider: provider ?? placeholderProvider,
    design,
    publicName,
    disclosure,
    submissionKeys: submissionKeys[pacc?.submissionKey ?? 'both'],
  }
  const configs = new Map<string, ClientConfig>()
  for (const [key, section] of Object.entries(hosts)) {
    const path = ['hosts', key]
    const clientConfig = expandHost(key, section, common)
    checkHost(section, clientConfig, path, report)
    // Without a valid name, nothing can refer to the host.
    if (!report.hasError([...path, 'hostname'])) configs.set(key, clientConfig)
  }
  reportNameClashes(configs, report)
  const nextHops = new HostNames(configs, keys).readNextHops(nextHopsSection, report)
  const names = new HostNames(configs, keys, nextHops)
  return { configs, names, nextHops, defaultHost: findDefaultHost(provider, names, report) }
}

/** A map file may name a host by its key or its host name, so both must be unambiguous. */
function reportNameClashes(hosts: ReadonlyMap<string, ClientConfig>, report: Report): void {
  const first = new Map<string, string>()
  for (const [key, { host }] of hosts) {
    const other = first.get(host.hostname)
    if (other === undefined) first.set(host.hostname, key)
    else {
      const message = `is also the host name of ${other}; a map file that names ${host.hostname} means ${other}`
      report.warn(['hosts', key, 'hostname'], message)
    }
  }
  for (const key of hosts.keys()) {
    const other = first.get(key)
    if (other !== undefined && other !== key)
      report.errorAtKey(['hosts', key], `is the host name of ${other}; choose another key`)
  }
}

function findDefaultHost(
  provider: ProviderSection | undefined,
  names: HostNames,
  report: Report,
): ClientConfig | undefined {
  const key = provider?.defaultHost
  return key === undefined ? undefined : names.require(key, ['provider', 'defaultHost'], report)
}
