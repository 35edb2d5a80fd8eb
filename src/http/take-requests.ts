import type { Server } from 'node:http'
import { oneAtATime, type RequestHandler } from './pipelining.ts'
import { closeAfterUnreadBody } from './unread-bodies.ts'

export interface TakeRequestsOptions {
  /** Called before anything else is done with a request. */
  readonly onRequest?: RequestHandler
  /** Called for a connection with too many unanswered requests. */
  readonly onTooMany: () => void
}

/** Replaces what answers the requests of a server. Nothing that a client sends is answered by Node.js itself, without the limits. */
export function takeRequests(
  server: Server,
  handle: RequestHandler,
  { onRequest, onTooMany }: TakeRequestsOptions,
): void {
  const limited = oneAtATime(closeAfterUnreadBody(handle), onTooMany)
  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    onRequest?.(request, response)
    limited(request, response)
  })
  // An expectation that nobody knows is ignored, instead of status 417 (RFC 9110, section 10.1.1, permits both).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
}
