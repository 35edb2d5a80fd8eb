import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { HttpSettings } from '../config/schema.ts'
import type { Domain } from '../model/address.ts'
import { cors, ispdbCors } from './headers.ts'
import { acceptsGzip, noneMatchHolds } from './negotiation.ts'

/** A list of the domains that the files of the ISPDB name, as the public one has it. */
export interface Listing {
  readonly path: string
  readonly mediaType: string
  readonly spell: (domains: readonly Domain[]) => Iterable<string>
}

const html = 'text/html; charset=utf-8'
const json = 'application/json; charset=utf-8'

/** Without our own domains: nobody is told who the customers are. */
export const listings: readonly Listing[] = ['', '/autoconfig'].flatMap((base) => [
  { path: `${base}/v1.1/`, mediaType: html, spell: (domains) => page(domains, `${base}/v1.1/`) },
  { path: `${base}/generated_files.json`, mediaType: json, spell: names },
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

/** How many lines are made at a time, before what else there is to do is done. */
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

/** The answer; its body is a stream, since nobody knows how many domains there are. */
export function listingAnswer(
  { spell, mediaType }: Listing,
  domains: readonly Domain[],
  { maxAge, compress }: Pick<HttpSettings, 'maxAge' | 'compress'>,
  asked: IncomingHttpHeaders,
): { status: number; headers: string[]; body?: () => NodeJS.ReadableStream } {
  const isZipped = compress && acceptsGzip(asked['accept-encoding'])
  const etag = `"${digestOf(domains)}${isZipped ? '-gzip' : ''}"`
  const shared = [
    ...['ETag', etag, 'Cache-Control', `public, max-age=${maxAge}`, ...cors, ...ispdbCors],
    ...(compress ? ['Vary', 'Accept-Encoding'] : []),
  ]
  if (noneMatchHolds(asked['if-none-match'], etag)) return { status: 304, headers: shared }
  const encoding = isZipped ? ['Content-Encoding', 'gzip'] : []
  return {
    status: 200,
    headers: ['Content-Type', mediaType, ...encoding, ...shared],
    body: () => {
      const text = Readable.from(spell(domains))
      return isZipped ? text.pipe(createGzip()) : text
    },
  }
}
