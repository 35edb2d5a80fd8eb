import { type IncomingHttpHeaders, METHODS } from 'node:http'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { HttpSettings } from '../config/schema.ts'
import type { AccountSettings, Lookup } from '../domain/settings.ts'
import type { Format } from '../formats/format.ts'
import { formats } from '../formats/index.ts'
import type { LiveDirectory } from '../live-directory.ts'
import type { Rendering, Renderings } from '../renderings.ts'
import type { AccessLog, RouteLog } from './access-log.ts'
import { appOptions } from './app-options.ts'
import { lookupByPath, lookupByQuery } from './lookup.ts'
import { acceptsGzip, noneMatchHolds } from './negotiation.ts'
import { trustedProxies } from './trusted-proxies.ts'

export interface PublicAppOptions {
  readonly live: LiveDirectory
  readonly renderings: Renderings
  readonly log: Logger
  readonly accessLog: AccessLog
}

const text = 'text/plain; charset=utf-8'

const unknownDomain: Pick<Rendering, 'body' | 'encoding'> = {
  body: 'No mail settings for this domain here. The domain is taken from ?emailaddress= or from the Host; "mail-autoconfig explain DOMAIN" says why it is not found.\n',
  encoding: 'latin1',
}
const unknownPath = 'Nothing here. Mail settings are at /mail/config-v1.1.xml?emailaddress=YOU@YOUR-DOMAIN\n'

/** An endpoint with what is prepared for its answers. */
interface ServedEndpoint {
  readonly format: Format
  readonly log: RouteLog
  readonly headers: (http: HttpSettings) => { found: string[]; unknown: string[] }
}

/** What mail clients ask: one route for each endpoint of each format. */
export function publicApp({ live, renderings, log, accessLog }: PublicAppOptions): FastifyInstance {
  const elsewhere = accessLog.route('none')
  const app = fastify({
    ...appOptions(live.current.config.http),
    trustProxy: trustedProxies(() => live.current.config),
    rewriteUrl: ({ url = '/' }) => (url.startsWith('/') ? url : originForm(url)),
    frameworkErrors: (_error, _request, reply) => refuse(reply, elsewhere, 404, unknownPath),
  })
  for (const method of METHODS) if (!app.supportedMethods.includes(method)) app.addHttpMethod(method)
  const otherMethods = app.supportedMethods.filter((method) => !['GET', 'HEAD', 'OPTIONS'].includes(method))

  function answer(
    endpoint: ServedEndpoint,
    lookup: Lookup,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const started = performance.now()
    const directory = live.current
    const { http } = directory.config
    const settings = directory.settings(lookup)
    const { format, log } = endpoint
    const { found, unknown } = endpoint.headers(http)
    const { status, headers, rendering } = settings
      ? answerKnown(format, settings, found, http, request.raw.headers)
      : { status: 404, headers: unknown, rendering: unknownDomain }
    // Past Fastify's own writing, which looks at every header again: a tenth of the cost of an answer.
    reply.hijack()
    reply.raw.writeHead(status, headers).end(rendering?.body ?? '', rendering?.encoding ?? 'latin1')
    log.record(status, performance.now() - started, http.accessLog, settings?.provider.host.key)
  }

  function answerKnown(
    format: Format,
    settings: AccountSettings,
    found: readonly string[],
    http: HttpSettings,
    { 'accept-encoding': coding, 'if-none-match': known }: IncomingHttpHeaders,
  ): { status: number; headers: string[]; rendering?: Pick<Rendering, 'body' | 'encoding'> } {
    const zipped = http.compress && acceptsGzip(coding) ? renderings.renderGzip(format, settings) : undefined
    const rendering = zipped ?? renderings.render(format, settings)
    const { length, etag } = rendering
    if (noneMatchHolds(known, etag)) return { status: 304, headers: ['ETag', etag, ...found] }
    const headers = [
      'Content-Type',
      format.mediaType,
      'Content-Length',
      String(length),
      'ETag',
      etag,
      ...found,
    ]
    if (zipped) headers.push('Content-Encoding', 'gzip')
    return { status: 200, headers, rendering }
  }

  function refuse(reply: FastifyReply, routeLog: RouteLog, status: number, body: string): void {
    reply.code(status).header('Content-Type', text).header('Access-Control-Allow-Origin', '*').send(body)
    routeLog.record(status, reply.elapsedTime, live.current.config.http.accessLog)
  }

  function serve(format: Format, path: string): void {
    const routeLog = accessLog.route(path, format.name)
    const endpoint = {
      format,
      log: routeLog,
      headers: rememberLast((http: HttpSettings) => sharedHeaders(format, http)),
    }
    const lookupOf = path.includes(':')
      ? ({ params }: FastifyRequest) => lookupByPath((params as { domain: string }).domain)
      : ({ raw, host }: FastifyRequest) => lookupByQuery(raw.url as string, host)
    app.route({
      method: ['GET', 'HEAD'],
      url: path,
      handler: (request, reply) => answer(endpoint, lookupOf(request), request, reply),
    })
    app.options(path, (_request, reply) => {
      reply.code(204).headers(preflight).send()
      routeLog.record(204, reply.elapsedTime, live.current.config.http.accessLog)
    })
    app.route({
      method: otherMethods,
      url: path,
      // Before the body is read.
      onRequest(_request, reply) {
        reply.header('Allow', allowed)
        refuse(reply, routeLog, 405, 'Mail settings are read with GET.\n')
      },
      handler: () => undefined,
    })
  }

  for (const format of formats) for (const { path } of format.endpoints) serve(format, path)
  app.setNotFoundHandler((_request, reply) => refuse(reply, elsewhere, 404, unknownPath))
  app.setErrorHandler((error, request, reply) => {
    log.error({ err: error, route: request.routeOptions.url }, 'a bug: please report it')
    refuse(reply, elsewhere, 500, 'Internal error.\n')
  })
  return app
}

const allowed = 'GET, HEAD, OPTIONS'

const preflight = {
  Allow: allowed,
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': allowed,
  'Access-Control-Max-Age': '86400',
} as const

/** The headers that all answers of a format share, made once for each configuration; name, value, name, value. */
function sharedHeaders(format: Format, http: HttpSettings): { found: string[]; unknown: string[] } {
  const cors = ['Access-Control-Allow-Origin', '*']
  const found = format.personal
    ? ['Cache-Control', 'no-store', ...cors]
    : [
        'Cache-Control',
        `public, max-age=${http.maxAge}`,
        ...cors,
        ...(http.compress ? ['Vary', 'Accept-Encoding'] : []),
      ]
  const unknown = [
    ...['Content-Type', text, 'Content-Length', String(unknownDomain.body.length)],
    ...['Cache-Control', `public, max-age=${http.notFoundMaxAge}`, ...cors],
  ]
  return { found, unknown }
}

/** The URL of a request line in absolute form, as a proxy sends it, without scheme and host (RFC 9112, section 3.2.2). */
function originForm(url: string): string {
  return url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '') || '/'
}

/** A function that remembers what it made last, and of what. */
function rememberLast<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  let last: { readonly key: Key; readonly value: Value } | undefined
  return (key) => {
    if (last?.key !== key) last = { key, value: make(key) }
    return last.value
  }
}
