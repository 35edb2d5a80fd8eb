import { readMapLines } from '../../domains/map-lines.ts'
import { type Domain, parseDomain } from '../../model/address.ts'
import { looksLikeCredentials, nextHopsOf, spellNextHop, takesNoMail } from '../../reading/next-hops.ts'

/** Where the lines of a transport map lead, as seen from one mail host. */
export interface TransportMap {
  /** The number of domains that lead to the host, and the first of them. */
  readonly domains: number
  readonly first: Domain | undefined
  /** Transports without a host, such as `dovecot` and `lmtp:unix:private/dovecot-lmtp`: they deliver on this machine. */
  readonly local: readonly string[]
  /** Other hosts, and the number of domains that lead there. */
  readonly others: ReadonlyMap<string, number>
  /** Does the entry `*` lead to the host? Then it serves every domain that has no other entry. */
  readonly servesAll: boolean
}

/** Reads a transport map of Postfix (transport(5)). `hostname` is the mail host. */
export function readTransportMap(bytes: Uint8Array, hostname: Domain): TransportMap {
  let domains = 0
  let first: Domain | undefined
  let all: Meaning | undefined
  const local = new Set<string>()
  const others = new Map<string, number>()
  const add = (name: string, { hop, leads }: Meaning) => {
    if (leads === 'elsewhere') others.set(hop, (others.get(hop) ?? 0) + 1)
    if (leads === 'nowhere' || leads === 'elsewhere') return
    if (leads === 'local') local.add(hop)
    domains++
    first ??= parseDomain(name)
  }
  readMapLines<Meaning>(bytes, {
    meaningOf: (value) => meaningOf(value, hostname),
    domain: (start, end, meaning) => add(Buffer.from(bytes.subarray(start, end)).toString('latin1'), meaning),
    pattern: (pattern, meaning) => {
      if (pattern === '.') all = meaning
      else add(pattern, meaning)
    },
    ignored: () => undefined,
  })
  const servesAll = all?.leads === 'here' || local.has(all?.hop ?? '')
  return { domains, first, local: [...local], others, servesAll }
}

interface Meaning {
  readonly leads: 'here' | 'local' | 'elsewhere' | 'nowhere'
  readonly hop: string
}

function meaningOf(value: string | undefined, hostname: Domain): Meaning {
  const nowhere = { leads: 'nowhere', hop: '' } as const
  if (value === undefined || takesNoMail(value) || looksLikeCredentials(value)) return nowhere
  const names = nextHopsOf(value).map(({ name }) => parseDomain(name) ?? name)
  if (names.includes(hostname)) return { leads: 'here', hop: hostname }
  const [name] = names
  if (name === undefined || name.startsWith('unix:'))
    // Without a host, these transports ask the DNS for the MX of the domain.
    return /^(smtps?|relay):/i.test(value) ? nowhere : { leads: 'local', hop: spellNextHop(value) }
  return { leads: 'elsewhere', hop: name }
}
