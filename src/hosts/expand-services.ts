import type { Domain } from '../model/address.ts'
import type { Services } from '../model/settings.ts'
import type { DomainServicesSection } from './services-section.ts'

/** The services of a host; or those of a domain, which inherits the services of its host that it does not change. */
export function expandServices(
  { managesieve, ...urls }: DomainServicesSection,
  hostname: Domain,
  inherited: Services = {},
): Services {
  const given = Object.entries({ ...urls, managesieve: expandManageSieve(managesieve, hostname) })
  const all = { ...inherited, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) }
  return Object.fromEntries(Object.entries<unknown>(all).filter(([, value]) => value !== false))
}

function expandManageSieve(
  section: DomainServicesSection['managesieve'],
  hostname: Domain,
): Services['managesieve'] | false {
  if (typeof section === 'string') return { hostname: section, port: 4190, socketType: 'STARTTLS' }
  return section && { ...section, hostname: section.hostname ?? hostname }
}
