import type { AccountSettings, IspdbDocument } from '../model/settings.ts'

/** Where clients ask for a format. */
export interface Endpoint {
  /** Fastify's notation; `:domain` is the domain, `:address` the address that is asked about, `:token` that of a link. */
  readonly path: string
  /** Who asks there, and from which of its names: for `explain` and the documentation. */
  readonly urls?: (domain: string) => readonly string[]
  /**
   * How the request says whom it asks about, where it is not the query or the path alone: `autodiscover` is a POST with
   * XML, and a GET without; `autodiscover-json` says in the query what it wants, too; `link` is a personal link, whose
   * `:token` in the path says all of it.
   */
  readonly request?: 'autodiscover' | 'autodiscover-json' | 'link'
  /** Documents of the ISPDB answer here, too: of every folder where an ISPDB is asked, else of those that say `all`. */
  readonly serve?: IspdbDocument['serve']
  /** The document is sent as a QR code, drawn so; only where it is personal. */
  readonly picture?: 'svg' | 'png'
}

/** Settings that a format has no words for. The reason is for people, and holds nothing of the asker. */
export interface NotExpressible {
  readonly notExpressible: string
}

/** Why a request gets no document. */
export type Refusal =
  /** Nobody serves the domain. */
  | { readonly refusal: 'unknown' }
  /** The request cannot be read. */
  | { readonly refusal: 'malformed' }
  /** It asks for something else than this format; `asked` in letters and digits. */
  | { readonly refusal: 'unsupported'; readonly asked: string }
  /** The domain is served, but not in this format. */
  | ({ readonly refusal: 'notExpressible' } & NotExpressible)

/** How a format says that there is no document. */
export interface RefusalDocument {
  readonly status: number
  readonly text: string
}

/** One way to spell account settings. */
export interface Format {
  /** As on the command line. */
  readonly name: string
  /** `Content-Type`. */
  readonly mediaType: string
  /** Do the bytes depend on the person? Then they are rendered for each request and never cached. */
  readonly personal: boolean
  readonly endpoints: readonly Endpoint[]
  /** The bytes are signed (CMS) where the configuration names a certificate. */
  readonly signed?: boolean
  /** The digest of the bytes is published: nothing on the way may change them, not even by compression. */
  readonly verbatim?: boolean
  /** The name of the file that a browser saves the document as. */
  readonly fileName?: (settings: AccountSettings) => string
  /** The document as text, to be sent in UTF-8. Same settings, same text. */
  render(settings: AccountSettings): string | NotExpressible
  /** What clients of this format read when there is none, in its media type; a line of plain text with 404 by default. */
  readonly refuse?: (refusal: Refusal, method: 'GET' | 'POST') => RefusalDocument
}

export const isExpressible = <T>(rendered: T | NotExpressible): rendered is T =>
  typeof rendered !== 'object' || rendered === null || !('notExpressible' in rendered)
