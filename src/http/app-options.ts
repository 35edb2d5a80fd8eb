import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyHttpOptions } from 'fastify'
import type { HttpSettings } from '../config/schema.ts'

/** Bounds on what a stranger may send, and how long he may take for it. */
const bounds = {
  /** Request line and headers together, in bytes; a long address in UTF-8, percent-encoded twice, fits. */
  maxHeaderSize: 16 * 1024,
  /** In bytes; no client has cause to send more. */
  bodyLimit: 8 * 1024,
  /** Of a domain in the path, percent-encoded. */
  maxParamLength: 2300,
} as const

/** Options that both listeners share. */
export function appOptions(http: HttpSettings) {
  const requestTimeout = http.requestTimeout * 1000
  return {
    bodyLimit: bounds.bodyLimit,
    requestTimeout,
    /** Drops who neither sends nor reads. */
    connectionTimeout: (http.keepAliveTimeout + http.requestTimeout) * 1000,
    keepAliveTimeout: http.keepAliveTimeout * 1000,
    forceCloseConnections: 'idle',
    // While stopping, who has a connection is still answered: a mail client takes 5xx for an answer.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    routerOptions: {
      caseSensitive: false,
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      maxParamLength: bounds.maxParamLength,
      // The query is read where it is needed, and by a reader that cannot fail.
      querystringParser: () => ({}),
    },
    http: {
      maxHeaderSize: bounds.maxHeaderSize,
      headersTimeout: requestTimeout,
      connectionsCheckingInterval: Math.min(requestTimeout, 2000),
    },
    clientErrorHandler: answerBadBytes,
    // Else Fastify loads its compilers of schemas, whether a route has one or not.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  } satisfies FastifyHttpOptions<Server>
}

const statuses: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** Answers bytes that are no HTTP request. Nothing of them is logged: an address may be among them. */
function answerBadBytes({ code }: { readonly code?: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = statuses[String(code)] ?? '400 Bad Request'
  const body = `${status.slice(4)}\n`
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  )
}

function noSchemas(): never {
  throw new Error('routes have no schemas here')
}
