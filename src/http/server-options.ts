import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyHttpOptions } from 'fastify'
import type { HttpSettings } from '../config/schema.ts'

/** Limits for requests. */
export const bounds = {
  /** Request line and headers together, in bytes. A long address in UTF-8, percent-encoded twice, fits. */
  maxHeaderSize: 16 * 1024,
  /** In bytes. No client needs more. */
  bodyLimit: 8 * 1024,
  /** Of a domain in the path, percent-encoded. */
  maxParamLength: 2300,
} as const

/** The status in log and metrics of a request whose client is gone before its answer was sent, as nginx has it. */
export const clientGone = 499

/** The options of all listeners. `onClientError` is called with the code of an error when bytes are not an HTTP request. */
export function serverOptions(
  http: HttpSettings,
  onClientError: (code: string | undefined) => void = () => undefined,
) {
  const requestTimeout = http.requestTimeout * 1000
  return {
    bodyLimit: bounds.bodyLimit,
    requestTimeout,
    /** Closes connections that neither send nor read. */
    connectionTimeout: (http.keepAliveTimeout + http.requestTimeout) * 1000,
    keepAliveTimeout: http.keepAliveTimeout * 1000,
    forceCloseConnections: 'idle',
    // Open connections are still answered while the server stops: some mail clients end their search at a 5xx.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    routerOptions: {
      caseSensitive: false,
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      maxParamLength: bounds.maxParamLength,
      // The query is parsed where it is needed, by a parser that cannot fail.
      querystringParser: () => ({}),
    },
    http: {
      maxHeaderSize: bounds.maxHeaderSize,
      headersTimeout: requestTimeout,
      // A policy checks it: Node.js would answer without any limit.
      requireHostHeader: false,
      connectionsCheckingInterval: Math.min(requestTimeout, 2000),
    },
    clientErrorHandler(error: { readonly code?: string }, socket: Socket) {
      onClientError(error.code)
      answerBadBytes(error, socket)
    },
    // Otherwise Fastify loads its schema compilers, even if no route has a schema.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  } satisfies FastifyHttpOptions<Server>
}

/** The options of a listener whose routes read `request.query`. */
export function withQueries(http: HttpSettings) {
  const {
    routerOptions: { querystringParser: _, ...routerOptions },
    ...options
  } = serverOptions(http)
  return { ...options, routerOptions }
}

const statuses: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** Answers bytes that are not an HTTP request. */
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
  throw new Error('no route has a schema')
}
