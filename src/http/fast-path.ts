import type { FastifyInstance } from 'fastify'
import type { RequestHandler } from './pipelining.ts'

/**
 * Returns the handler for the requests of the server. It answers without Fastify's router, request and reply, which are a fifth of the
 * cost of an answer, if the request is the one that nearly every client sends: a GET of a path in the spelling of the specification,
 * sent directly or by a proxy that forwards the Host. Everything else goes through Fastify, and so does everything as soon as other
 * code registers a hook.
 */
export function fastPath(
  app: FastifyInstance,
  handlers: readonly (readonly [path: string, handler: RequestHandler])[],
): RequestHandler {
  const [fastify] = app.server.listeners('request') as [RequestHandler]
  let hasForeignHooks = false
  const addHook = app.addHook as (...args: unknown[]) => unknown
  // Plugins inherit from the app, so their hooks pass here, too.
  app.addHook = function (this: FastifyInstance, ...args: unknown[]) {
    hasForeignHooks = true
    return addHook.apply(this, args)
  } as typeof app.addHook
  return (request, response) => {
    const isFast = request.method === 'GET' && !hasForeignHooks && !request.headers['x-forwarded-host']
    const handler = isFast ? handlerOf(request.url as string, handlers) : undefined
    if (handler) handler(request, response)
    else fastify(request, response)
  }
}

/** There are few paths, so they are compared in turn: for a look-up, the path would have to be cut out of the URL. */
function handlerOf(
  url: string,
  handlers: readonly (readonly [string, RequestHandler])[],
): RequestHandler | undefined {
  for (const [path, handler] of handlers) {
    if (url.startsWith(path) && (url.length === path.length || url[path.length] === '?')) return handler
  }
  return undefined
}
