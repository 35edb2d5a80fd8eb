import type { IncomingHttpHeaders } from 'node:http'
import type { Resolver } from '../resolver/resolver.ts'
import type { TakeTurn } from './costly-work.ts'
import type { HttpResponse } from './response.ts'

/** A request, as routes see it. */
export interface RouteRequest {
  readonly method: string
  /** The request target, with the query. */
  readonly url: string
  /** The host name of the request, with the port; of the forwarded request, if a trusted proxy says so. */
  readonly host: string
  readonly protocol: string
  readonly headers: IncomingHttpHeaders
  /** The parameter in the path: a domain, an address, or a token. */
  readonly parameter?: string | undefined
  readonly body?: unknown
}

/** Answers a request for one path. Knows nothing of Fastify, sockets or listeners. */
export interface Route {
  /** With `:domain`, `:address` or `:token` for its parameter, if it has one. */
  readonly path: string
  readonly otherSpellings?: readonly string[] | undefined
  /** The format, for the access log. */
  readonly format?: string
  readonly takesPost: boolean
  /** Most requests are for it, so it must be able to answer without Fastify. */
  readonly isBusy: boolean
  /**
   * `takeTurn`: for what takes milliseconds of CPU. A look-up needs no turn, since it may wait for a source. Busy routes have no costly
   * work.
   */
  answer(request: RouteRequest, resolver: Resolver, takeTurn?: TakeTurn): HttpResponse | Promise<HttpResponse>
  /** The response to a body that is too long or incomplete. */
  refuseBody?(status: number): HttpResponse
}
