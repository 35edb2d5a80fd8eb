import type { Readable } from 'node:stream'
import type { Rendering } from '../documents/rendering.ts'
import type { Domain } from '../model/address.ts'
import { paths } from '../model/paths.ts'
import type { Resolution } from '../resolver/resolution.ts'
import { confidentialHeaders, cors, plainText } from './headers.ts'

/** A response, before it is sent. */
export interface HttpResponse extends Pick<Rendering, 'body'> {
  readonly status: number
  /** Name, value, name, value: the form that Node.js writes fastest. */
  readonly headers: string[]
  /** In place of `body`, for long lists. */
  readonly stream?: () => Readable
  /** The host and the domain that the response is about, for the access log. */
  readonly subject?: Subject
}

export interface Subject {
  /** The key of the mail host. */
  readonly mailHost?: string
  /** A domain that is served. */
  readonly domain?: Domain
}

/** The subject of a resolution. While its source does not answer, nobody knows whether the domain is served. */
export const subjectOf = ({ domain, clientConfig, reason }: Resolution): Subject =>
  reason.kind === 'backendUnavailable'
    ? { mailHost: clientConfig.host.key }
    : { mailHost: clientConfig.host.key, domain }

/** Error texts for clients and admins are ASCII, and never repeat anything of the request. */
export const errorTexts = {
  unknownDomain:
    'No mail settings for this domain. The domain is that of ?emailaddress= or of the host name; "mail-autoconfig explain DOMAIN" shows why it is unknown.\n',
  unknownPath: `Not found. Mail settings are at ${paths.autoconfig}?emailaddress=YOU@YOUR-DOMAIN\n`,
  uncertain: 'It is not known now whether this domain has mail settings here. Try again.\n',
  twoHosts: 'The request has two Host headers. Send one.\n',
  noHost: 'The request has no Host header.\n',
  tooManyRequests: 'Too many requests. Try again later.\n',
  internal: 'Internal error.\n',
  notExpressible: (why: string): string => `Not available for this domain: ${why}.\n`,
  methodNotAllowed: (takesPost: boolean): string =>
    `Use ${takesPost ? 'GET or POST' : 'GET'} to read mail settings.\n`,
} as const

/** The response to an error that may be cached for a number of seconds; by default it has no `Cache-Control`. */
export function errorResponse(status: number, text: string, maxAge?: number): HttpResponse {
  return {
    status,
    headers: [
      ...['Content-Type', plainText, 'Content-Length', String(text.length)],
      ...(maxAge === undefined ? [] : ['Cache-Control', `public, max-age=${maxAge}`]),
      ...cors,
    ],
    body: text,
  }
}

/** The response to a request that the client should repeat after a number of seconds. */
export function limitedResponse(status: number, text: string, seconds: number): HttpResponse {
  const response = errorResponse(status, text)
  response.headers.push('Retry-After', String(seconds), 'Cache-Control', 'no-store')
  return response
}

/** A response that, perhaps with its URL, is about one person. */
export const confidentialResponse = (
  status: number,
  mediaType: string,
  body: string | Uint8Array,
): HttpResponse & { readonly body: Uint8Array } => {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  return {
    status,
    headers: ['Content-Type', mediaType, 'Content-Length', String(bytes.length), ...confidentialHeaders],
    body: bytes,
  }
}
