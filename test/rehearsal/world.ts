import type {
  DnsReply,
  Failure,
  HttpReply,
  HttpRequest,
  HttpTrouble,
  Network,
} from '../../src/rehearsal/network.ts'

/** A small world: the names that exist, their records, and the answers of their web servers. */
export interface World {
  /** Names with an address. */
  readonly hosts: Readonly<Record<string, Ports>>
  /** Further records, a line of a zone file each. */
  readonly dns: readonly string[]
  /** The first rule that fits answers. */
  readonly http: readonly Rule[]
}

export type Port = 'open' | 'closed' | 'bad-certificate'
export interface Ports {
  readonly http: Port
  readonly https: Port
}

export interface Rule {
  /** With `*` for any characters. */
  readonly host: string
  /** A regular expression for the whole path. */
  readonly path: string
  /** A regular expression for everything after `?`; any, if there is none. */
  readonly query?: string
  readonly scheme: string
  readonly method: string
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string | null
  readonly delayMs?: number
}

export function networkOf(world: World): Network {
  return {
    http: async (request) => answerTo(world, request),
    async dns(type, name): Promise<DnsReply> {
      const records = world.dns
        .map((line) => line.split(' '))
        .filter(([owner, , kind]) => owner === `${name}.` && kind === type)
        .map(([, , , ...data]) => data.join(' '))
      if (records.length > 0) return { records }
      return exists(world, name) ? failure('none', 'no such record') : failure('NXDOMAIN', 'no such name')
    },
  }
}

function answerTo(world: World, { method, url, ignoresCertificateNames }: HttpRequest): HttpReply {
  const { protocol, hostname, pathname, search } = new URL(url)
  const scheme = protocol.slice(0, -1) as keyof Ports
  const ports = world.hosts[hostname]
  if (!ports) return trouble(exists(world, hostname) ? 'no address' : 'NXDOMAIN')
  if (ports[scheme] === 'closed') return trouble('refused')
  if (ports[scheme] === 'bad-certificate' && !ignoresCertificateNames) return trouble('certificate refused')
  const rule = world.http.find(
    (rule) =>
      whole(rule.host.replaceAll('.', '\\.').replaceAll('*', '.*')).test(hostname) &&
      whole(rule.path).test(pathname) &&
      (rule.query === undefined || whole(rule.query).test(search.slice(1))) &&
      ['*', scheme].includes(rule.scheme) &&
      ['*', method].includes(rule.method),
  )
  if (!rule) return trouble('failed')
  const header = (name: string) => rule.headers.find(([other]) => other.toLowerCase() === name)?.[1]
  return {
    status: rule.status,
    contentType: header('content-type') ?? '',
    location: header('location'),
    body: Buffer.from(rule.body ?? ''),
    seconds: (rule.delayMs ?? 0) / 1000,
  }
}

const trouble = (kind: HttpTrouble) => failure(kind, `the world says ${kind}`)

const failure = <Kind extends string>(kind: Kind, reason: string): Failure<Kind> => ({
  failure: kind,
  reason,
})

/** Node 20 has no flags inside of a regular expression. */
const whole = (pattern: string): RegExp =>
  pattern.startsWith('(?i:') ? new RegExp(`^${pattern.slice(4, -1)}$`, 'i') : new RegExp(`^(?:${pattern})$`)

function exists({ hosts, dns }: World, name: string): boolean {
  const owners = dns.map((line) => line.replace(/\. .*/, ''))
  return [...Object.keys(hosts), ...owners].some((owner) => owner === name || owner.endsWith(`.${name}`))
}
