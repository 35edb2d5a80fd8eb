import type { IncomingHttpHeaders } from 'node:http'
import type { HttpSettings } from '../config/schema.ts'
import type { Rendering } from '../documents/rendering.ts'
import { DocumentRenderings, Renderings } from '../documents/renderings.ts'
import type { Format } from '../formats/format.ts'
import type { Lookup } from '../model/lookup.ts'
import { accountSettings, type ClientConfig } from '../model/settings.ts'
import {
  type Found,
  type FoundDocument,
  isDocument,
  isResolution,
  type NotFound,
  type Resolution,
} from '../resolver/resolution.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { askElsewhere } from './ask-elsewhere.ts'
import { cors, ispdbCors, plainText } from './headers.ts'
import { maxAgeOf } from './max-age.ts'
import { acceptsGzip, noneMatchHolds } from './negotiation.ts'
import {
  confidentialResponse,
  errorResponse,
  errorTexts,
  type HttpResponse,
  type Subject,
  subjectOf,
} from './response.ts'

/** How long the public ISPDB allows caches to store "unknown domain", in seconds. */
export const ispdbNotFoundMaxAge = 28_800

/** The documents of a format, shared by all its endpoints. */
export interface SharedDocuments {
  readonly settings: Renderings
  readonly ispdb: DocumentRenderings
}

export const sharedDocuments = (format: Format): SharedDocuments => ({
  settings: new Renderings(format),
  ispdb: new DocumentRenderings(),
})

/** The parts that all responses share under one configuration. */
interface Prepared {
  readonly of: HttpSettings
  readonly headers: readonly string[]
  readonly unknownDomain: HttpResponse
}

/** Responses with the documents of one format that everybody in a domain shares. */
export class SharedResponses {
  readonly #format: Format
  readonly #documents: SharedDocuments
  readonly #isIspdb: boolean
  #prepared: Prepared | undefined

  /** `isIspdb`: at the URLs of an ISPDB, where responses have the headers of the public one. */
  constructor(format: Format, documents = sharedDocuments(format), isIspdb = false) {
    this.#format = format
    this.#documents = documents
    this.#isIspdb = isIspdb
  }

  respond(found: Found, lookup: Lookup, resolver: Resolver, request: IncomingHttpHeaders): HttpResponse {
    const elsewhere = askElsewhere(found, resolver.config.http)
    if (elsewhere) return elsewhere
    if (isResolution(found)) return this.#settings(found, lookup, resolver, request)
    return isDocument(found) ? this.#document(found, resolver, request) : this.#notFound(found, resolver)
  }

  #settings(
    found: Resolution,
    lookup: Lookup,
    resolver: Resolver,
    request: IncomingHttpHeaders,
  ): HttpResponse {
    const { domain, clientConfig } = found
    const { http } = resolver.config
    if (found.confidential) {
      const rendering = this.#documents.settings.personal(
        accountSettings(domain, clientConfig, lookup.person()),
      )
      const response = rendering.ok
        ? confidentialResponse(200, this.#format.mediaType, rendering.value.body)
        : confidentialResponse(404, plainText, errorTexts.notExpressible(rendering.error))
      return { ...response, subject: subjectOf(found) }
    }
    const { certain } = found
    const template = this.#documents.settings.template(clientConfig, domain)
    if (!template.ok)
      return { ...this.#notExpressible(template.error, certain, http), subject: subjectOf(found) }
    const isZipped = http.compress && !this.#format.verbatim && acceptsGzip(request['accept-encoding'])
    const rendering = isZipped ? template.value.fillGzip(domain) : template.value.fill(domain)
    const headers = certain ? this.#headersOf(clientConfig, resolver) : this.#headers(http)
    return this.#send(rendering, isZipped, headers, request, subjectOf(found))
  }

  #headersOf(clientConfig: ClientConfig, resolver: Resolver): readonly string[] {
    if (clientConfig.changesAt === undefined) return this.#for(resolver).headers
    const { http } = resolver.config
    return this.#headers(
      http,
      maxAgeOf(clientConfig, http.maxAge, () => resolver.now()),
    )
  }

  #document(
    { domain, document, certain }: FoundDocument,
    resolver: Resolver,
    request: IncomingHttpHeaders,
  ): HttpResponse {
    const { http } = resolver.config
    const isZipped = http.compress && acceptsGzip(request['accept-encoding'])
    const { ispdb } = this.#documents
    const rendering = isZipped ? ispdb.renderGzip(document) : ispdb.render(document)
    const headers = certain ? this.#for(resolver).headers : this.#headers(http)
    return this.#send(rendering, isZipped, headers, request, { domain })
  }

  #send(
    { body, length, etag }: Rendering,
    isZipped: boolean,
    common: readonly string[],
    request: IncomingHttpHeaders,
    subject: Subject,
  ): HttpResponse {
    if (noneMatchHolds(request['if-none-match'], etag))
      return { status: 304, headers: ['ETag', etag, ...common], body: '', subject }
    const headers = ['Content-Type', this.#format.mediaType, 'Content-Length', String(length), 'ETag', etag]
    headers.push(...common)
    if (isZipped) headers.push('Content-Encoding', 'gzip')
    return { status: 200, headers, body, subject }
  }

  /** The cheapest response of all. It has a body, since KDE ends its search at an empty one. */
  #notFound({ certain }: NotFound, resolver: Resolver): HttpResponse {
    return certain
      ? this.#for(resolver).unknownDomain
      : confidentialResponse(404, plainText, errorTexts.unknownDomain)
  }

  #notExpressible(why: string, certain: boolean, { notFoundMaxAge }: HttpSettings): HttpResponse {
    const text = errorTexts.notExpressible(why)
    return certain ? errorResponse(404, text, notFoundMaxAge) : confidentialResponse(404, plainText, text)
  }

  #for({ config: { http }, ispdb }: Resolver): Prepared {
    if (this.#prepared?.of !== http) {
      // A file with an error may name the domain as soon as it is fixed.
      const isComplete = this.#isIspdb && ispdb?.broken === 0
      const notFoundMaxAge = isComplete ? ispdbNotFoundMaxAge : http.notFoundMaxAge
      const unknownDomain = errorResponse(404, errorTexts.unknownDomain, notFoundMaxAge)
      if (this.#isIspdb) unknownDomain.headers.push(...ispdbCors)
      this.#prepared = { of: http, headers: this.#headers(http, http.maxAge), unknownDomain }
    }
    return this.#prepared
  }

  /** `maxAge`: in seconds; absent if they are not certain. */
  #headers({ compress }: HttpSettings, maxAge?: number): string[] {
    const { verbatim } = this.#format
    const caching = maxAge === undefined ? 'no-store' : `public, max-age=${maxAge}`
    return [
      ...['Cache-Control', `${caching}${verbatim ? ', no-transform' : ''}`, ...cors],
      ...(compress && !verbatim ? ['Vary', 'Accept-Encoding'] : []),
      ...(this.#isIspdb ? ispdbCors : []),
    ]
  }
}
