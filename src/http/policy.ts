import type { IncomingMessage, ServerResponse } from 'node:http'
import { errorResponse, errorTexts, type HttpResponse } from './response.ts'

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
  (isStopping: () => boolean): Policy =>
  (_request, response) => {
    if (isStopping()) response.setHeader('Connection', 'close')
    return undefined
  }

/**
 * A request of HTTP/1.1 without a `Host` header, or any with two, gets status 400 (RFC 9112, section 3.2): another server may have
 * looked at the other one.
 */
export const oneHost: Policy = ({ rawHeaders, httpVersionMajor, httpVersionMinor }) => {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++
  }
  if (hosts > 1) return errorResponse(400, errorTexts.twoHosts)
  const mayLackHost = httpVersionMajor === 1 && httpVersionMinor === 0
  return hosts === 0 && !mayLackHost ? closing(errorResponse(400, errorTexts.noHost)) : undefined
}

/** As Node.js answers: what follows from such a client is hardly HTTP. */
function closing(response: HttpResponse): HttpResponse {
  response.headers.push('Connection', 'close')
  return response
}
