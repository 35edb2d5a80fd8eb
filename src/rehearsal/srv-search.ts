import type { Found } from './client.ts'
import { hostOf } from './provider-domains.ts'
import type { Server } from './readers/reader.ts'
import type { Walk } from './walk.ts'

/** The services of RFC 6186 and RFC 8314, and what clients make of them. */
const services = {
  _imaps: ['imap', 'SSL'],
  _imap: ['imap', 'STARTTLS'],
  _pop3s: ['pop3', 'SSL'],
  _pop3: ['pop3', 'STARTTLS'],
  _submissions: ['smtp', 'SSL'],
  _smtps: ['smtp', 'SSL'],
  _submission: ['smtp', 'STARTTLS'],
} as const

export interface SrvHabits {
  /** The services that the client asks for, the preferred ones first. */
  readonly services: readonly (keyof typeof services)[]
  /** Takes the target `.`, which means that there is no such service, for a host with an empty name. */
  readonly takesNoService?: true
  /** Leaves the username to the person. Other clients take the address. */
  readonly asksForUsername?: true
}

/** The account that the SRV records of a domain describe. They contain no username. */
export async function srvAccount(walk: Walk, habits: SrvHabits): Promise<Found> {
  const { domain, address } = walk.asked
  const username = habits.asksForUsername ? '' : address
  const found = await Promise.all(
    habits.services.map(async (service): Promise<Server | undefined> => {
      const [type, socketType] = services[service]
      const records = await walk.records('SRV', `${service}._tcp.${domain}`)
      const target = bestTarget(records)
      if (!target || (target.host === '' && !habits.takesNoService)) return undefined
      return { type, hostname: target.host, port: target.port, socketType, username }
    }),
  )
  const servers = found.filter((server) => server !== undefined)
  return {
    incoming: servers.find(({ type }) => type !== 'smtp'),
    outgoing: servers.find(({ type }) => type === 'smtp'),
  }
}

/** The record with the lowest priority and the greatest weight, such as `0 1 993 imap.example.net.`. */
export function bestTarget(records: readonly string[]): { host: string; port: number } | undefined {
  const [best] = records
    .map((record) => {
      const [priority = '', weight = '', port = '', name = ''] = record.split(' ')
      return { priority: Number(priority), weight: Number(weight), port: Number(port), host: hostOf(name) }
    })
    .sort((a, b) => a.priority - b.priority || b.weight - a.weight)
  return best
}
