import { isDeepStrictEqual } from 'node:util'
import { bytesOf, Renderings } from '../../documents/renderings.ts'
import { formatPattern, type Pattern } from '../../domains/pattern.ts'
import { type Format, isExpressible } from '../../formats/format.ts'
import { formats } from '../../formats/index.ts'
import { listings } from '../../http/listings.ts'
import type { Domain } from '../../model/address.ts'
import type { ClientConfig, IspdbDocument } from '../../model/settings.ts'
import type { Resolver } from '../../resolver/resolver.ts'
import { CannotExport, type Tree } from './tree.ts'

/** What stands in a document where the domain is to be: Caddy fills it in as a template, nginx as a text. */
export const domainMark = '{{placeholder "http.vars.domain"}}'

/** A document that everybody of a domain shares, and the URLs where it is asked for. */
export interface ExportedFormat {
  readonly file: string
  readonly mediaType: string
  readonly verbatim: boolean
  readonly paths: readonly string[]
  /** It is asked for at `/v1.1/<domain>`, too. */
  readonly isIspdb: boolean
  /** Documents of the ISPDB answer for it, too. */
  readonly isMirrored: boolean
}

/** What the web server has to know, beside the files. */
export interface Site {
  /** Are the documents in `domains/` forms that the web server puts the domain into, as all others are? */
  readonly domainsAreForms: boolean
  readonly formats: readonly ExportedFormat[]
  /** Where documents are that have a digest, and are told of the host alone. */
  readonly verbatimPaths: readonly string[]
  /** Domains that all below are served alike: where the documents are. The nearest stands. */
  readonly below: ReadonlyMap<Domain, string>
  /** The documents of every domain that nothing names. */
  readonly all?: string
  /** Names of ours, and what they answer for domains that are not served: nothing where no host is named for them. */
  readonly own: ReadonlyMap<Domain, string | undefined>
  /** Of the names of ours, the one that is the provider's, and whether somebody serves it as a domain. */
  readonly providerId: Domain
  readonly isProviderServed: boolean
  readonly hasIspdb: boolean
  readonly listings: readonly { readonly path: string; readonly file: string; readonly mediaType: string }[]
}

export interface SiteOptions {
  /** A document for each domain, as bytes that are sent as they stand. */
  readonly eachDomain: boolean
}

const shared = formats.filter(({ personal }) => !personal)

/** Writes all that is sent without being made for one person; gives what the web server is to do with it. */
export function writeSite(resolver: Resolver, tree: Tree, { eachDomain }: SiteOptions): Site {
  return new SiteWriter(resolver, tree, eachDomain).write()
}

class SiteWriter {
  readonly #directory: Resolver
  readonly #tree: Tree
  readonly #eachDomain: boolean
  readonly #renderings = new Map<Format, Renderings>(shared.map((format) => [format, new Renderings(format)]))
  /** Where the documents of a provider are. */
  readonly #folders = new Map<ClientConfig, string>()

  constructor(resolver: Resolver, tree: Tree, eachDomain: boolean) {
    this.#directory = resolver
    this.#tree = tree
    this.#eachDomain = eachDomain
  }

  write(): Site {
    const below = new Map<Domain, string>()
    let all: string | undefined
    for (const [pattern, entry] of this.#directory.entries()) {
      const clientConfig = this.#directory.toldToAll(pattern as Domain, entry)
      if (pattern === '.') all = this.#folderOf(clientConfig, pattern)
      else if (pattern.startsWith('.'))
        below.set(pattern.slice(1) as Domain, this.#folderOf(clientConfig, pattern))
      else if (this.#eachDomain) this.#writeDocuments(`domains/${pattern}`, clientConfig, pattern)
      else this.#tree.link(`domains/${pattern}`, this.#folderOf(clientConfig, pattern))
    }
    this.#writeIspdb()
    return {
      domainsAreForms: !this.#eachDomain,
      formats: shared.map(exportedFormat),
      verbatimPaths: shared
        .filter(({ verbatim }) => verbatim)
        .flatMap((format) => exportedFormat(format).paths),
      below,
      ...(all !== undefined && { all }),
      own: this.#ownNames(),
      providerId: this.#directory.config.providerId,
      isProviderServed: this.#directory.find(this.#directory.config.providerId) !== undefined,
      hasIspdb: this.#directory.ispdb !== undefined,
      listings: this.#directory.ispdb
        ? listings.map(({ path, mediaType }) => ({ path, mediaType, file: listingFile(path) }))
        : [],
    }
  }

  /** A mail host's own name speaks for every domain, the provider's for none but where a host is named for them. */
  #ownNames(): Map<Domain, string | undefined> {
    const { config } = this.#directory
    const names = new Map<Domain, string | undefined>()
    const { defaultHost, providerId } = config
    const folderOf = (clientConfig: ClientConfig, name: Domain) =>
      this.#folderOf(this.#directory.toldToAll(name, clientConfig), name)
    names.set(providerId, defaultHost && folderOf(defaultHost, providerId))
    for (const clientConfig of [...config.hosts.values()].reverse())
      names.set(clientConfig.host.hostname, folderOf(clientConfig, clientConfig.host.hostname))
    return names
  }

  /** The folder with the forms of a provider; written when it is first asked for. */
  #folderOf(clientConfig: ClientConfig, pattern: Pattern): string {
    let folder = this.#folders.get(clientConfig)
    if (folder === undefined) {
      folder = this.#nameOf(clientConfig, pattern)
      this.#folders.set(clientConfig, folder)
      this.#writeDocuments(folder, clientConfig)
    }
    return folder
  }

  /** Stable from export to export: a host is named by its key, what one pattern says otherwise by that. */
  #nameOf(clientConfig: ClientConfig, pattern: Pattern): string {
    const { host, ownLogins } = clientConfig
    const plain = this.#directory.config.hosts.get(host.key)
    const key = encodeURIComponent(host.key).replace(/^\.+$/, (dots) => dots.replaceAll('.', '%2E'))
    if (clientConfig === plain) return `hosts/${key}`
    if (ownLogins && isDeepStrictEqual(clientConfig, { ...plain, ownLogins })) return `hosts/${key}+accounts`
    return `entries/${formatPattern(pattern)}`
  }

  #writeDocuments(folder: string, clientConfig: ClientConfig, domain?: string): void {
    for (const [format, renderings] of this.#renderings) {
      const bytes = renderings.renderWith(clientConfig, domain ?? domainMark)
      if (!isExpressible(bytes)) continue
      const pieces = Buffer.from(bytes).toString().split(domainMark)
      const isForm = domain === undefined && pieces.length > 1
      if (isForm && pieces.some((piece) => piece.includes('{{')))
        throw new CannotExport(
          `a text of ${clientConfig.host.key} holds "{{", which Caddy takes for a command: name it otherwise`,
        )
      this.#tree.file(`${folder}/${fileOf(format)}`, bytes, !isForm && !format.verbatim)
    }
  }

  /** Each document of the ISPDB once, with a link for each domain. */
  #writeIspdb(): void {
    const { ispdb } = this.#directory
    if (!ispdb) return
    const files = new Map<object, string>()
    for (const domain of ispdb.domains) {
      const document = ispdb.find(domain, 'ispdb') as IspdbDocument
      let file = files.get(document)
      if (file === undefined) {
        // Named by its first domain: two folders may have files of one name.
        file = `ispdb/files/${domain}.xml`
        files.set(document, file)
        this.#tree.file(file, bytesOf(document), true)
      }
      this.#linkDocument(`ispdb/ispdb/${domain}.xml`, file)
      if (document.serve === 'all') this.#linkDocument(`ispdb/all/${domain}.xml`, file)
    }
    for (const listing of listings) {
      const text = [...listing.spell(ispdb.domains)].join('')
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

/** `config-v1.1.xml`: as it is called where it is asked for first. */
const fileOf = ({ endpoints }: Format): string => endpoints[0]?.path.split('/').at(-1) as string

const exportedFormat = (format: Format): ExportedFormat => ({
  file: fileOf(format),
  mediaType: format.mediaType,
  verbatim: format.verbatim ?? false,
  paths: format.endpoints.map(({ path }) => path).filter((path) => !path.includes(':')),
  isIspdb: format.endpoints.some(({ serve }) => serve === 'ispdb'),
  isMirrored: format.endpoints.some(({ serve }) => serve !== undefined),
})
