import { mechanismsOf } from '../../checks/mail-protocols.ts'
import type { Offer } from '../../checks/offer.ts'
import { services } from '../../hosts/expand-host.ts'
import type { Result } from '../../model/result.ts'
import { portOf, type Service, type ServicePorts, type Survey, surveyed, usualPort } from './survey.ts'

/** The servers for the configuration, and what is worth knowing about them. */
export interface ChosenServers {
  /** As under `servers:`; `undefined` if the default is right. */
  readonly servers: readonly (string | object)[] | undefined
  /** The offer of each server, for people. */
  readonly seen: readonly string[]
  /** Reasons why clients would reject a server. */
  readonly warnings: readonly string[]
}

/** For each protocol, the server with TLS from the first byte if there is one, otherwise the one with STARTTLS. */
const choices = [
  ['imaps', 'imap'],
  ['pop3s', 'pop3'],
  ['submissions', 'submission'],
] as const satisfies readonly (readonly [Service, Service])[]

/** Chooses the servers of a host. Without a survey, all that the default has. */
export function chooseServers(survey: Survey | undefined, other: ServicePorts): ChosenServers {
  const usable = choices.flatMap((services) =>
    services.flatMap((service) => usableIn(survey, service)).slice(0, 1),
  )
  const isOutgoing = (service: Service) => services[service].type === 'smtp'
  const found = usable.map(({ service }) => service)
  const incoming = found.filter((service) => !isOutgoing(service))
  const outgoing = found.filter(isOutgoing)
  const chosen: Service[] = [
    ...(incoming.length > 0 ? incoming : (['imaps', 'pop3s'] as const)),
    ...(outgoing.length > 0 ? outgoing : (['submissions'] as const)),
  ]
  const isDefault =
    chosen.join() === 'imaps,pop3s,submissions' && chosen.every((one) => !isUnusual(one, other))
  const none = (kind: string, found: readonly Service[], written: string) =>
    survey && found.length === 0
      ? [`no server for ${kind} mail answered with TLS; the configuration has ${written}`]
      : []
  return {
    servers: isDefault ? undefined : chosen.map((service) => serverEntry(service, other)),
    seen: surveyed.flatMap((service) => seenOf(service, survey?.get(service), other)),
    warnings: [
      ...none('incoming', incoming, 'imaps and pop3s'),
      ...none('outgoing', outgoing, 'submissions'),
      ...usable.flatMap(warningsOf),
    ],
  }
}

const isUnusual = (service: Service, other: ServicePorts): boolean =>
  portOf(service, other) !== usualPort(service)

function serverEntry(service: Service, other: ServicePorts): string | object {
  const { type, socketType } = services[service]
  return isUnusual(service, other) ? { type, port: portOf(service, other), socketType } : service
}

/** `imaps, port 993: certificate for mail.example.org; PLAIN, LOGIN`. */
function seenOf(service: Service, offer: Result<Offer> | undefined, other: ServicePorts): readonly string[] {
  if (!offer) return []
  const name = `${service}, port ${portOf(service, other)}`
  if (!offer.ok) return [`${name}: ${offer.error}`]
  const { names, mechanisms, size } = offer.value
  const parts = [
    `certificate for ${names.length > 0 ? someOf(names) : 'no name'}`,
    someOf([...mechanisms]),
    ...(size === undefined ? [] : [`messages of up to ${size} bytes`]),
  ]
  return [`${name}: ${parts.filter((part) => part !== '').join('; ')}`]
}

/** How many names a line lists. */
const maxListed = 8

const someOf = (all: readonly string[]): string =>
  [...all.slice(0, maxListed), ...(all.length > maxListed ? ['…'] : [])].join(', ')

interface UsableServer {
  readonly service: Service
  readonly offer: Offer
}

function usableIn(survey: Survey | undefined, service: Service): readonly UsableServer[] {
  const offer = survey?.get(service)
  return offer?.ok ? [{ service, offer: offer.value }] : []
}

function warningsOf({ service, offer: { certificate, mechanisms } }: UsableServer): readonly string[] {
  const problems = certificate.filter(({ state }) => state === 'problem')
  const takesPasswords = mechanismsOf['password-cleartext'].some((mechanism) => mechanisms.has(mechanism))
  return [
    ...problems.map(
      ({ expected, seen, advice }) => `${service}: expected ${expected}; seen: ${seen}; ${advice}`,
    ),
    ...(takesPasswords
      ? []
      : [`${service}: offers no PLAIN or LOGIN; set authentication for this server to what it offers`]),
  ]
}
