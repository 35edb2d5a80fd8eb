import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpResponse } from './response.ts'

/**
 * A check that every request passes before it is answered, also on the fast path. A policy that returns a response ends the
 * request with it; otherwise it may set headers.
 */
export type Policy = (request: IncomingMessage, response: ServerResponse) => HttpResponse | undefined

/** The response of the first policy that has one. */
export function applyPolicies(
  policies: readonly Policy[],
  request: IncomingMessage,
  response: ServerResponse,
): HttpResponse | undefined {
  for (const policy of policies) {
    const ended = policy(request, response)
    if (ended) return ended
  }
  return undefined
}

/** While the server stops, clients are answered, and asked to close their connection. */
export const draining =
  (isListening: () => boolean): Policy =>
  (_request, response) => {
    if (!isListening()) response.setHeader('Connection', 'close')
    return undefined
  }
