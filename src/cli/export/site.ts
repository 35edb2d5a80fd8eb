import { isDeepStrictEqual } from 'node:util'
import { formats } from '../../documents/formats.ts'
import { bytesOf } from '../../documents/rendering.ts'
import { Renderings } from '../../documents/renderings.ts'
import { formatPattern, type Pattern } from '../../domains/pattern.ts'
import type { Format } from '../../formats/format.ts'
import { listings } from '../../http/listings.ts'
import { type Domain, inULabels } from '../../model/address.ts'
import { failure, type Result, success } from '../../model/result.ts'
import type { ClientConfig, IspdbDocument } from '../../model/settings.ts'
import type { Pages } from '../../page/pages.ts'
import type { Resolver } from '../../resolver/resolver.ts'
import { type PageSite, pageFormats, type StaticFile, writePageFiles } from './pages.ts'
import type { Tree } from './tree.ts'

/** The place of the domain in a template: Caddy evaluates it, nginx replaces it as text. */
export const domainPlaceholder = '{{placeholder "http.vars.domain"}}'

/** A format whose documents are the same for everyone of a domain, and its URLs. */
export interface ExportedFormat {
  readonly file: string
  readonly mediaType: string
  readonly verbatim: boolean
  readonly paths: readonly string[]
  /** It is also served at `/v1.1/<domain>`. */
  readonly isIspdb: boolean
  /** ISPDB documents are served for it, too. */
  readonly isMirrored: boolean
}

/** The values that the configuration of a web server needs, besides the files. */
export interface Site {
  /** Are the documents in `domains/` templates, in which the web server fills in the domain? All others are. */
  readonly domainsAreTemplates: boolean
  readonly formats: readonly ExportedFormat[]
  /** Paths of documents with a published digest. They depend on the host name only. */
  readonly verbatimPaths: readonly string[]
  /** The directory for the subdomains of each wildcard. The closest wildcard applies. */
  readonly wildcards: ReadonlyMap<Domain, string>
  /** The directory for all domains that are not listed elsewhere. */
  readonly catchAll?: string
  /** The server's own names, and the directory for domains that are not mapped; `undefined` if there is no default host. */
  readonly ownNames: ReadonlyMap<Domain, string | undefined>
  /** The own name that is the provider's domain, and whether that is mapped to a host. */
  readonly providerId: Domain
  readonly isProviderMapped: boolean
  readonly hasIspdb: boolean
  readonly listings: readonly StaticFile[]
  readonly page: PageSite
}

export interface SiteOptions {
  /** Writes complete documents for each domain, instead of templates. */
  readonly eachDomain: boolean
  readonly pages: Pages
}

interface SettingsDocument {
  readonly file: string
  readonly verbatim: boolean
  readonly renderings: Renderings
}

const shared = formats.filter(({ personal }) => !personal)

/**
 * Writes all documents that are not personal, and the page for people. Fails if Caddy would misread a template; the other documents are still written.
 */
export function writeSite(resolver: Resolver, tree: Tree, options: SiteOptions): Result<Site> {
  return new SiteWriter(resolver, tree, options).write()
}

class SiteWriter {
  readonly #resolver: Resolver
  readonly #tree: Tree
  readonly #eachDomain: boolean
  readonly #pages: Pages
  /** The documents of each directory with settings. */
  readonly #documents: readonly SettingsDocument[]
  /** The directory of each client configuration. */
  readonly #directories = new Map<ClientConfig, string>()
  /** The key of the first host with a template that Caddy would misread. */
  #invalidHost: string | undefined

  constructor(resolver: Resolver, tree: Tree, { eachDomain, pages }: SiteOptions) {
    this.#resolver = resolver
    this.#tree = tree
    this.#eachDomain = eachDomain
    this.#pages = pages
    const all = [...shared.map((format) => [fileOf(format), format] as const), ...pageFormats(pages)]
    this.#documents = all.map(([file, format]) => ({
      file,
      verbatim: format.verbatim ?? false,
      renderings: new Renderings(format),
    }))
  }

  write(): Result<Site> {
    const wildcards = new Map<Domain, string>()
    let catchAll: string | undefined
    for (const [pattern, entry] of this.#resolver.entries()) {
      const clientConfig = this.#resolver.publicConfig(pattern as Domain, entry)
      if (pattern === '.') catchAll = this.#directoryOf(clientConfig, pattern)
      else if (pattern.startsWith('.'))
        wildcards.set(pattern.slice(1) as Domain, this.#directoryOf(clientConfig, pattern))
      // No web server can write a domain in U-labels.
      else if (this.#eachDomain || inULabels(pattern as Domain) !== undefined)
        this.#writeDocuments(`domains/${pattern}`, clientConfig, pattern)
      else this.#tree.link(`domains/${pattern}`, this.#directoryOf(clientConfig, pattern))
    }
    this.#writeIspdb()
    const site = {
      domainsAreTemplates: !this.#eachDomain,
      formats: shared.map(exportedFormat),
      verbatimPaths: shared
        .filter(({ verbatim }) => verbatim)
        .flatMap((format) => exportedFormat(format).paths),
      wildcards,
      ...(catchAll !== undefined && { catchAll }),
      ownNames: this.#ownNames(),
      providerId: this.#resolver.config.providerId,
      isProviderMapped: this.#resolver.find(this.#resolver.config.providerId) !== undefined,
      hasIspdb: this.#resolver.ispdb !== undefined,
      listings: this.#resolver.ispdb
        ? listings.map(({ path, mediaType }) => ({ path, mediaType, file: listingFile(path) }))
        : [],
      page: writePageFiles(this.#resolver, this.#tree, this.#pages),
    }
    if (this.#invalidHost === undefined) return success(site)
    return failure(
      `a text of the host ${this.#invalidHost} contains "{{", which Caddy reads as a template; change the text`,
    )
  }

  /** A mail host's own name answers for every domain; the provider's domain only if there is a default host. */
  #ownNames(): Map<Domain, string | undefined> {
    const { config } = this.#resolver
    const names = new Map<Domain, string | undefined>()
    const { defaultHost, providerId } = config
    const directoryOf = (clientConfig: ClientConfig, name: Domain) =>
      this.#directoryOf(this.#resolver.publicConfig(name, clientConfig), name)
    names.set(providerId, defaultHost && directoryOf(defaultHost, providerId))
    for (const clientConfig of [...config.hosts.values()].reverse())
      names.set(clientConfig.host.hostname, directoryOf(clientConfig, clientConfig.host.hostname))
    return names
  }

  /** The directory with the templates of a client configuration; written at the first call. */
  #directoryOf(clientConfig: ClientConfig, pattern: Pattern): string {
    let directory = this.#directories.get(clientConfig)
    if (directory === undefined) {
      directory = this.#nameOf(clientConfig, pattern)
      this.#directories.set(clientConfig, directory)
      this.#writeDocuments(directory, clientConfig)
    }
    return directory
  }

  /** The same in every export: the key of the host, or the pattern whose entry overrides the host. */
  #nameOf(clientConfig: ClientConfig, pattern: Pattern): string {
    const { host, hidesLogins } = clientConfig
    const plain = this.#resolver.config.hosts.get(host.key)
    const key = encodeURIComponent(host.key).replace(/^\.+$/, (dots) => dots.replaceAll('.', '%2E'))
    if (clientConfig === plain) return `hosts/${key}`
    if (hidesLogins && isDeepStrictEqual(clientConfig, { ...plain, hidesLogins }))
      return `hosts/${key}+accounts`
    return `entries/${formatPattern(pattern)}`
  }

  #writeDocuments(directory: string, clientConfig: ClientConfig, domain?: string): void {
    for (const { file, verbatim, renderings } of this.#documents) {
      const bytes = renderings.withPlaceholder(clientConfig, domain ?? domainPlaceholder)
      if (!bytes.ok) continue
      const pieces = Buffer.from(bytes.value).toString().split(domainPlaceholder)
      const isTemplate = domain === undefined && pieces.length > 1
      // Caddy evaluates complete documents, too, if they are beside templates.
      const isEvaluated = domain === undefined ? isTemplate : !this.#eachDomain
      if (isEvaluated && pieces.some((piece) => piece.includes('{{')))
        this.#invalidHost ??= clientConfig.host.key
      else this.#tree.file(`${directory}/${file}`, bytes.value, !isTemplate && !verbatim)
    }
  }

  /** Writes each ISPDB document once, with a link for each domain. */
  #writeIspdb(): void {
    const { ispdb } = this.#resolver
    if (!ispdb) return
    const files = new Map<object, string>()
    for (const domain of ispdb.domains) {
      const document = ispdb.find(domain, 'ispdb') as IspdbDocument
      let file = files.get(document)
      if (file === undefined) {
        // Named after its first domain: two directories may contain files of the same name.
        file = `ispdb/files/${domain}.xml`
        files.set(document, file)
        this.#tree.file(file, bytesOf(document), true)
      }
      this.#linkDocument(`ispdb/ispdb/${domain}.xml`, file)
      if (document.serve === 'all') this.#linkDocument(`ispdb/all/${domain}.xml`, file)
    }
    for (const listing of listings) {
      const text = [...listing.write(ispdb.domains)].join('')
      this.#tree.file(listingFile(listing.path), Buffer.from(text), true)
    }
  }

  #linkDocument(path: string, file: string): void {
    this.#tree.link(path, file)
    if (this.#tree.precompresses) this.#tree.link(`${path}.gz`, `${file}.gz`)
  }
}

/** `/autoconfig/v1.1/` -> `ispdb/autoconfig-v1.1.html`. */
const listingFile = (path: string): string => {
  const name = path.split('/').filter(Boolean).join('-')
  return `ispdb/${name.endsWith('.json') ? name : `${name}.html`}`
}

/** The last part of the first URL: `config-v1.1.xml`. */
const fileOf = ({ endpoints }: Format): string => endpoints[0]?.path.split('/').at(-1) as string

const exportedFormat = (format: Format): ExportedFormat => ({
  file: fileOf(format),
  mediaType: format.mediaType,
  verbatim: format.verbatim ?? false,
  paths: format.endpoints.map(({ path }) => path).filter((path) => !path.includes(':')),
  isIspdb: format.endpoints.some(({ serve }) => serve === 'ispdb'),
  isMirrored: format.endpoints.some(({ serve }) => serve !== undefined),
})
