import type { Server, ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { TLSSocket } from 'node:tls'
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import type { SharedLimits } from '../limits/shared-limits.ts'
import { paths } from '../model/paths.ts'
import type { Pages } from '../page/pages.ts'
import type { LiveResolver } from '../resolver/live-resolver.ts'
import type { ProfileSigner } from '../signing/profile-signer.ts'
import type { AccessLog } from './access-log.ts'
import { challengeRoute } from './challenge-route.ts'
import type { IsTrusted } from './client-address.ts'
import { countClients } from './client-requests.ts'
import type { Connections } from './connections.ts'
import { fastPath } from './fast-path.ts'
import { logBug } from './logged-events.ts'
import type { RequestHandler } from './pipelining.ts'
import { applyPolicies, draining, oneHost, type Policy } from './policy.ts'
import { rateLimit } from './rate-limit.ts'
import { publicAnswer, Readiness } from './readiness.ts'
import { registerRoutes, sendResponse } from './register-routes.ts'
import { originForm, preferTargetHost } from './request-target.ts'
import { errorResponse, errorTexts, type HttpResponse, type Subject } from './response.ts'
import type { Route } from './route.ts'
import { routesFor } from './routes.ts'
import { clientGone, serverOptions } from './server-options.ts'
import { takeRequests } from './take-requests.ts'
import { trustedProxies } from './trusted-proxies.ts'

export interface ServerOptions {
  readonly live: LiveResolver
  readonly log: Logger
  readonly accessLog: AccessLog
  readonly signer: ProfileSigner
  readonly pages: Pages
  readonly readiness?: Readiness
  /** Policies of the caller, such as limits. They apply before ours. */
  readonly policies?: readonly Policy[]
  /** The limits of connections. Without them, there are none. */
  readonly connections?: Connections | undefined
  /** Counts requests together with other servers. */
  readonly sharedLimits?: Pick<SharedLimits, 'accepted'> | undefined
  /** Listeners besides that of the app, such as that for https. They get the same answers, and are not closed with the app. */
  readonly others?: readonly Server[]
  readonly isStopping?: () => boolean
  /** Decides whose X-Forwarded-* headers count. */
  readonly isTrusted?: IsTrusted
}

/** The methods that some route serves. */
const servedMethods: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS'])

/**
 * Stands for every other method: a route for each method of each path would be a fifth of the cost of a start. Fastify does not read
 * the body of a TRACE.
 */
const otherMethod = 'TRACE'

/** The server for mail clients: our own Fastify app, where busy routes need not pass Fastify. */
export function clientServer({
  live,
  log,
  accessLog,
  signer,
  pages,
  readiness = new Readiness(live),
  policies: callersPolicies = [],
  connections,
  sharedLimits,
  others = [],
  isStopping = () => false,
  isTrusted = trustedProxies(() => live.current.config),
}: ServerOptions): FastifyInstance {
  const noRoute = accessLog.route('none')
  const app = fastify({
    ...serverOptions(live.current.config.http, (code) => accessLog.clientErrors.add(code)),
    trustProxy: isTrusted,
    rewriteUrl(request) {
      if (!servedMethods.has(request.method)) request.method = otherMethod
      preferTargetHost(request)
      const { url = '/' } = request
      return url.startsWith('/') ? url : originForm(url)
    },
    frameworkErrors: (_error, _request, reply) => sendError(reply, 404, errorTexts.unknownPath),
  })
  const routes = [...routesFor(signer, pages), challengeRoute()]
  const policies: readonly Policy[] = [
    countClients(accessLog.clients, isTrusted),
    draining(() => isStopping() || !app.server.listening),
    ...callersPolicies,
    rateLimit({
      config: () => live.current.config,
      paths: routes.map(({ path }) => path),
      isTrusted,
      onRefused: () => accessLog.refusals.add('rate'),
      onAccepted: sharedLimits?.accepted.bind(sharedLimits),
    }),
    oneHost,
  ]
  const onBug = logBug(log)

  function sendError(reply: FastifyReply, status: number, text: string): FastifyReply {
    noRoute.add(status, reply.elapsedTime, live.current.config.http.accessLog)
    return sendResponse(reply, errorResponse(status, text))
  }

  registerRoutes(app, routes, { live, accessLog, policies, onBug, otherMethods: [otherMethod] })
  // No client asks for this path: it is for balancers, and not logged, since they ask every few seconds.
  app.route({
    method: ['GET', 'HEAD'],
    url: paths.ready,
    handler(_request, reply) {
      const { status, headers, body } = publicAnswer(readiness)
      return reply.code(status).headers(headers).send(body)
    },
  })
  app.setNotFoundHandler((_request, reply) => sendError(reply, 404, errorTexts.unknownPath))
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // A body that is too long or incomplete does not matter to an unknown path.
    if ((error.statusCode ?? 500) < 500) return sendError(reply, 404, errorTexts.unknownPath)
    onBug(error, request.routeOptions.url)
    return sendError(reply, 500, errorTexts.internal)
  })
  const answer = fastPath(
    app,
    routes.filter(({ isBusy }) => isBusy).map((route) => [route.path, fastHandler(route)]),
  )
  for (const server of [app.server, ...others]) {
    connections?.watch(server)
    takeRequests(server, answer, {
      onRequest: ({ socket }) => connections?.asks(socket),
      onTooMany: () => accessLog.refusals.add('pipelining'),
    })
  }
  return app

  function fastHandler(route: Route): RequestHandler {
    const routeLog = accessLog.route(route.path, route.format)

    return (request, response) => {
      const resolver = live.current
      const started = performance.now()
      try {
        const url = request.url as string
        const { headers } = request
        const protocol = (request.socket as TLSSocket).encrypted ? 'https' : 'http'
        const answer =
          applyPolicies(policies, request, response) ??
          route.answer({ method: 'GET', url, host: headers.host ?? '', protocol, headers }, resolver)
        if (answer instanceof Promise) {
          answer
            .then((later) => write(response, later, started))
            .catch((error) => fail(error, response, started))
        } else write(response, answer, started)
      } catch (error) {
        fail(error as Error, response, started)
      }
    }

    function write(
      response: ServerResponse,
      { status, headers, body, subject }: HttpResponse,
      started: number,
    ): void {
      response.writeHead(status, headers).end(body, 'latin1')
      record(response.destroyed ? clientGone : status, started, subject)
    }

    function fail(error: Error, response: ServerResponse, started: number): void {
      onBug(error, route.path)
      if (!response.headersSent) write(response, errorResponse(500, errorTexts.internal), started)
    }

    function record(status: number, started: number, subject?: Subject): void {
      routeLog.add(status, performance.now() - started, live.current.config.http.accessLog, subject)
    }
  }
}
