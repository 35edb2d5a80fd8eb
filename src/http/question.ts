import type { FastifyRequest } from 'fastify'
import type { Endpoint, Refusal } from '../formats/format.ts'
import type { Lookup } from '../model/settings.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { decode, lookupByAddress, lookupByAddressInPath, lookupByQuery, parameter } from './lookup.ts'

/** A personal link that is forged, altered, or too old. */
export const noLink = Symbol('no link')

/** What a request asks, or why it cannot be answered. */
export type Question = Lookup | Refusal | typeof noLink

let xmlReader: Promise<typeof import('./autodiscover-request.ts')> | undefined

/** What reads XML is loaded when the server listens already, so that no start and no request waits for it. */
export function loadXmlReader(): Promise<typeof import('./autodiscover-request.ts')> {
  xmlReader ??= import('./autodiscover-request.ts')
  return xmlReader
}

/** Reads a request in the way of its endpoint; never fails. */
export const questionReaders: Readonly<
  Record<
    NonNullable<Endpoint['request']> | 'query',
    (request: FastifyRequest, resolver: Resolver) => Question | Promise<Question>
  >
> = {
  query: byQuery,

  async autodiscover(request) {
    if (request.method !== 'POST') return byQuery(request)
    const { readAutodiscoverRequest } = await loadXmlReader()
    const asked = readAutodiscoverRequest(
      request.body instanceof Uint8Array ? request.body : new Uint8Array(),
    )
    return 'refusal' in asked ? asked : lookupByAddress(asked.address, request.host)
  },

  'autodiscover-json'(request) {
    const url = request.raw.url as string
    const protocol = parameter(url, 'protocol')
    if (protocol === undefined) return { refusal: 'malformed' }
    if (decode(protocol).toLowerCase() !== 'autodiscoverv1')
      return { refusal: 'unsupported', asked: harmless(protocol) }
    const { address } = request.params as { address?: string }
    return address === undefined ? byQuery(request) : lookupByAddressInPath(address, request.host)
  },

  async link(request, { links }) {
    const { token } = request.params as { token: string }
    const person = await links?.read(token)
    if (!links || !person) return noLink
    const { incoming, languages } = byQuery(request)
    const { address } = person
    return {
      ...person,
      domain: address.domain,
      viaLink: true,
      incoming,
      languages,
      setupUrl: links.urlOf(token),
    }
  },
}

function byQuery({ raw, host, headers }: FastifyRequest): Lookup {
  return lookupByQuery(raw.url as string, host, headers['accept-language'])
}

/** What of a stranger's word may be said back to him: letters and digits, and not too many. */
const harmless = (text: string): string =>
  decode(text)
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 40)
