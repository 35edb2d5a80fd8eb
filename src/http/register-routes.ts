import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { bytesOf } from '../documents/rendering.ts'
import type { LiveResolver } from '../resolver/live-resolver.ts'
import type { AccessLog, RouteLog } from './access-log.ts'
import { ClientGone, CostlyWork } from './costly-work.ts'
import { allowedMethods, preflight } from './headers.ts'
import { loadAutodiscoverReader } from './lookup-readers.ts'
import { type MountedRoutes, matchRoute, mount } from './mounted-routes.ts'
import { applyPolicies, type Policy } from './policy.ts'
import { preferTargetHost } from './request-target.ts'
import { errorResponse, errorTexts, type HttpResponse, type Subject } from './response.ts'
import type { Route } from './route.ts'
import { bounds, clientGone } from './server-options.ts'

export interface RegisterOptions {
  readonly live: LiveResolver
  readonly accessLog: AccessLog
  readonly policies: readonly Policy[]
  /** Called for a bug, with the path of the route. */
  readonly onBug: (error: Error, route: string) => void
  /** The methods that no route serves, for which each answers 405. */
  readonly otherMethods: readonly HTTPMethods[]
}

/** Fastify's own lines for each request contain the URL, and with it the address, so they are not written. */
const logLevel = 'warn'

/** A request's route, its parameter in the path, and its log. */
interface Target {
  readonly route: Route
  readonly routeLog: RouteLog
  readonly parameter?: string | undefined
}

/** Registers the routes in a Fastify app or in the scope of a plugin, where all hooks of the app apply. */
export function registerRoutes(
  app: FastifyInstance,
  routes: readonly Route[],
  { live, accessLog, policies, onBug, otherMethods }: RegisterOptions,
): void {
  const logs = new Map<Route, RouteLog>(
    routes.map((route) => [route, accessLog.route(route.path, route.format)]),
  )
  const logOf = (route: Route): RouteLog => logs.get(route) as RouteLog
  const subjects = new WeakMap<FastifyReply, Subject>()
  const costlyWork = new CostlyWork()

  // Clients send XML with any media type: FairEmail calls it a form.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('onListen', async () => void loadAutodiscoverReader())

  app.addHook('onRequest', (request, reply, done) => {
    const ended = applyPolicies(policies, request.raw, reply.raw)
    if (ended) sendResponse(reply, ended)
    else done()
  })

  /** Counts and logs a response, ours or that of another hook, such as a rate limit. */
  function record(routeLog: RouteLog, reply: FastifyReply, status = reply.statusCode): void {
    routeLog.add(status, reply.elapsedTime, live.current.config.http.accessLog, subjects.get(reply))
  }

  for (const mounted of mount(routes)) {
    // In an app whose router ignores case, the first spelling is all of them.
    if (!app.hasRoute({ method: 'GET', url: app.prefix + mounted.url })) serve(mounted)
  }

  function serve(mounted: MountedRoutes): void {
    const takesPost = mounted.routes.some((route) => route.takesPost)
    const targetOf = (request: FastifyRequest): Target | undefined => {
      const match = matchRoute(mounted, (request.params as { '*'?: string })['*'])
      return match && { ...match, routeLog: logOf(match.route) }
    }

    const onResponse = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
      const target = targetOf(request)
      if (target) record(target.routeLog, reply)
      done()
    }

    app.route({
      method: ['GET', 'HEAD', ...(takesPost ? (['POST'] as const) : [])],
      url: mounted.url,
      bodyLimit: bounds.bodyLimit,
      logLevel,
      onResponse,
      onRequest(request, reply, done) {
        const target = targetOf(request)
        reply.raw.once('close', () => {
          // Fastify calls onResponse only if the response is sent.
          if (target && !reply.raw.writableEnded) record(target.routeLog, reply, clientGone)
        })
        // Fastify refuses an invalid media type before it calls any parser.
        delete request.raw.headers['content-type']
        preferTargetHost(request.raw)
        done()
      },
      async handler(request, reply) {
        const target = targetOf(request)
        if (!target) return reply.callNotFound()
        const { route, parameter } = target
        const { method, raw, host, protocol, headers, body } = request
        const url = raw.url as string
        try {
          const asked = { method, url, host, protocol, headers, parameter, body }
          const response = await route.answer(asked, live.current, (work) =>
            costlyWork.run(work, () => raw.socket.destroyed),
          )
          if (response.subject) subjects.set(reply, response.subject)
          return sendResponse(reply, response)
        } catch (error) {
          if (error instanceof ClientGone) return reply.hijack()
          onBug(error as Error, route.path)
          return sendResponse(reply, errorResponse(500, errorTexts.internal))
        }
      },
      errorHandler(error, request, reply) {
        const { code, statusCode = 400 } = error as FastifyError
        const refuseBody = targetOf(request)?.route.refuseBody
        // Other errors come from hooks of the app, such as a rate limit, and are for its error handler.
        if (!code?.startsWith('FST_ERR_CTP_') || !refuseBody) throw error
        return sendResponse(reply, refuseBody(statusCode))
      },
    })

    const refuseMethod = (request: FastifyRequest, reply: FastifyReply) => {
      const target = targetOf(request)
      if (!target) return reply.callNotFound()
      const { route } = target
      if (request.method === 'OPTIONS') {
        reply.headers(preflight(route.takesPost))
        return sendResponse(reply, { status: 204, headers: [], body: '' })
      }
      reply.header('Allow', allowedMethods(route.takesPost))
      return sendResponse(reply, errorResponse(405, errorTexts.methodNotAllowed(route.takesPost)))
    }
    app.route({
      method: ['OPTIONS', ...otherMethods, ...(takesPost ? [] : (['POST'] as const))],
      url: mounted.url,
      logLevel,
      onResponse,
      // Before the body is read.
      onRequest: (request, reply) => void refuseMethod(request, reply),
      handler: refuseMethod,
    })
  }
}

/** Through Fastify's reply, so that headers that hooks have set are sent, and hooks see the body. */
export function sendResponse(
  reply: FastifyReply,
  { status, headers, body, stream }: HttpResponse,
): FastifyReply {
  reply.code(status)
  for (let i = 0; i < headers.length; i += 2) reply.header(headers[i] as string, headers[i + 1])
  if (stream) return reply.send(reply.request.method === 'HEAD' ? undefined : stream())
  return reply.send(body === '' ? undefined : Buffer.from(bytesOf({ body })))
}
