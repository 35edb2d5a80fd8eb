import { type IncomingMessage, METHODS, type ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Lookup } from '../domain/settings.ts'
import type { Format } from '../formats/format.ts'
import { formats } from '../formats/index.ts'
import type { LiveDirectory } from '../live-directory.ts'
import type { AccessLog, RouteLog } from './access-log.ts'
import { Answers } from './answer.ts'
import { appOptions } from './app-options.ts'
import { allowedMethods, plainText, preflight } from './headers.ts'
import { lookupByPath, lookupByQuery } from './lookup.ts'
import { type Handler, takeShortWay } from './short-way.ts'
import { trustedProxies } from './trusted-proxies.ts'

export interface PublicAppOptions {
  readonly live: LiveDirectory
  readonly log: Logger
  readonly accessLog: AccessLog
}

const unknownPath = 'Nothing here. Mail settings are at /mail/config-v1.1.xml?emailaddress=YOU@YOUR-DOMAIN\n'

/** What mail clients ask: one route for each endpoint of each format. */
export function publicApp({ live, log, accessLog }: PublicAppOptions): FastifyInstance {
  const shortWays: [path: string, handler: Handler][] = []
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
    record(reply, routeLog, status)
  }

  function record(reply: FastifyReply, routeLog: RouteLog, status: number): void {
    routeLog.count(status)
    if (live.current.config.http.accessLog) routeLog.write(status, reply.elapsedTime)
  }

  function serve(format: Format, answers: Answers, path: string): void {
    const routeLog = accessLog.route(path, format.name)

    function answer(lookup: Lookup, { headers: asked }: IncomingMessage, response: ServerResponse): void {
      const directory = live.current
      const { http } = directory.config
      const started = http.accessLog ? performance.now() : 0
      const settings = directory.settings(lookup)
      const { status, headers, body } = settings
        ? answers.known(settings, http, asked)
        : answers.unknown(http)
      response.writeHead(status, headers).end(body, 'latin1')
      routeLog.count(status)
      if (http.accessLog) routeLog.write(status, performance.now() - started, settings?.provider.host.key)
    }

    const byPath = path.includes(':')
    if (!byPath) {
      shortWays.push([
        path,
        (request, response) => {
          const { url = '', headers } = request
          answer(lookupByQuery(url, headers.host ?? ''), request, response)
        },
      ])
    }
    app.route({
      method: ['GET', 'HEAD'],
      url: path,
      handler({ raw, host, params }, reply) {
        const lookup = byPath
          ? lookupByPath((params as { domain: string }).domain)
          : lookupByQuery(raw.url as string, host)
        // Fastify would look at every header again.
        reply.hijack()
        answer(lookup, raw, reply.raw)
      },
    })
    app.options(path, (_request, reply) => {
      reply.code(204).headers(preflight).send()
      record(reply, routeLog, 204)
    })
    const notAllowed = (_request: FastifyRequest, reply: FastifyReply) => {
      reply.header('Allow', allowedMethods)
      refuse(reply, routeLog, 405, 'Mail settings are read with GET.\n')
    }
    // At the first moment already: before the body is read.
    app.route({ method: otherMethods, url: path, onRequest: notAllowed, handler: notAllowed })
  }

  for (const format of formats) {
    const answers = new Answers(format)
    for (const { path } of format.endpoints) serve(format, answers, path)
  }
  takeShortWay(app.server, shortWays)
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
