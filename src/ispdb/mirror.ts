import type { Domain } from '../model/address.ts'
import type { IspdbDocument } from '../model/settings.ts'
import type { IspdbFolder } from './folder.ts'

/** The documents of all ISPDB directories, by domain. Immutable: a reload makes a new one. */
export class IspdbMirror {
  /** Each domain once, sorted by code units. */
  readonly domains: readonly Domain[]
  /** How many files have an error. They may name domains that are not known here. */
  readonly broken: number
  readonly #documents = new Map<Domain, IspdbDocument>()

  /** If two files name a domain, the first is served for it. */
  constructor(folders: readonly IspdbFolder[]) {
    for (const { serve, files } of folders) {
      for (const { file, document } of files) {
        if (!document) continue
        const { body, domains } = document
        // One object for all domains of the file: its renderings are cached by identity.
        const served: IspdbDocument = { body, file, serve }
        for (const { domain } of domains)
          if (!this.#documents.has(domain)) this.#documents.set(domain, served)
      }
    }
    this.broken = folders.flatMap(({ files }) => files).filter(({ isBroken }) => isBroken).length
    this.domains = [...this.#documents.keys()].sort()
  }

  /** Finds the domain itself, never a parent. With `all`, only documents that are also served at the autoconfig URLs. */
  find(domain: Domain, serve: IspdbDocument['serve']): IspdbDocument | undefined {
    const document = this.#documents.get(domain)
    return document && (serve === 'ispdb' || document.serve === 'all') ? document : undefined
  }
}
