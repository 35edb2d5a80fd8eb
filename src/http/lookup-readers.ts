import type { Endpoint, Refusal } from '../formats/format.ts'
import { type Lookup, lookupOf } from '../model/lookup.ts'
import { failure, type Result, success } from '../model/result.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { decode, lookupByAddress, lookupByAddressInPath, lookupByQuery, parameter } from './lookup.ts'
import type { RouteRequest } from './route.ts'

/** The lookup in a request, or the reason why the request gets no document. */
export type RequestedLookup = Result<Lookup, Refusal>

let autodiscoverReader: Promise<typeof import('./autodiscover-request.ts')> | undefined

/** Loads the XML parser once the server listens, so that neither the start nor the first request waits for it. */
export function loadAutodiscoverReader(): Promise<typeof import('./autodiscover-request.ts')> {
  autodiscoverReader ??= import('./autodiscover-request.ts')
  return autodiscoverReader
}

/** Reads a request as its endpoint defines it. Never rejects. */
export const lookupReaders: Readonly<
  Record<
    NonNullable<Endpoint['request']> | 'query',
    (request: RouteRequest, resolver: Resolver) => RequestedLookup | Promise<RequestedLookup>
  >
> = {
  query: (request) => success(byQuery(request)),

  page: (request) => success(byQuery(request)),

  async autodiscover(request) {
    if (request.method !== 'POST') return success(byQuery(request))
    const { readAutodiscoverRequest } = await loadAutodiscoverReader()
    const address = readAutodiscoverRequest(
      request.body instanceof Uint8Array ? request.body : new Uint8Array(),
    )
    return address.ok ? success(lookupByAddress(address.value, request.host)) : address
  },

  'autodiscover-json'(request) {
    const protocol = parameter(request.url, 'protocol')
    if (protocol === undefined) return failure({ reason: 'malformed' })
    if (decode(protocol).toLowerCase() !== 'autodiscoverv1')
      return failure({ reason: 'unsupported', requested: harmless(protocol) })
    const { parameter: address } = request
    return success(address === undefined ? byQuery(request) : lookupByAddressInPath(address, request.host))
  },

  async link(request, { links }) {
    const token = request.parameter as string
    const person = await links?.read(token)
    if (!links || !person) return failure({ reason: 'invalidLink' })
    const { address, login, realName } = person
    const { incoming, only, languages } = byQuery(request).person()
    const asked = { address, realName, incoming, only, languages }
    return success(lookupOf({ ...asked, setupUrl: links.urlOf(token), link: { login } }))
  },
}

/** The languages that a person reads, best first. */
export const languagesOf = (request: RouteRequest): readonly string[] | undefined =>
  byQuery(request).person().languages

const byQuery = ({ url, host, headers }: RouteRequest): Lookup =>
  lookupByQuery(url, host, headers['accept-language'])

/** The part of a request's text that may be repeated in the answer: at most 40 letters and digits. */
const harmless = (text: string): string =>
  decode(text)
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 40)
