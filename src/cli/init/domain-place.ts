import { resolve } from 'node:path'
import { readMapLines } from '../../domains/map-lines.ts'
import { type Domain, parseDomain } from '../../model/address.ts'
import { failure, type Result, success } from '../../model/result.ts'
import { kindOfFile } from '../../reading/file-kind.ts'
import { disk } from '../../reading/file-source.ts'
import { type SizeLimit, sizeLimits } from '../../reading/size-limits.ts'
import { count } from '../count.ts'
import { readSqlTable, type SqlTable, type SqlTableType } from './sql-table.ts'
import { readTransportMap, type TransportMap } from './transport-map.ts'

/** A place where domains of the mail host are listed. */
export type DomainPlace = { readonly from: string; readonly first: Domain | undefined } & (
  | { readonly kind: 'name'; readonly domain: Domain }
  /** All domains of the file. */
  | { readonly kind: 'list'; readonly file: string; readonly domains: number }
  | ({ readonly kind: 'transport'; readonly file: string } & TransportMap)
  | { readonly kind: 'table'; readonly file: string; readonly table: SqlTable }
)

/** Tables of Postfix whose source is a text file of the same name (DATABASE_README). */
const textTables = ['hash', 'lmdb', 'btree', 'cdb', 'dbm', 'sdbm', 'texthash']

/**
 * Reads an item of a list of domains as Postfix writes it: a domain, a file (`/etc/postfix/domains`), or a lookup table
 * (`hash:/etc/postfix/virtual`, `proxy:mysql:/etc/postfix/domains.cf`). `from` says where the item is listed, for people.
 * `hostname` is the mail host if the file is a transport map. The error is the reason why the item is ignored.
 */
export async function readDomainPlace(
  item: string,
  from: string,
  hostname?: Domain,
): Promise<Result<DomainPlace>> {
  const [, type = '', name = ''] = /^(?:proxy:)?(?:([a-z]+):)?(.*)$/s.exec(item) as RegExpExecArray
  if (type === '' && !name.includes('/')) {
    const domain = parseDomain(name)
    return domain ? success({ kind: 'name', from, domain, first: domain }) : failure('not a domain')
  }
  const file = resolve(name)
  if (type === '' || textTables.includes(type)) return readMap(file, from, hostname)
  if (type === 'mysql' || type === 'pgsql' || type === 'sqlite') return readTable(type, file, from)
  if (type === 'ldap') return failure('a lookup table for LDAP; docs/ldap.md shows how to write a source')
  return failure(`a table of the type ${type}, which contains no list of domains`)
}

async function readMap(
  file: string,
  from: string,
  hostname: Domain | undefined,
): Promise<Result<DomainPlace>> {
  const bytes = await contentOf(file, 'map')
  if (!bytes.ok) return bytes
  const kind = kindOfFile(bytes.value, file)
  if (kind?.kind === 'other') return failure(kind.message)
  if (hostname !== undefined) {
    const map = readTransportMap(bytes.value, hostname)
    return map.domains > 0
      ? success({ kind: 'transport', from, file, ...map })
      : failure(`no line leads to ${hostname}${toOthers(map)}`)
  }
  const { domains, first } = domainsIn(bytes.value)
  return domains > 0 ? success({ kind: 'list', from, file, domains, first }) : failure('contains no domains')
}

async function readTable(type: SqlTableType, file: string, from: string): Promise<Result<DomainPlace>> {
  const bytes = await contentOf(file, 'secret')
  if (!bytes.ok) return bytes
  const table = readSqlTable(type, file, Buffer.from(bytes.value).toString())
  return table.ok ? success({ kind: 'table', from, file, table: table.value, first: undefined }) : table
}

async function contentOf(file: string, limit: SizeLimit): Promise<Result<Uint8Array>> {
  const { content } = await disk.read(file, sizeLimits[limit])
  return content.ok ? content : failure(`cannot be read: ${content.error}`)
}

function domainsIn(bytes: Uint8Array): { readonly domains: number; readonly first: Domain | undefined } {
  let domains = 0
  let first: Domain | undefined
  const meaning = {}
  readMapLines(bytes, {
    meaningOf: () => meaning,
    domain(start, end) {
      domains++
      first ??= parseDomain(Buffer.from(bytes.subarray(start, end)).toString('latin1'))
    },
    pattern: (pattern) => {
      if (pattern !== '.') domains++
    },
    ignored: () => undefined,
  })
  return { domains, first }
}

/** How many hosts a message names. */
const maxNamed = 5

/** `; 12 domains lead to mx2.example.org`: hosts of a transport map that are not in the configuration. Empty if there are none. */
export function toOthers({ others }: TransportMap): string {
  const named = [...others]
    .slice(0, maxNamed)
    .map(([host, domains]) => `${count(domains, 'domain')} ${domains === 1 ? 'leads' : 'lead'} to ${host}`)
  return [...named, ...(others.size > maxNamed ? ['…'] : [])].map((text) => `; ${text}`).join('')
}

/** A place in words for people: `12 domains`. */
export function describePlace(place: DomainPlace): string {
  switch (place.kind) {
    case 'name':
      return place.domain
    case 'list':
      return `${place.file}: ${count(place.domains, 'domain')}`
    case 'transport':
      return `${place.file}: ${count(place.domains, 'domain')}${place.servesAll ? ', and by * every other domain' : ''}${toOthers(place)}`
    case 'table':
      return `${place.file}: a query for ${place.table.url.replace(/:.*/, '')}`
  }
}
