import type { Result } from '../model/result.ts'
import type { AccountSettings, IspdbDocument } from '../model/settings.ts'

/** Where clients ask for a format. */
export interface Endpoint {
  /** `:domain` is a domain, `:address` an address and `:token` the token of a personal link. */
  readonly path: string
  /** Other spellings that clients use, for apps whose router is case-sensitive. */
  readonly otherSpellings?: readonly string[]
  /** The URLs that clients ask for, for `explain` and the documentation. */
  readonly urls?: (domain: string) => readonly string[]
  /**
   * How the request names the person, if not in the query or by a domain in the path. `autodiscover`: POST with XML, or GET
   * with a query. `autodiscover-json`: the query also names the wanted protocol. `link`: the token in the path. `page`: the query of
   * a form.
   */
  readonly request?: 'autodiscover' | 'autodiscover-json' | 'link' | 'page'
  /** Documents of the ISPDB are served here, too: those of every directory at the URLs of an ISPDB, else those with `all`. */
  readonly serve?: IspdbDocument['serve']
  /** The document is drawn as a QR code. */
  readonly picture?: 'svg' | 'png'
  /**
   * Several formats can share a path. The format is chosen by the `Accept` header (RFC 9110, section 12.5.1): this endpoint is
   * for clients that prefer this media type, and the endpoint without one is for all others.
   */
  readonly accept?: string
  /** Headers for this endpoint only, name by name, such as a content security policy. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Why a request gets no document. */
export type Refusal =
  /** The domain is not served. */
  | { readonly reason: 'unknownDomain' }
  /** The request cannot be parsed. */
  | { readonly reason: 'malformed' }
  /** It asks for something that is not offered here. `requested` contains only letters and digits. */
  | { readonly reason: 'unsupported'; readonly requested: string }
  /** The domain is served, but this format cannot express its settings. */
  | { readonly reason: 'notExpressible'; readonly why: string }
  /** The personal link is forged, damaged or expired. */
  | { readonly reason: 'invalidLink' }

/** A refusal, written as the clients of a format expect it. */
export interface RefusalDocument {
  readonly status: number
  readonly text: string
}

/** A way to write account settings. */
export interface Format {
  /** Its name on the command line. */
  readonly name: string
  /** `Content-Type`. */
  readonly mediaType: string
  /** The document depends on the person, so it is rendered for each request and never cached. */
  readonly personal: boolean
  readonly endpoints: readonly Endpoint[]
  /** The document is signed (CMS) if the configuration names a certificate. */
  readonly signed?: boolean
  /** A digest of the document is published, so nothing may change its bytes, not even compression. */
  readonly verbatim?: boolean
  /** Programs apply the document to everybody in the domain, so it contains nobody's login name. */
  readonly forEverybody?: boolean
  /** The file name under which a browser saves the document. */
  readonly fileName?: (settings: AccountSettings) => string
  /**
   * The document, to be sent as UTF-8; or why this format cannot express the settings, in words for people and without the
   * person's data. Same settings, same document.
   */
  render(settings: AccountSettings): Result<string>
  /** The response that clients of this format expect instead of a document. By default: status 404 and a line of plain text. */
  readonly refuse?: (refusal: Refusal, method: 'GET' | 'POST') => RefusalDocument
}
