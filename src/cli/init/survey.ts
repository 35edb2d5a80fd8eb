import { addressesOf } from '../../checks/addresses.ts'
import type { Network, Place } from '../../checks/network.ts'
import { hostNamesIn, type Offer, offerOf } from '../../checks/offer.ts'
import { ports, services } from '../../hosts/expand-host.ts'
import type { Domain } from '../../model/address.ts'
import { failure, type Result, success } from '../../model/result.ts'

/** The servers that clients look for, those with TLS from the first byte first (RFC 8314, section 3). */
export const surveyed = ['imaps', 'pop3s', 'submissions', 'imap', 'pop3', 'submission'] as const
export type Service = (typeof surveyed)[number]

/** Ports that are not the usual ones. */
export type ServicePorts = ReadonlyMap<Service, number>

/** The offer of each server of a host, or why clients cannot use it. */
export type Survey = ReadonlyMap<Service, Result<Offer>>

export const usualPort = (service: Service): number => {
  const { type, socketType } = services[service]
  return ports[type][socketType]
}

export const portOf = (service: Service, other: ServicePorts): number =>
  other.get(service) ?? usualPort(service)

/** Connects to all servers of a host at the same time. The error is the reason why the host has no address. */
export async function survey(
  hostname: Domain,
  other: ServicePorts,
  network: Network,
): Promise<Result<Survey>> {
  const { check, places } = await addressesOf(hostname, network)
  const [first, ...more] = places
  if (first === undefined) return failure(check.seen)
  const found = surveyed.map(async (service) => {
    const server = { ...services[service], hostname, port: portOf(service, other) }
    return [service, await firstOffer([first, ...more], (place) => offerOf(server, place, network))] as const
  })
  return success(new Map(await Promise.all(found)))
}

/** The offer at the first address that has one. A machine without IPv6 still sees those with IPv4. */
async function firstOffer(
  [first, ...more]: readonly [Place, ...Place[]],
  look: (place: Place) => Promise<Result<Offer>>,
): Promise<Result<Offer>> {
  const offer = await look(first)
  for (const place of offer.ok ? [] : more) {
    const other = await look(place)
    if (other.ok) return other
  }
  return offer
}

/** How many names of a certificate are looked up. */
const maxNames = 10

/**
 * If certificates do not contain the host name: a name that all of them contain, and that has an address of the host. `undefined` if there
 * is none, or if the host name is right.
 */
export async function betterName(
  hostname: Domain,
  found: Survey,
  network: Network,
): Promise<Domain | undefined> {
  const offers = [...found.values()].flatMap((offer) =>
    offer.ok ? [hostNamesIn(offer.value.names, hostname)] : [],
  )
  const [names = [], ...others] = offers
  if (offers.every((some) => some.includes(hostname))) return undefined
  const common = names.filter((name) => others.every((some) => some.includes(name))).slice(0, maxNames)
  const addresses = async (name: Domain) =>
    (await addressesOf(name, network)).places.map(({ address }) => address)
  const own = new Set(await addresses(hostname))
  for (const name of common) if ((await addresses(name)).some((address) => own.has(address))) return name
  return undefined
}
