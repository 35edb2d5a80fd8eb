import type * as z from 'zod'
import { displayName, displayShortName, documentation, enable } from '../../hosts/fields.ts'
import { notADomain } from '../../ispdb/document.ts'
import { type Domain, parseDomain } from '../../model/address.ts'
import type { Documentation } from '../../model/settings.ts'
import type { ElementReader } from './element-reader.ts'
import { type ImportedServer, importServer } from './server.ts'
import { importOAuth2, importServices } from './services.ts'
import { importWebMail } from './web-mail.ts'

/** The contents of an ISPDB file, as the configuration has them. */
export interface ImportedClientConfig {
  /** Only version 1.2 defines services other than mail. */
  readonly version: '1.1' | '1.2'
  readonly domains: readonly Domain[]
  /** The settings that a host or a domain can override in the configuration. */
  readonly names: Names
  readonly servers: readonly ImportedServer[]
  readonly enable?: object | undefined
  readonly webMail?: string | object | undefined
  readonly oAuth2?: object | undefined
  readonly services?: object | undefined
}

export interface Names {
  readonly id: Domain
  readonly displayName: string
  readonly displayShortName: string
  readonly documentation: readonly Documentation[]
}

/**
 * A `clientConfig` -> what the configuration can express of it; losses are reported. `undefined` if the rest could not be
 * served: then the file is ignored.
 */
export function importClientConfig(root: ElementReader): ImportedClientConfig | undefined {
  const version = importVersion(root)
  const provider = root.first('emailProvider')
  if (!provider) return ignoreFile(root, 'has no emailProvider')
  const domains = importDomains(provider)
  const readers = provider.all('incomingServer', 'outgoingServer')
  const isJmap = (reader: ElementReader): boolean =>
    reader.name === 'incomingServer' && reader.attribute('type') === 'jmap'
  const servers = readers.filter((reader) => !isJmap(reader)).flatMap((reader) => importServer(reader) ?? [])
  const names = domains[0] && importNames(root, provider, domains[0])
  const pages = { enable: importEnable(root, provider), webMail: importWebMail(root) }
  const oAuth2 = importOAuth2(root)
  const services = importServices({ root, provider, servers: readers.filter(isJmap) }, servers[0], oAuth2)
  provider.close()
  root.close()
  if (!names) return ignoreFile(root, 'has no valid domain')
  for (const [direction, present] of [
    ['incoming', servers.some(({ type }) => type !== 'smtp')],
    ['outgoing', servers.some(({ type }) => type === 'smtp')],
  ] as const)
    if (!present)
      return ignoreFile(root, `has no usable ${direction} server, and clients reject a document without one`)
  return { version, domains, names, servers, ...pages, oAuth2, services }
}

/** Our own documents have version 1.2 if they contain services. */
function importVersion(root: ElementReader): ImportedClientConfig['version'] {
  const version = root.attribute('version')
  if (version === undefined) root.report('has no version attribute; it is served as version 1.1')
  else if (version !== '1.1' && version !== '1.2')
    root.report('the version is neither 1.1 nor 1.2; it is served as version 1.1')
  return version === '1.2' ? version : '1.1'
}

function ignoreFile(root: ElementReader, reason: string): undefined {
  root.report(`${reason}; the file is ignored`)
  return undefined
}

function importDomains(provider: ElementReader): Domain[] {
  const domains = provider.all('domain').flatMap((reader) => {
    reader.close()
    const domain = parseDomain(reader.text)
    if (!domain) reader.drop(notADomain(reader.text))
    return domain ?? []
  })
  return [...new Set(domains)]
}

function importNames(root: ElementReader, provider: ElementReader, firstDomain: Domain): Names {
  const written = provider.attribute('id')
  const id = parseDomain(written ?? '') ?? firstDomain
  if (written === undefined) provider.report(`has no id; ${id} is used`)
  else if (id !== written) provider.report(`the id is not a host name in lower case; ${id} is used`)
  const longName = importName(provider, 'displayName', displayName, 60) ?? id
  const shortName =
    importName(provider, 'displayShortName', displayShortName, 20) ?? longName.slice(0, 20).trim()
  const pages = [
    ...provider.all('documentation', 'instruction'),
    ...movedInto(provider, root, 'documentation'),
  ]
  return {
    id,
    displayName: longName,
    displayShortName: shortName,
    documentation: pages.flatMap((reader) => importPage(reader) ?? []),
  }
}

/** A name, cut to the length that the configuration allows. */
function importName(
  provider: ElementReader,
  name: string,
  schema: z.ZodType<string>,
  maxLength: number,
): string | undefined {
  const reader = provider.first(name)
  if (!reader) {
    provider.report(`has no ${name}, which clients require; a default is used`)
    return undefined
  }
  reader.close()
  const text = reader.text.slice(0, maxLength).trim()
  if (text !== reader.text) reader.report(`is longer than ${maxLength} characters, and is shortened`)
  return reader.validated(schema, text) as string | undefined
}

/** Elements that older files have below the root. */
function movedInto(provider: ElementReader, root: ElementReader, name: string): ElementReader[] {
  const readers = root.all(name)
  for (const reader of readers) reader.report(`is moved into ${provider.name}`)
  return readers
}

function importPage(reader: ElementReader): Documentation | undefined {
  if (reader.name === 'instruction') reader.report('is renamed to documentation')
  const page = { url: reader.attribute('url') ?? '', descr: textsOf(reader, 'descr') }
  reader.close()
  return reader.validated(documentation.element, page) as Documentation | undefined
}

function importEnable(root: ElementReader, provider: ElementReader): object | undefined {
  const [reader, ...others] = [...provider.all('enable'), ...movedInto(provider, root, 'enable')]
  for (const other of others) other.dropDuplicate()
  if (!reader) return undefined
  const enabled = {
    visiturl: reader.attribute('visiturl') ?? '',
    instruction: textsOf(reader, 'instruction'),
  }
  reader.close()
  return reader.validated(enable, enabled) as object | undefined
}

/** The text in each language. */
function textsOf(parent: ElementReader, name: 'descr' | 'instruction'): Record<string, string> {
  const texts = new Map<string, string>()
  for (const reader of parent.all(name)) {
    const language = reader.attribute('lang') ?? 'default'
    reader.close()
    if (texts.has(language)) reader.drop('there is already a text for this language')
    else texts.set(language, reader.text)
  }
  return Object.fromEntries(texts)
}
