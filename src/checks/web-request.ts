import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { failure, type Result, success } from '../model/result.ts'
import { addressesOf } from './addresses.ts'
import { anyCertificate, authorityOf, checkCertificate } from './certificate.ts'
import type { Check } from './check.ts'
import { deadline } from './deadline.ts'
import type { Network } from './network.ts'

export interface WebAnswer {
  readonly status: number
  readonly body: Buffer
  /** The URLs that were asked: more than one after redirects. */
  readonly urls: readonly string[]
  /** The checks of the certificate of the first URL, if it is `https`. */
  readonly certificate: readonly Check[]
  /** The name of the authority that issued the certificate. */
  readonly authority?: string
}

/** In bytes: more than any document of ours. */
const longestBody = 1_000_000
const mostRedirects = 5

/** Asks a URL as a mail client does, and follows redirects. An answer to a POST is not followed. Any certificate is accepted. */
export async function ask(
  url: string,
  network: Network,
  post?: string,
  before: readonly string[] = [],
): Promise<Result<WebAnswer>> {
  const urls = [...before, url]
  const answer = await askOnce(new URL(url), network, post)
  if (!answer.ok) return failure(before.length > 0 ? `${answer.error} at ${url}` : answer.error)
  const { location, ...value } = answer.value
  if (location === undefined || post !== undefined) return success({ ...value, urls })
  if (urls.length > mostRedirects) return failure(`more than ${mostRedirects} redirects`)
  const next = URL.parse(location, url)
  if (next?.protocol !== 'https:' && next?.protocol !== 'http:')
    return failure('a redirect to no web address')
  const final = await ask(next.href, network, post, urls)
  return final.ok ? success({ ...final.value, ...certificateOf(value) }) : final
}

const certificateOf = ({ certificate, authority }: Omit<WebAnswer, 'urls'>) => ({
  certificate,
  ...(authority !== undefined && { authority }),
})

type Once = Omit<WebAnswer, 'urls'> & { readonly location: string | undefined }

async function askOnce(url: URL, network: Network, post: string | undefined): Promise<Result<Once>> {
  const { places, check } = await addressesOf(url.hostname, network)
  const [place] = places
  if (!place) return failure(check.seen)
  const isSecure = url.protocol === 'https:'
  const request = (isSecure ? httpsRequest : httpRequest)({
    host: place.address,
    port: place.port ?? (Number(url.port) || (isSecure ? 443 : 80)),
    path: `${url.pathname}${url.search}`,
    method: post === undefined ? 'GET' : 'POST',
    headers: { host: url.host, ...(post !== undefined && { 'content-type': 'text/xml' }) },
    servername: url.hostname,
    secureContext: network.trust,
    ...anyCertificate,
    agent: false,
    signal: deadline(network.timeout, network.signal),
  } as object)
  return new Promise((resolve) => {
    const fail = ({ code, message }: NodeJS.ErrnoException) =>
      resolve(failure(code === 'ABORT_ERR' ? 'no answer in time' : (code ?? message)))
    request.on('error', fail)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let length = 0
      const socket = response.socket as TLSSocket
      const seen = isSecure
        ? {
            certificate: checkCertificate(socket, url.hostname, url.origin, network.now()),
            authority: authorityOf(socket),
          }
        : { certificate: [] }
      response.on('error', fail)
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        length += chunk.length
        if (length > longestBody) response.destroy(new Error('an answer of more than a megabyte'))
      })
      response.on('end', () => {
        const status = response.statusCode as number
        const location = status >= 300 && status < 400 ? response.headers.location : undefined
        resolve(success({ status, body: Buffer.concat(chunks), location, ...seen }))
      })
    })
    request.end(post)
  })
}
