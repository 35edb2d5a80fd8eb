import { METHODS } from 'node:http'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Format } from '../formats/format.ts'
import { formats } from '../formats/index.ts'
import type { LiveDirectory } from '../live-directory.ts'
import type { Renderings } from '../renderings.ts'
import type { AccessLog, RouteLog } from './access-log.ts'
import { Answers } from './answer.ts'
import { appOptions } from './app-options.ts'
import { allowedMethods, plainText, preflight } from './headers.ts'
import { lookupByPath, lookupByQuery } from './lookup.ts'
import { trustedProxies } from './trusted-proxies.ts'

export interface PublicAppOptions {
  readonly live: LiveDirectory
  readonly renderings: Renderings
  readonly log: Logger
  readonly accessLog: AccessLog
}

const unknownPath = 'Nothing here. Mail settings are at /mail/config-v1.1.xml?emailaddress=YOU@YOUR-DOMAIN\n'

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

  function refuse(reply: FastifyReply, routeLog: RouteLog, status: number, body: string): void {
    reply.code(status).header('Content-Type', plainText).header('Access-Control-Allow-Origin', '*').send(body)
    routeLog.record(status, reply.elapsedTime, live.current.config.http.accessLog)
  }

  function serve(format: Format, path: string): void {
    const routeLog = accessLog.route(path, format.name)
    const answers = new Answers(format, renderings)
    const lookupOf = path.includes(':')
      ? ({ params }: FastifyRequest) => lookupByPath((params as { domain: string }).domain)
      : ({ raw, host }: FastifyRequest) => lookupByQuery(raw.url as string, host)

    app.route({
      method: ['GET', 'HEAD'],
      url: path,
      handler(request, reply) {
        const started = performance.now()
        const directory = live.current
        const { http } = directory.config
        const settings = directory.settings(lookupOf(request))
        const { status, headers, body, encoding } = settings
          ? answers.known(settings, http, request.raw.headers)
          : answers.unknown(http)
        // Past Fastify's own writing, which looks at every header again: a tenth of the cost of an answer.
        reply.hijack()
        reply.raw.writeHead(status, headers).end(body, encoding)
        routeLog.record(status, performance.now() - started, http.accessLog, settings?.provider.host.key)
      },
    })
    app.options(path, (_request, reply) => {
      reply.code(204).headers(preflight).send()
      routeLog.record(204, reply.elapsedTime, live.current.config.http.accessLog)
    })
    const notAllowed = (_request: FastifyRequest, reply: FastifyReply) => {
      reply.header('Allow', allowedMethods)
      refuse(reply, routeLog, 405, 'Mail settings are read with GET.\n')
    }
    // At the first moment already: before the body is read.
    app.route({ method: otherMethods, url: path, onRequest: notAllowed, handler: notAllowed })
  }

  for (const format of formats) for (const { path } of format.endpoints) serve(format, path)
  app.setNotFoundHandler((_request, reply) => refuse(reply, elsewhere, 404, unknownPath))
  app.setErrorHandler((error, request, reply) => {
    log.error({ err: error, route: request.routeOptions.url }, 'a bug: please report it')
    refuse(reply, elsewhere, 500, 'Internal error.\n')
  })
  return app
}

/** The URL of a request line in absolute form, as a proxy sends it, without scheme and host (RFC 9112, section 3.2.2). */
function originForm(url: string): string {
  return url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '') || '/'
}
