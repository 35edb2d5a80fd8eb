import fastify, { type FastifyInstance } from 'fastify'
import type { LiveResolver } from '../resolver/live-resolver.ts'
import { addAsk } from './ask.ts'
import { plainText } from './headers.ts'
import type { RequestHandler } from './pipelining.ts'
import { withQueries } from './server-options.ts'
import { takeRequests } from './take-requests.ts'

/**
 * A listener for `/ask` alone, so that a proxy on another machine or in another container can ask it, but cannot read what the admin
 * listener shows. It answers at every host name: whether a domain is served is no secret, because the listener for clients says it.
 */
export function askServer(live: LiveResolver): FastifyInstance {
  const app = fastify(withQueries(live.current.config.http))
  const [fastifyHandler] = app.server.listeners('request') as [RequestHandler]
  takeRequests(app.server, fastifyHandler, { onTooMany: () => undefined })
  addAsk(app, live)
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type(plainText).send('Not found. The path is /ask?domain=NAME.\n'),
  )
  return app
}
