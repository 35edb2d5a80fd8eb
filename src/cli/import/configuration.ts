import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Document, isMap, type Scalar, visit, type YAMLMap, type YAMLSeq } from 'yaml'
import { ports } from '../../hosts/expand-host.ts'
import type { Domain } from '../../model/address.ts'
import { writtenDocumentation, writtenServers } from '../../model/safe-shape.ts'
import type { MailHost } from '../../model/settings.ts'
import { type ImportedClientConfig, type ImportedServer, type Names, shortName } from './client-config.ts'

/** A file that was taken over. */
export interface ImportedFile {
  readonly file: string
  readonly provider: ImportedClientConfig
}

/** A host of the configuration, and the file that it was made of. */
interface ImportedHost {
  readonly key: string
  readonly file: string
  readonly section: { readonly hostname: string }
  readonly names: Names
}

/**
 * The configuration that says what the files say, as YAML. The first file is the provider. Files that differ in names and
 * documentation alone share a host: of five hundred customers with a file each, one host comes, and five hundred domains.
 * `tell` is told of domains that two files name.
 */
export function configurationOf(
  files: readonly [ImportedFile, ...ImportedFile[]],
  tell: (file: string, message: string) => void,
): string {
  const common = files[0].provider.names
  const hosts = new Map<string, ImportedHost>()
  const domains = new Map<Domain, { readonly file: string; readonly value: unknown }>()
  for (const { file, provider } of files) {
    const section = hostSection(provider)
    const alike = JSON.stringify(section)
    const host = hosts.get(alike) ?? {
      key: keyFor(file, [...hosts.values()]),
      file,
      section,
      names: provider.names,
    }
    hosts.set(alike, host)
    const otherwise = saidOtherwise(provider.names, host.names)
    for (const domain of provider.domains) {
      const other = domains.get(domain)
      if (other) tell(file, `${domain} is in ${other.file} too, which is kept`)
      else domains.set(domain, { file, value: otherwise ? { host: host.key, ...otherwise } : host.key })
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
        { hostname, ...saidOtherwise(names, common), ...section },
      ]),
    ),
    domains: Object.fromEntries([...domains].map(([domain, { value }]) => [domain, value])),
  })
  return spell(document, [...hosts.values()])
}

function saidOtherwise(names: Names, common: Names): object | undefined {
  const said = Object.entries(names).filter(
    ([key, value]) => !isDeepStrictEqual(value, common[key as keyof Names]),
  )
  return said.length > 0 ? Object.fromEntries(said) : undefined
}

/** `gmx.net.xml` -> `gmx-net`: without a dot, so that it is no other host's name. */
function keyFor(file: string, hosts: readonly ImportedHost[]): string {
  const name = basename(file, '.xml').replace(/[^A-Za-z0-9_-]+/g, '-')
  const isTaken = (key: string): boolean => hosts.some((host) => host.key === key)
  let key = name
  for (let number = 2; isTaken(key); number++) key = `${name}-${number}`
  return key
}

function hostSection(provider: ImportedClientConfig): { readonly hostname: string } {
  const { servers, enable, webMail, oAuth2, services, domains } = provider
  const literal = servers.find(({ hostname }) => !hostname.includes('%'))
  const hostname = literal?.hostname ?? (domains[0] as Domain)
  const username = servers.find((server) => server.username !== undefined)?.username
  const shape = needsAll(provider) ? 'all' : undefined
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

/** Is there more than the one shape that every client reads has room for? */
function needsAll({ servers, names, webMail, oAuth2, services }: ImportedClientConfig): boolean {
  const host = { shape: 'safe' } as MailHost
  const shown = { servers, documentation: names.documentation, host }
  return (
    oAuth2 !== undefined ||
    services !== undefined ||
    typeof webMail === 'object' ||
    !isDeepStrictEqual(writtenServers(shown), servers) ||
    !isDeepStrictEqual(writtenDocumentation(shown), names.documentation)
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

/** Each server on one line, and each host below the name of its file. */
function spell(document: Document, hosts: readonly ImportedHost[]): string {
  visit(document, {
    Pair(_key, { key, value }) {
      const { value: name } = key as Scalar
      // Left out is as good as empty.
      if (name === 'descr' && (value as YAMLMap).items.length === 0) return visit.REMOVE
      if (name === 'servers') for (const item of (value as YAMLSeq).items) if (isMap(item)) item.flow = true
      return undefined
    },
  })
  const pairs = (document.get('hosts') as YAMLMap).items
  for (const [index, { key }] of pairs.entries()) (key as Scalar).commentBefore = ` ${hosts[index]?.file}`
  return document.toString({ lineWidth: 0 })
}
