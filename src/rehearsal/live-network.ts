import { Resolver } from 'node:dns/promises'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { rootCertificates } from 'node:tls'
import type { DnsReply, HttpReply, HttpRequest, HttpTrouble, Network, RecordType } from './network.ts'

export interface LiveOptions {
  /** Ends everything that still runs. */
  readonly signal: AbortSignal
  /** The name server to ask, such as `127.0.0.1:5353`; default: those of the system. */
  readonly resolver?: string | undefined
  /** A certificate of a further authority that clients trust, as PEM. */
  readonly authority?: string | undefined
  readonly userAgent: string
}

/** In seconds: longer than any client waits. */
const patience = 20

/** A document with settings has a few kilobytes. */
const maxBytes = 1_000_000

/** The real world. Nothing is sent that the request does not contain; a certificate is checked before anything is sent. */
export function liveNetwork({ signal, resolver: server, authority, userAgent }: LiveOptions): Network {
  const resolver = new Resolver({ timeout: 5000, tries: 2 })
  if (server !== undefined) resolver.setServers([server])
  signal.addEventListener('abort', () => resolver.cancel(), { once: true })

  /** Without a resolver of its own, a request finds names as other programs do, and reads /etc/hosts. */
  const lookup: LookupFunction = (name, _options, done) => {
    addressesOf(resolver, name).then(
      (addresses) => done(null, addresses),
      (error) => done(error, []),
    )
  }

  const options = {
    ...(server !== undefined && { lookup }),
    ...(authority !== undefined && { ca: [...rootCertificates, authority] }),
  }

  async function http(request: HttpRequest): Promise<HttpReply> {
    const started = performance.now()
    // Used below as well: Node.js 20 does not keep a timeout to which only AbortSignal.any refers, and then it never aborts.
    const timeout = AbortSignal.timeout(1000 * patience)
    const timeLimit = AbortSignal.any([signal, timeout])
    try {
      const response = await responseTo(request, timeLimit, userAgent, options)
      const body = await bodyOf(response)
      return {
        status: response.statusCode as number,
        contentType: response.headers['content-type'] ?? '',
        location: response.headers.location,
        body,
        seconds: (performance.now() - started) / 1000,
      }
    } catch (error) {
      const code = [timeLimit, timeout].some(({ aborted }) => aborted) ? 'ABORT_ERR' : codeOf(error)
      // getaddrinfo does not distinguish a name that does not exist from one without an address.
      return troubleOf(code === 'ENOTFOUND' ? await whyNotFound(resolver, request.url) : code)
    }
  }

  async function dns(type: RecordType, name: string): Promise<DnsReply> {
    try {
      return { records: await lookUp[type](resolver, name) }
    } catch (error) {
      const code = codeOf(error)
      if (code === 'ENODATA') return { failure: 'none', reason: `the name has no ${type} record` }
      if (code === 'ENOTFOUND') return { failure: 'NXDOMAIN', reason: 'the name does not exist' }
      return { failure: 'failed', reason: `the DNS does not answer (${code})` }
    }
  }

  return { http, dns }
}

const lookUp: Readonly<Record<RecordType, (resolver: Resolver, name: string) => Promise<readonly string[]>>> =
  {
    MX: async (resolver, name) =>
      (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}.`),
    NS: async (resolver, name) => (await resolver.resolveNs(name)).map((host) => `${host}.`),
    SRV: async (resolver, name) =>
      (await resolver.resolveSrv(name)).map(
        ({ priority, weight, port, name }) => `${priority} ${weight} ${port} ${name}.`,
      ),
    TXT: async (resolver, name) => (await resolver.resolveTxt(name)).map((pieces) => pieces.join('')),
  }

async function addressesOf(resolver: Resolver, name: string) {
  const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  const found = [...addressesIn(four, 4), ...addressesIn(six, 6)]
  if (found.length > 0) return found
  throw (four as PromiseRejectedResult).reason
}

function addressesIn(answer: PromiseSettledResult<readonly string[]>, family: number) {
  return answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family })) : []
}

function responseTo(
  { method, url, headers, body, ignoresCertificateNames }: HttpRequest,
  signal: AbortSignal,
  userAgent: string,
  options: { readonly lookup?: LookupFunction; readonly ca?: string[] },
): Promise<IncomingMessage> {
  const request = new URL(url).protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    request(url, {
      ...options,
      method,
      headers: { 'user-agent': userAgent, accept: '*/*', ...headers },
      signal,
      ...connection,
      ...(ignoresCertificateNames && { checkServerIdentity: () => undefined }),
    })
      .on('response', resolve)
      .on('error', reject)
      .end(body)
  })
}

/** One connection for each request; `lookup` returns all addresses, and they are tried in turn. */
const connection = { agent: false, autoSelectFamily: true }

async function bodyOf(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    length += chunk.length
    if (length > maxBytes) throw Object.assign(new Error('too large'), { code: 'TOO_LARGE' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code)

const whyNotFound = async (resolver: Resolver, url: string): Promise<string> =>
  String(await resolver.resolve4(new URL(url).hostname).catch(codeOf))

const troubles: Readonly<Record<string, readonly [HttpTrouble, string]>> = {
  ENOTFOUND: ['NXDOMAIN', 'the name does not exist'],
  ENODATA: ['no address', 'the name has no address'],
  ECONNREFUSED: ['refused', 'the connection is refused'],
  ABORT_ERR: ['gave up', 'no answer in time'],
  TOO_LARGE: ['failed', 'the answer is larger than 1 MB'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['certificate refused', 'the certificate is for other names'],
  CERT_HAS_EXPIRED: ['certificate refused', 'the certificate has expired'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['certificate refused', 'the certificate is self-signed'],
}

function troubleOf(code: string) {
  const isOfCertificate = /CERT|SIGNED|UNABLE_TO|CRL/.test(code)
  const [failure, reason] = troubles[code] ?? [
    isOfCertificate ? 'certificate refused' : 'failed',
    isOfCertificate ? `the certificate is not trusted (${code})` : `the connection fails (${code})`,
  ]
  return { failure, reason } as const
}
