import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Document, isMap, type Scalar, visit, type YAMLMap, type YAMLSeq } from 'yaml'
import { ports } from '../../hosts/expand-host.ts'
import type { Domain } from '../../model/address.ts'
import { writtenDocumentation, writtenServers } from '../../model/safe-shape.ts'
import type { MailHost } from '../../model/settings.ts'
import type { ImportedClientConfig, Names } from './client-config.ts'
import { type ImportedServer, shortName } from './server.ts'

/** A file that was converted. */
export interface ImportedFile {
  readonly file: string
  readonly clientConfig: ImportedClientConfig
}

/** A host of the configuration, and the file that it comes from. */
interface ImportedHost {
  readonly key: string
  readonly file: string
  readonly section: { readonly hostname: string }
  readonly names: Names
}

/**
 * The configuration for the files, as YAML. The first file becomes `provider:`. Files that differ only in names and
 * documentation share a host: five hundred customers with a file each become one host and five hundred domains. Domains that
 * two files name are reported.
 */
export function configurationOf(
  files: readonly [ImportedFile, ...ImportedFile[]],
  report: (file: string, message: string) => void,
): string {
  const common = files[0].clientConfig.names
  const hosts = new Map<string, ImportedHost>()
  const domains = new Map<Domain, { readonly file: string; readonly value: unknown }>()
  for (const { file, clientConfig } of files) {
    const section = hostSection(clientConfig)
    const identity = JSON.stringify(section)
    const host = hosts.get(identity) ?? {
      key: keyFor(file, [...hosts.values()]),
      file,
      section,
      names: clientConfig.names,
    }
    hosts.set(identity, host)
    const changed = overrides(clientConfig.names, host.names)
    for (const domain of clientConfig.domains) {
      const other = domains.get(domain)
      if (other) report(file, `${domain} is also in ${other.file}, which is used`)
      else domains.set(domain, { file, value: changed ? { host: host.key, ...changed } : host.key })
    }
  }
  const document = new Document({
    provider: definedOnly({
      ...common,
      documentation: common.documentation.length > 0 ? common.documentation : undefined,
    }),
    hosts: Object.fromEntries(
      [...hosts.values()].map(({ key, section: { hostname, ...section }, names }) => [
        key,
        { hostname, ...overrides(names, common), ...section },
      ]),
    ),
    domains: Object.fromEntries([...domains].map(([domain, { value }]) => [domain, value])),
  })
  return toYaml(document, [...hosts.values()])
}

/** The names that differ from the common ones; `undefined` if none does. */
function overrides(names: Names, common: Names): object | undefined {
  const different = Object.entries(names).filter(
    ([key, value]) => !isDeepStrictEqual(value, common[key as keyof Names]),
  )
  return different.length > 0 ? Object.fromEntries(different) : undefined
}

/** `gmx.net.xml` -> `gmx-net`: without a dot, so that it cannot be the host name of another host. */
function keyFor(file: string, hosts: readonly ImportedHost[]): string {
  const name = basename(file, '.xml').replace(/[^A-Za-z0-9_-]+/g, '-')
  const isTaken = (key: string): boolean => hosts.some((host) => host.key === key)
  let key = name
  for (let number = 2; isTaken(key); number++) key = `${name}-${number}`
  return key
}

function hostSection(clientConfig: ImportedClientConfig): { readonly hostname: string } {
  const { servers, enable, webMail, oAuth2, services, domains } = clientConfig
  const literal = servers.find(({ hostname }) => !hostname.includes('%'))
  const hostname = literal?.hostname ?? (domains[0] as Domain)
  const username = servers.find((server) => server.username !== undefined)?.username
  const shape = needsAll(clientConfig) ? 'all' : undefined
  return {
    hostname,
    ...definedOnly({
      shape,
      username: username === '%EMAILADDRESS%' ? undefined : username,
      servers: servers.map((server) => serverEntry(server, { hostname, username })),
      enable,
      webMail,
      oAuth2,
      services,
    }),
  }
}

/**
 * Does the default shape, which every client can read, drop any of these settings? Services of a file of version 1.2 do not
 * count: every shape has them at the URL of version 1.2, and several clients discard a `config-v1.1.xml` that contains them.
 */
function needsAll({ version, servers, names, webMail, oAuth2, services }: ImportedClientConfig): boolean {
  const host = { shape: 'safe' } as MailHost
  const kept = { servers, documentation: names.documentation, host }
  return (
    (version === '1.1' && (oAuth2 ?? services) !== undefined) ||
    typeof webMail === 'object' ||
    !isDeepStrictEqual(writtenServers(kept), servers) ||
    !isDeepStrictEqual(writtenDocumentation(kept), names.documentation)
  )
}

function serverEntry(
  server: ImportedServer,
  host: { hostname: string; username: string | undefined },
): string | object {
  const { type, hostname, port, socketType, authentication, username, ...options } = server
  const name = shortName(server)
  const others = definedOnly({
    hostname: hostname === host.hostname ? undefined : hostname,
    authentication: isDeepStrictEqual(authentication, ['password-cleartext']) ? undefined : authentication,
    username: username === host.username ? undefined : username,
    ...options,
  })
  if (name !== undefined && Object.keys(others).length === 0) return name
  const isUsual = socketType === 'SSL' && port === ports[type].SSL
  return { type, ...(isUsual ? {} : { port, socketType }), ...others }
}

const definedOnly = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined))

/** Writes each server on one line, and the name of its file above each host. */
function toYaml(document: Document, hosts: readonly ImportedHost[]): string {
  visit(document, {
    Pair(_key, { key, value }) {
      const { value: name } = key as Scalar
      // An absent descr means the same as an empty one.
      if (name === 'descr' && (value as YAMLMap).items.length === 0) return visit.REMOVE
      if (name === 'servers') for (const item of (value as YAMLSeq).items) if (isMap(item)) item.flow = true
      return undefined
    },
  })
  const pairs = (document.get('hosts') as YAMLMap).items
  for (const [index, { key }] of pairs.entries()) (key as Scalar).commentBefore = ` ${hosts[index]?.file}`
  return document.toString({ lineWidth: 0 })
}
