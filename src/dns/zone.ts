import type { Format } from '../formats/format.ts'
import type { Domain } from '../model/address.ts'
import type { AccountSettings } from '../model/settings.ts'
import { type DnsRecord, type DnsSection, dnsRecords } from './records.ts'

/** The records of a domain as a part of its zone (RFC 1035, section 5), with whole names: it can be put into any zone. */
export const dnsZone: Format = {
  name: 'dns-zone',
  mediaType: 'text/dns; charset=utf-8',
  // Rendered for each domain: a name of ours has no CNAME to itself, which only its own letters tell.
  personal: true,
  endpoints: [],
  render: (settings) => zoneText(dnsRecords(settings), settings.domain, longestTtl),
}

/** In seconds: short enough to correct a mistake within the hour. */
const longestTtl = 3600
/** What is shorter makes for more questions than it is worth. */
const shortestTtl = 60

/** In seconds; records of a domain that is about to move are kept no longer than until then. */
export function ttlOf({ clientConfig: { changesAt } }: AccountSettings, now: Date): number {
  const holds = changesAt === undefined ? longestTtl : Math.floor((changesAt - now.getTime()) / 1000)
  return Math.min(longestTtl, Math.max(shortestTtl, holds))
}

/** How the records of a domain are written: for a zone, for a program, and for a person who types them into a form. */
export const dnsSpellings = {
  bind: zoneText,
  json: jsonText,
  table: tableText,
} as const satisfies Readonly<
  Record<string, (sections: readonly DnsSection[], domain: Domain, ttl: number) => string>
>

function zoneText(sections: readonly DnsSection[], _domain: Domain, ttl: number): string {
  const line = (record: DnsRecord) => `${absolute(record.name)} ${ttl} IN ${record.type} ${dataOf(record)}`
  const blocks = sections.map(({ remark, records }) => [`; ${remark}`, ...records.map(line)])
  return blocks.map((lines) => `${lines.join('\n')}\n`).join('\n')
}

function jsonText(sections: readonly DnsSection[], domain: Domain, ttl: number): string {
  const records = sections.flatMap(({ records: some }) =>
    some.map((record) => ({ name: record.name, type: record.type, ttl, data: dataOf(record) })),
  )
  return `${JSON.stringify({ domain, records }, null, 2)}\n`
}

function tableText(sections: readonly DnsSection[], domain: Domain): string {
  const rows = sections.flatMap(({ records }) =>
    records.map((record) => [record.name.slice(0, -domain.length - 1), record.type, dataOf(record)]),
  )
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] as string).length)))
  const lines = [['name', 'type', 'value'], ...rows].map(
    ([name = '', type = '', value]) =>
      `${name.padEnd(widths[0] as number)}  ${type.padEnd(widths[1] as number)}  ${value}`,
  )
  const remarks = sections.filter(({ records }) => records.length === 0).map(({ remark }) => remark)
  return `In the zone of ${domain}:\n\n${[...lines, '', ...remarks].join('\n')}\n`
}

/** What stands behind the type, as in a zone. */
function dataOf(record: DnsRecord): string {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return record.address
    case 'CNAME':
      return absolute(record.target)
    case 'SRV':
      return `${record.priority} ${record.weight} ${record.port} ${absolute(record.target)}`
    case 'TXT':
      return quoted(record.text)
  }
}

const absolute = (name: string): string => (name === '.' ? name : `${name}.`)

/** In strings of at most 255 bytes, which a reader puts together again (RFC 1035, section 3.3.14). */
function quoted(text: string): string {
  const escaped = (text.match(/.{1,255}/g) as string[]).map((part) => part.replace(/["\\]/g, '\\$&'))
  return escaped.map((part) => `"${part}"`).join(' ')
}
