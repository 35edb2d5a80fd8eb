import type { DnsRecord } from '../dns/records.ts'
import { absolute, dataOf } from '../dns/zone.ts'
import type { Domain } from '../model/address.ts'
import { serviceNames } from '../model/service-names.ts'
import { addressesOf } from './addresses.ts'
import { type Check, checkOf } from './check.ts'
import { lookupFailed } from './lookup-failed.ts'
import type { RecordType } from './name-server.ts'
import type { Network } from './network.ts'

/** Records of one name and one type. */
interface RecordSet {
  readonly name: string
  readonly type: RecordType
  /** As in a zone file; empty if there must be none. */
  readonly expected: readonly string[]
}

/** Services that clients ask for. Those that a domain does not have must have no record, or one with the target `.`. */
const services = ['imaps', 'pop3s', 'submissions', 'smtps', 'jmap', 'caldavs', 'carddavs', 'sieve']

/** Compares the records that a domain needs with those of the DNS. */
export function checkRecords(
  domain: Domain,
  records: readonly DnsRecord[],
  network: Network,
): Promise<Check>[] {
  return setsOf(domain, records).map((set) =>
    set.type === 'CNAME' ? checkAlias(set, network) : checkSet(set, network),
  )
}

function setsOf(domain: Domain, records: readonly DnsRecord[]): RecordSet[] {
  const sets = new Map<string, RecordSet & { readonly expected: string[] }>()
  const add = (name: string, type: RecordType, expected: string[]) => {
    const key = `${type} ${name}`
    const known = sets.get(key)
    if (known) known.expected.push(...expected)
    else sets.set(key, { name, type, expected })
  }
  for (const record of records) add(record.name, record.type, [dataOf(record)])
  for (const service of services) add(`_${service}._tcp.${domain}`, 'SRV', [])
  add(`_${serviceNames.pacc}.${domain}`, 'TXT', [])
  return [...sets.values()]
}

const isRefusal = (data: string): boolean => data.endsWith(' .')

async function checkSet({ name, type, expected }: RecordSet, { names }: Network): Promise<Check> {
  const answer = await names(type, name)
  const unknown = lookupFailed(answer, `${type} ${name}`)
  if (unknown) return unknown
  const seen = answer.ok ? answer.value : []
  const missing = expected.filter((data) => !seen.includes(data))
  const extra = seen.filter((data) => !expected.includes(data) && !(expected.length === 0 && isRefusal(data)))
  const texts = [`${type} ${name}`, expected.join(', ') || 'no record'] as const
  const seenText = answer.ok ? seen.join(', ') : answer.error.why
  if (missing.length === 0 && extra.length === 0) return checkOf('dns-record-missing', ...texts).ok(seenText)
  const differs = checkOf('dns-record-differs', ...texts)
  if (extra.length === 0) {
    const check = checkOf('dns-record-missing', ...texts)
    // Clients that do not find the target `.` guess, and nothing is wrong.
    return missing.every(isRefusal)
      ? check.info(seenText, 'publish it, so that clients do not guess')
      : check.problem(seenText, `publish the records that "mail-autoconfig dns" prints`)
  }
  if (missing.length === 0)
    return checkOf('dns-record-extra', ...texts).problem(seenText, `remove ${extra.join(', ')}`)
  return type === 'SRV' && sameOrder(expected, seen)
    ? differs.info(`${seenText}: other numbers, the same order`)
    : differs.problem(seenText, `replace ${extra.join(', ')}`)
}

/** Clients order targets by priority, so other numbers can mean the same. */
function sameOrder(expected: readonly string[], seen: readonly string[]): boolean {
  const order = (records: readonly string[]) =>
    records
      .map((data) => data.split(' '))
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, , port, target]) => `${port} ${target}`)
      .join()
  return order(expected) === order(seen)
}

/** A name of this service: a CNAME to its public name, or the same addresses. */
async function checkAlias({ name, expected: [target = ''] }: RecordSet, network: Network): Promise<Check> {
  const host = target.slice(0, -1)
  const [alias, own, theirs] = await Promise.all([
    network.names('CNAME', name),
    addressesOf(name, network),
    addressesOf(host, network),
  ])
  const unknown = lookupFailed(alias, `CNAME ${name}`)
  if (unknown) return unknown
  const texts = [`CNAME ${name}`, target] as const
  const chain = alias.ok ? alias.value.join(', ') : ''
  const addresses = own.places.map(({ address }) => address)
  if (alias.ok && addresses.length === 0)
    return checkOf('cname-chain-broken', ...texts).problem(
      `${chain}, which leads to no address (${own.check.seen})`,
      `publish addresses for ${chain}`,
    )
  const known = theirs.places.map(({ address }) => address)
  const seen = [chain, addresses.join(', ')].filter((text) => text !== '').join(': ')
  if (
    chain === absolute(host) ||
    (known.length > 0 && addresses.length > 0 && addresses.every((one) => known.includes(one)))
  )
    return checkOf('dns-record-missing', ...texts).ok(seen)
  const advice = `publish ${name}. CNAME ${target}`
  return addresses.length === 0
    ? checkOf('dns-record-missing', ...texts).problem(own.check.seen, advice)
    : checkOf('dns-record-differs', ...texts).problem(seen, advice)
}
