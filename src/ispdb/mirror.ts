import type { Domain } from '../model/address.ts'
import type { IspdbDocument } from '../model/settings.ts'
import type { IspdbFolder } from './folder.ts'

/** The documents of all folders, found by their domains. Never changes: a reload makes another. */
export class IspdbMirror {
  /** Each domain once, sorted as a computer does. */
  readonly domains: readonly Domain[]
  readonly #documents = new Map<Domain, IspdbDocument>()

  /** Of two files that name a domain the first is served for it. */
  constructor(folders: readonly IspdbFolder[]) {
    for (const { serve, files } of folders) {
      for (const { file, document } of files) {
        if (!document) continue
        const { body, domains } = document
        // One for all domains of the file, so that its answers are made once.
        const served: IspdbDocument = { body, file, serve }
        for (const { domain } of domains)
          if (!this.#documents.has(domain)) this.#documents.set(domain, served)
      }
    }
    this.domains = [...this.#documents.keys()].sort()
  }

  /** Exactly the domain, not one below it; `all` asks for what is served where mail clients ask for autoconfig. */
  find(domain: Domain, serve: IspdbDocument['serve']): IspdbDocument | undefined {
    const document = this.#documents.get(domain)
    return document && (serve === 'ispdb' || document.serve === 'all') ? document : undefined
  }
}
