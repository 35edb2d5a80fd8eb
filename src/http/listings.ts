import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { Domain } from '../model/address.ts'
import { cors, ispdbCors } from './headers.ts'
import { acceptsGzip, noneMatchHolds } from './negotiation.ts'
import { errorResponse, errorTexts, type HttpResponse } from './response.ts'
import type { Route } from './route.ts'

/** A list of the domains in the ISPDB's files, as the public ISPDB has it. */
export interface Listing {
  readonly path: string
  readonly mediaType: string
  readonly write: (domains: readonly Domain[]) => Iterable<string>
}

const html = 'text/html; charset=utf-8'
const json = 'application/json; charset=utf-8'

/** Without the configured domains: the names of customers are not public. */
export const listings: readonly Listing[] = ['', '/autoconfig'].flatMap((base) => [
  { path: `${base}/v1.1/`, mediaType: html, write: (domains) => page(domains, `${base}/v1.1/`) },
  { path: `${base}/generated_files.json`, mediaType: json, write: names },
])

function* page(domains: readonly Domain[], base: string): Generator<string> {
  yield '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>ISPDB</title></head>\n<body>\n'
  yield `<h1>ISPDB</h1>\n<p>${domains.length} domains</p>\n<ul>\n`
  yield* inPieces(domains, (domain) => `<li><a href="${base}${domain}">${domain}</a></li>\n`)
  yield '</ul>\n</body>\n</html>\n'
}

function* names(domains: readonly Domain[]): Generator<string> {
  yield '['
  yield* inPieces(domains, (domain, index) => `${index === 0 ? '' : ','}\n  "${domain}"`)
  yield domains.length === 0 ? ']\n' : '\n]\n'
}

/** How many lines are written at a time, so that other requests need not wait. */
const piece = 1000

function* inPieces(
  domains: readonly Domain[],
  line: (domain: Domain, index: number) => string,
): Generator<string> {
  for (let at = 0; at < domains.length; at += piece) {
    yield domains
      .slice(at, at + piece)
      .map((domain, index) => line(domain, at + index))
      .join('')
  }
}

const digests = new WeakMap<readonly Domain[], string>()

function digestOf(domains: readonly Domain[]): string {
  let digest = digests.get(domains)
  if (digest === undefined) {
    digest = createHash('sha256').update(domains.join('\n')).digest('base64url').slice(0, 16)
    digests.set(domains, digest)
  }
  return digest
}

export const listingRoutes: readonly Route[] = listings.map((listing) => ({
  path: listing.path,
  takesPost: false,
  isBusy: false,
  answer({ headers: request }, { ispdb, config: { http } }): HttpResponse {
    if (!ispdb) return errorResponse(404, errorTexts.unknownPath)
    const { domains } = ispdb
    const isZipped = http.compress && acceptsGzip(request['accept-encoding'])
    const etag = `"${digestOf(domains)}${isZipped ? '-gzip' : ''}"`
    const common = [
      ...['ETag', etag, 'Cache-Control', `public, max-age=${http.maxAge}`, ...cors, ...ispdbCors],
      ...(http.compress ? ['Vary', 'Accept-Encoding'] : []),
    ]
    if (noneMatchHolds(request['if-none-match'], etag)) return { status: 304, headers: common, body: '' }
    const encoding = isZipped ? ['Content-Encoding', 'gzip'] : []
    return {
      status: 200,
      headers: ['Content-Type', listing.mediaType, ...encoding, ...common],
      body: '',
      // There may be any number of domains, so the list is written in parts.
      stream() {
        const text = Readable.from(listing.write(domains))
        return isZipped ? text.pipe(createGzip()) : text
      },
    }
  },
}))
