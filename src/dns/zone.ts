import type { Domain } from '../model/address.ts'
import type { AccountSettings } from '../model/settings.ts'
import type { DnsRecord, DnsSection } from './records.ts'

/** How to print the records of a domain: as a part of a zone, for programs, and for people who type them into a form. */
export const zoneFormats = {
  bind: zoneText,
  json: jsonText,
  table: tableText,
} as const satisfies Readonly<
  Record<string, (sections: readonly DnsSection[], domain: Domain, ttl: number) => string>
>

/** In seconds: short enough to correct a mistake within the hour. */
const longestTtl = 3600
/** In seconds: a shorter one causes more queries than it is worth. */
const shortestTtl = 60

/** In seconds. Before a scheduled move, resolvers must not cache a record longer than until then. */
export function ttlOf({ clientConfig: { changesAt } }: AccountSettings, now: number): number {
  const remaining = changesAt === undefined ? longestTtl : Math.floor((changesAt - now) / 1000)
  return Math.min(longestTtl, Math.max(shortestTtl, remaining))
}

/** A part of a zone file (RFC 1035, section 5) with fully qualified names, so it fits into any zone. */
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

/** The data of a record, as in a zone file. */
export function dataOf(record: DnsRecord): string {
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

export const absolute = (name: string): string => (name === '.' ? name : `${name}.`)

/** As strings of at most 255 bytes, which readers concatenate (RFC 1035, section 3.3.14). */
export function quoted(text: string): string {
  const escaped = (text.match(/.{1,255}/g) as string[]).map((part) => part.replace(/["\\]/g, '\\$&'))
  return escaped.map((part) => `"${part}"`).join(' ')
}
