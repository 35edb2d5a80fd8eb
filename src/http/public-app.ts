import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import { pipeline } from 'node:stream'
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { Logger } from 'pino'
import type { Endpoint, Format } from '../formats/format.ts'
import { formats } from '../formats/index.ts'
import type { Lookup } from '../model/settings.ts'
import type { LiveResolver } from '../resolver/live-resolver.ts'
import { type Found, isDocument, type Resolver } from '../resolver/resolver.ts'
import type { ProfileSigner } from '../signing/profile-signer.ts'
import type { AccessLog, RouteLog } from './access-log.ts'
import { type Answer, Answers, sharedRenderings } from './answer.ts'
import { appOptions } from './app-options.ts'
import { type Handler, installFastPath } from './fast-path.ts'
import { allowedMethods, plainText, preflight } from './headers.ts'
import { type Listing, listingAnswer, listings } from './listings.ts'
import { lookupByHost, lookupByPath, lookupByQuery } from './lookup.ts'
import { PersonalAnswers } from './personal-answers.ts'
import { loadXmlReader, noLink, questionReaders } from './question.ts'
import { redirectToHttps } from './redirect.ts'
import { trustedProxies } from './trusted-proxies.ts'

export interface PublicAppOptions {
  readonly live: LiveResolver
  readonly log: Logger
  readonly accessLog: AccessLog
  readonly signer: ProfileSigner
}

export const unknownPath =
  'Nothing here. Mail settings are at /mail/config-v1.1.xml?emailaddress=YOU@YOUR-DOMAIN\n'

/** Methods that some endpoint serves. */
const servedMethods: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS'])

/**
 * Stands for every other, since a route for each of them at each endpoint was a fifth of what a start cost. It is one whose
 * body Fastify does not read.
 */
const otherMethod = 'TRACE'

/** What mail clients ask: one route for each endpoint of each format. */
export function publicApp({ live, log, accessLog, signer }: PublicAppOptions): FastifyInstance {
  const fastPaths: [path: string, handler: Handler][] = []
  const elsewhere = accessLog.route('none')
  const app = fastify({
    ...appOptions(live.current.config.http),
    trustProxy: trustedProxies(() => live.current.config),
    rewriteUrl(request) {
      if (!servedMethods.has(request.method)) request.method = otherMethod
      const { url = '/' } = request
      return url.startsWith('/') ? url : originForm(url)
    },
    frameworkErrors: (_error, _request, reply) => refuse(reply, elsewhere, 404, unknownPath),
  })
  // Clients send XML as anything: FairEmail calls it a form.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  function refuse(reply: FastifyReply, routeLog: RouteLog, status: number, body: string): void {
    reply.code(status).header('Content-Type', plainText).header('Access-Control-Allow-Origin', '*').send(body)
    record(reply, routeLog, status)
  }

  function record(reply: FastifyReply, routeLog: RouteLog, status: number): void {
    routeLog.count(status)
    if (live.current.config.http.accessLog) routeLog.write(status, reply.elapsedTime)
  }

  /** What an endpoint answers to methods that it does not serve, and to OPTIONS. */
  function serveOtherMethods(path: string, routeLog: RouteLog, takesPost: boolean): void {
    const answer = (request: FastifyRequest, reply: FastifyReply) => {
      if (request.method === 'OPTIONS') {
        reply.code(204).headers(preflight(takesPost)).send()
        record(reply, routeLog, 204)
        return
      }
      reply.header('Allow', allowedMethods(takesPost))
      refuse(reply, routeLog, 405, `Mail settings are read with ${takesPost ? 'GET or POST' : 'GET'}.\n`)
    }
    const method = ['OPTIONS', otherMethod, ...(takesPost ? [] : ['POST'])]
    // At the first moment already: before the body is read.
    app.route({ method, url: path, onRequest: answer, handler: answer })
  }

  /** A document that everybody of a domain shares: the busy path. */
  function serveShared(format: Format, answers: Answers, { path, serve }: Endpoint): void {
    const routeLog = accessLog.route(path, format.name)

    const bug = (error: Error, response: ServerResponse): void => {
      tellBug(error, path)
      if (!response.headersSent) response.writeHead(500, ['Content-Type', plainText])
      response.end('Internal error.\n')
      routeLog.count(500)
    }

    function answer(lookup: Lookup, { headers: asked }: IncomingMessage, response: ServerResponse): void {
      const resolver = live.current
      const started = resolver.config.http.accessLog ? performance.now() : 0
      try {
        const found = serve ? resolver.settingsOrDocument(lookup, serve) : resolver.settings(lookup)
        if (found instanceof Promise) {
          found
            .then((later) => write(later, resolver, started, asked, response))
            .catch((error) => bug(error, response))
        } else write(found, resolver, started, asked, response)
      } catch (error) {
        bug(error as Error, response)
      }
    }

    function write(
      found: Found | undefined,
      resolver: Resolver,
      started: number,
      asked: IncomingHttpHeaders,
      response: ServerResponse,
    ): void {
      const { status, headers, body } = answerTo(found, resolver, asked)
      response.writeHead(status, headers).end(body, 'latin1')
      routeLog.count(status)
      if (!resolver.config.http.accessLog) return
      const host = found && !isDocument(found) ? found.clientConfig.host.key : undefined
      routeLog.write(status, performance.now() - started, host)
    }

    function answerTo(found: Found | undefined, resolver: Resolver, asked: IncomingHttpHeaders): Answer {
      if (!found) return answers.unknown(resolver)
      return isDocument(found)
        ? answers.document(found, resolver, asked)
        : answers.known(found, resolver, asked)
    }

    // What has a digest is the same for all of a domain, whoever is asked about.
    const lookupFor = format.verbatim ? lookupByHost : lookupByQuery
    const byPath = path.includes(':')
    if (!byPath) {
      fastPaths.push([
        path,
        (request, response) => {
          const { url = '', headers } = request
          answer(lookupFor(url, headers.host ?? ''), request, response)
        },
      ])
    }
    app.route({
      method: ['GET', 'HEAD'],
      url: path,
      handler({ raw, host, params }, reply) {
        const lookup = byPath
          ? lookupByPath((params as { domain: string }).domain)
          : lookupFor(raw.url as string, host)
        // Fastify would look at every header again.
        reply.hijack()
        answer(lookup, raw, reply.raw)
      },
    })
    serveOtherMethods(path, routeLog, false)
  }

  /** The domains of the ISPDB, where there is one. */
  function serveListing(listing: Listing): void {
    const { path } = listing
    const routeLog = accessLog.route(path)
    app.route({
      method: ['GET', 'HEAD'],
      url: path,
      handler(request, reply) {
        const { ispdb, config } = live.current
        if (!ispdb) return refuse(reply, routeLog, 404, unknownPath)
        const { status, headers, body } = listingAnswer(listing, ispdb.domains, config.http, request.headers)
        const stream = request.method === 'HEAD' ? undefined : body?.()
        reply.hijack()
        reply.raw.writeHead(status, headers)
        // Who goes away before the end is nobody's fault.
        if (stream) pipeline(stream, reply.raw, () => {})
        else reply.raw.end()
        record(reply, routeLog, status)
      },
    })
    serveOtherMethods(path, routeLog, false)
  }

  /** A document that is made for one person, or for one way of asking. */
  function servePersonal(format: Format, { path, request: kind, picture }: Endpoint): void {
    const routeLog = accessLog.route(path, format.name)
    const answers = new PersonalAnswers(format, picture, signer)
    const takesPost = kind === 'autodiscover'

    function send(
      reply: FastifyReply,
      started: number,
      { status, headers, body }: Answer,
      host?: string,
    ): void {
      reply.hijack()
      reply.raw.writeHead(status, headers).end(body)
      routeLog.count(status)
      if (live.current.config.http.accessLog) routeLog.write(status, performance.now() - started, host)
    }

    app.route({
      method: takesPost ? ['GET', 'HEAD', 'POST'] : ['GET', 'HEAD'],
      url: path,
      onRequest(request, _reply, done) {
        // Fastify refuses a media type that is none, before any parser is asked.
        delete request.raw.headers['content-type']
        done()
      },
      async handler(request, reply) {
        const started = performance.now()
        const method = request.method === 'POST' ? 'POST' : 'GET'
        const resolver = live.current
        const question = await questionReaders[kind ?? 'query'](request, resolver)
        if (question === noLink) return send(reply, started, answers.noLink())
        if ('refusal' in question) return send(reply, started, answers.refused(question, method))
        const settings = await resolver.settings(question)
        if (!settings) return send(reply, started, answers.refused({ refusal: 'unknown' }, method))
        const location = kind === 'autodiscover' ? redirectToHttps(request, settings) : undefined
        const answer =
          location === undefined
            ? await answers.known(settings, resolver.config, method)
            : answers.elsewhere(location)
        send(reply, started, answer, settings.clientConfig.host.key)
      },
      errorHandler(error, request, reply) {
        // A body that is too long, or shorter than was said.
        const { statusCode = 500 } = error
        if (statusCode >= 500) return fail(error, request, reply, routeLog)
        send(reply, performance.now(), answers.refused({ refusal: 'malformed' }, 'POST', statusCode))
      },
    })
    serveOtherMethods(path, routeLog, takesPost)
  }

  const tellBug = (error: Error, route: string | undefined) =>
    log.error({ err: error, route }, 'a bug: please report it')

  function fail(error: Error, request: FastifyRequest, reply: FastifyReply, routeLog: RouteLog): void {
    tellBug(error, request.routeOptions.url)
    refuse(reply, routeLog, 500, 'Internal error.\n')
  }

  for (const format of formats) {
    const renderings = sharedRenderings(format)
    const [plain, ispdb] = [false, true].map((isIspdb) => new Answers(format, renderings, isIspdb)) as [
      Answers,
      Answers,
    ]
    for (const endpoint of format.endpoints) {
      if (format.personal || endpoint.request === 'link') servePersonal(format, endpoint)
      else serveShared(format, endpoint.serve === 'ispdb' ? ispdb : plain, endpoint)
    }
  }
  for (const listing of listings) serveListing(listing)
  installFastPath(app.server, fastPaths)
  app.addHook('onListen', async () => void loadXmlReader())
  app.setNotFoundHandler((_request, reply) => refuse(reply, elsewhere, 404, unknownPath))
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // A body that is too long, or shorter than was said, is nothing to a path that is none.
    const { statusCode = 500 } = error
    if (statusCode >= 500) fail(error, request, reply, elsewhere)
    else refuse(reply, elsewhere, 404, unknownPath)
  })
  return app
}

/** The URL of a request line in absolute form, as a proxy sends it, without scheme and host (RFC 9112, section 3.2.2). */
function originForm(url: string): string {
  return url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '') || '/'
}
