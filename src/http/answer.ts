import type { IncomingHttpHeaders } from 'node:http'
import type { HttpSettings } from '../config/schema.ts'
import { DocumentRenderings, type Rendering, Renderings } from '../documents/renderings.ts'
import { type Format, isExpressible, type NotExpressible } from '../formats/format.ts'
import type { AccountSettings, IspdbDocument } from '../model/settings.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { cors, ispdbCors, plainText } from './headers.ts'
import { acceptsGzip, noneMatchHolds } from './negotiation.ts'

/** An answer, ready to be written. */
export interface Answer extends Pick<Rendering, 'body'> {
  readonly status: number
  /** Name, value, name, value: as Node takes them fastest. */
  readonly headers: string[]
}

const notModified = { status: 304, body: '' } as const

export const unknownDomain =
  'No mail settings for this domain here. The domain is taken from ?emailaddress= or from the Host; "mail-autoconfig explain DOMAIN" says why it is not found.\n'

/** How long the public ISPDB says that nobody need ask again for a domain that it does not know, in seconds. */
export const ispdbNotFoundMaxAge = 28_800

/** What the endpoints of one format share: what is rendered for one of them is for all. */
export interface SharedRenderings {
  readonly settings: Renderings
  readonly documents: DocumentRenderings
}

export const sharedRenderings = (format: Format): SharedRenderings => ({
  settings: new Renderings(format),
  documents: new DocumentRenderings(),
})

/** Answers with the documents of one format that everybody of a domain shares. */
export class Answers {
  readonly #format: Format
  readonly #renderings: SharedRenderings
  readonly #isIspdb: boolean
  #prepared:
    | { readonly of: HttpSettings; readonly headers: readonly string[]; readonly unknown: Answer }
    | undefined

  /** `isIspdb`: at a URL of an ISPDB, with the headers that the public one has. */
  constructor(format: Format, renderings = sharedRenderings(format), isIspdb = false) {
    this.#format = format
    this.#renderings = renderings
    this.#isIspdb = isIspdb
  }

  /** To whom is served: the document, or that he has it already. */
  known(settings: AccountSettings, resolver: Resolver, asked: IncomingHttpHeaders): Answer {
    const { http } = resolver.config
    const mayZip = http.compress && acceptsGzip(asked['accept-encoding'])
    const { settings: renderings } = this.#renderings
    const zipped = mayZip ? renderings.renderGzip(settings) : undefined
    const rendering = zipped ?? renderings.render(settings)
    if (!isExpressible(rendering)) return notExpressible(rendering, http)
    if (settings.personal)
      return confidentialAnswer(200, this.#format.mediaType, rendering.body as Uint8Array)
    const { changesAt } = settings.clientConfig
    const shared =
      changesAt === undefined
        ? this.#for(resolver).headers
        : this.#headers(http, Math.floor((changesAt - resolver.now()) / 1000))
    return this.#shared(rendering, zipped !== undefined, shared, asked)
  }

  /** A document of the ISPDB as it stands, or that he has it already. */
  document(document: IspdbDocument, resolver: Resolver, asked: IncomingHttpHeaders): Answer {
    const isZipped = resolver.config.http.compress && acceptsGzip(asked['accept-encoding'])
    const { documents } = this.#renderings
    const rendering = isZipped ? documents.renderGzip(document) : documents.render(document)
    return this.#shared(rendering, isZipped, this.#for(resolver).headers, asked)
  }

  #shared(
    { body, length, etag }: Rendering,
    isZipped: boolean,
    shared: readonly string[],
    asked: IncomingHttpHeaders,
  ): Answer {
    if (noneMatchHolds(asked['if-none-match'], etag))
      return { ...notModified, headers: ['ETag', etag, ...shared] }
    const headers = [
      'Content-Type',
      this.#format.mediaType,
      'Content-Length',
      String(length),
      'ETag',
      etag,
      ...shared,
    ]
    if (isZipped) headers.push('Content-Encoding', 'gzip')
    return { status: 200, headers, body }
  }

  /**
   * To whom is not: the cheapest answer of all, and never an empty one, which KDE would take for the end. Nobody keeps it
   * where a source that might know could not be asked.
   */
  unknown(resolver: Resolver): Answer {
    return resolver.isCertain
      ? this.#for(resolver).unknown
      : confidentialAnswer(404, plainText, Buffer.from(unknownDomain))
  }

  /** What all answers share is made once for each configuration. */
  #for({ config: { http }, ispdb }: Resolver) {
    if (this.#prepared?.of !== http) {
      const headers = this.#headers(http, http.maxAge)
      const isMirror = this.#isIspdb && ispdb !== undefined
      const notFoundMaxAge = isMirror ? ispdbNotFoundMaxAge : http.notFoundMaxAge
      const unknown = notFound(unknownDomain, { notFoundMaxAge })
      if (this.#isIspdb) unknown.headers.push(...ispdbCors)
      this.#prepared = { of: http, headers, unknown }
    }
    return this.#prepared
  }

  /** What may be kept is kept no longer than it holds, in seconds. */
  #headers({ maxAge, compress }: HttpSettings, holds: number): string[] {
    const { verbatim } = this.#format
    const age = Math.max(0, Math.min(maxAge, holds))
    return [
      ...['Cache-Control', `public, max-age=${age}${verbatim ? ', no-transform' : ''}`, ...cors],
      ...(compress && !verbatim ? ['Vary', 'Accept-Encoding'] : []),
      ...(this.#isIspdb ? ispdbCors : []),
    ]
  }
}

/** For nobody to keep, to find, or to pass on: it is about one person, and so may its URL be. */
const confidential = [
  ...['Cache-Control', 'no-store', ...cors],
  ...['X-Robots-Tag', 'noindex', 'Referrer-Policy', 'no-referrer', 'X-Content-Type-Options', 'nosniff'],
]

export const confidentialAnswer = (status: number, mediaType: string, body: Uint8Array): Answer => ({
  status,
  headers: ['Content-Type', mediaType, 'Content-Length', String(body.length), ...confidential],
  body,
})

const notExpressible = ({ notExpressible: reason }: NotExpressible, http: HttpSettings): Answer =>
  notFound(notHere(reason), http)

export const notHere = (reason: string): string => `Not for this domain: ${reason}.\n`

/** In ASCII. */
const notFound = (body: string, { notFoundMaxAge }: Pick<HttpSettings, 'notFoundMaxAge'>): Answer => ({
  status: 404,
  headers: [
    ...['Content-Type', plainText, 'Content-Length', String(body.length)],
    ...['Cache-Control', `public, max-age=${notFoundMaxAge}`, ...cors],
  ],
  body,
})
