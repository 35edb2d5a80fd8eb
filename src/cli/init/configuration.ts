import { dirname, join, relative, resolve } from 'node:path'
import { Document, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import type { Domain } from '../../model/address.ts'
import { printable } from '../../model/one-line.ts'
import { type DomainPlace, describePlace } from './domain-place.ts'
import type { Username } from './dovecot.ts'
import { usernames } from './dovecot.ts'
import type { ChosenServers } from './servers.ts'

/** Everything that the first configuration contains. */
export interface FirstConfig {
  readonly hostname: Domain
  readonly publicName: Domain
  readonly providerId: Domain
  readonly displayName: string
  /** The directory of dehydrated; `undefined` if a proxy speaks TLS. */
  readonly dehydrated: string | undefined
  readonly username: Username
  /** Why people log in like that, if it was found and not asked. */
  readonly usernameWhy: string | undefined
  readonly chosen: ChosenServers
  readonly places: readonly DomainPlace[]
}

const header = ` The configuration of mail-autoconfig, written by "mail-autoconfig init". Edit it while the server runs: changes take effect within five
 seconds, and an invalid configuration is never loaded. "mail-autoconfig check" shows errors. The example config/autoconfig.yaml shows
 all settings.`

const nothingSeen = 'Not seen: the servers were not asked. mail-autoconfig doctor asks them.'

/** Writes the configuration as YAML, with what was seen as comments. `output` is its file: names of files near it are relative. */
export function configurationText(config: FirstConfig, output: string): string {
  const { hostname, publicName, providerId, displayName, dehydrated, username, usernameWhy, chosen, places } =
    config
  const key = keyOf(hostname)
  const maps = places.filter((place) => place.kind === 'list' || place.kind === 'transport')
  const tables = places.filter((place) => place.kind === 'table')
  const names = places.filter((place) => place.kind === 'name')
  const local = places.flatMap((place) => (place.kind === 'transport' ? place.local : []))
  const document = new Document({
    provider: { id: providerId, displayName, displayShortName: shortName(displayName, providerId) },
    publicName,
    ...(dehydrated !== undefined && {
      tls: { folder: resolve(dehydrated) },
      acme: { webroot: join(resolve(dehydrated), 'webroot') },
    }),
    hosts: { [key]: { hostname, servers: chosen.servers, username: usernames[username] } },
    domains: definedMap(names.map(({ domain }) => [domain, key])),
    domainFiles: definedList(
      maps.map(({ kind, file }) =>
        kind === 'list' ? { file: near(file, output), host: key } : near(file, output),
      ),
    ),
    nextHops: definedMap(local.map((hop) => [hop, key])),
    sources: definedList(tables.map(({ table }) => ({ sql: sourceOf(table, key) }))),
  })
  const root = document.contents as unknown as YAMLMap<Scalar, YAMLMap | YAMLSeq>
  const pairOf = (map: YAMLMap | YAMLMap<Scalar, YAMLMap | YAMLSeq>, name: string) =>
    map.items.find((pair) => (pair.key as Scalar).value === name) as Pair<Scalar, YAMLMap | YAMLSeq>
  const remark = (pair: { key: Scalar } | undefined, lines: readonly string[]) => {
    if (pair) pair.key.commentBefore = lines.map((line) => ` ${printable(line)}`).join('\n')
  }
  for (const { key: name } of root.items.slice(1)) name.spaceBefore = true
  const host = (pairOf(root, 'hosts').value as YAMLMap).items[0]?.value as YAMLMap
  remark(pairOf(root, 'provider'), ['The mail provider, as people see it in their mail client.'])
  remark(pairOf(root, 'publicName'), [
    'The host name of this service, for which it has a certificate: the target of the CNAME autoconfig.<domain> of each domain.',
  ])
  remark(pairOf(root, 'tls'), ['The certificates for https; renewed ones are noticed (docs/tls.md).'])
  remark(pairOf(root, 'acme'), [
    'Challenges of the certificate authority are answered with the files below .well-known/acme-challenge in this directory.',
  ])
  remark(pairOf(root, 'hosts'), [
    'The mail hosts, each under a short name. The default servers are imaps (993), pop3s (995) and submissions (465).',
  ])
  const seen = chosen.seen.length > 0 ? chosen.seen.map((line) => `Seen: ${line}`) : [nothingSeen]
  remark(pairOf(host, 'hostname'), [...seen, ...chosen.warnings.map((warning) => `Warning: ${warning}`)])
  remark(pairOf(host, 'username'), [
    'The username that clients suggest: %EMAILADDRESS%, or %EMAILLOCALPART%, the part before the @.',
    ...(usernameWhy === undefined ? [] : [`Dovecot: ${usernameWhy}`]),
  ])
  remark(pairOf(root, 'domains'), ['The host of each domain.'])
  remark(pairOf(root, 'domainFiles'), [
    'Files that list domains; they are read again when they change.',
    ...maps.map((place) => `${place.from}: ${describePlace(place)}`),
  ])
  remark(pairOf(root, 'nextHops'), ['Transports that deliver on the host.'])
  remark(pairOf(root, 'sources'), [
    'Databases with domains (docs/sql.md).',
    ...tables.map((place) => `${place.from}: ${place.file}`),
  ])
  for (const item of (pairOf(root, 'domainFiles')?.value as YAMLSeq | undefined)?.items ?? [])
    (item as YAMLMap).flow = true
  document.commentBefore = header
  return document.toString({ lineWidth: 0 })
}

/** A key for the host: the first label of its name. */
const keyOf = (hostname: Domain): string => hostname.replace(/\..*/, '')

/** Thunderbird shows about twelve characters. */
const shortName = (displayName: string, id: Domain): string =>
  [displayName, id, id.replace(/\..*/, '')].find((name) => [...name].length <= 12) ?? id.slice(0, 12)

const definedMap = (entries: readonly (readonly [string, string])[]) =>
  entries.length > 0 ? Object.fromEntries(entries) : undefined

const definedList = <T>(list: readonly T[]) => (list.length > 0 ? list : undefined)

/** The name of a file relative to the configuration if it is in the same directory or below. */
export function near(file: string, output: string): string {
  const name = relative(dirname(resolve(output)), file)
  return name.startsWith('..') ? file : name
}

/** Postfix asks whether there is a row, and `sources:` which host the domain has. */
const sourceOf = (
  { url, query, password }: Extract<DomainPlace, { kind: 'table' }>['table'],
  key: string,
) => ({
  url,
  ...(password && { passwordFile: password.file }),
  domain: `SELECT '${key}' FROM (${query}) AS found`,
})
