/** The world that a rehearsal asks: web servers and the DNS. */
export interface Network {
  http(request: HttpRequest): Promise<HttpReply>
  dns(type: RecordType, name: string): Promise<DnsReply>
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** The client accepts a certificate of another name, from an authority that it knows. */
  readonly ignoresCertificateNames?: boolean
}

export type HttpReply = HttpAnswer | Failure<HttpTrouble>

export interface HttpAnswer {
  readonly status: number
  /** The whole header; empty if there is none. */
  readonly contentType: string
  readonly location?: string | undefined
  readonly body: Uint8Array
  /** The time until the answer was complete. */
  readonly seconds: number
}

export type HttpTrouble = 'NXDOMAIN' | 'no address' | 'refused' | 'certificate refused' | 'gave up' | 'failed'

export type RecordType = 'MX' | 'NS' | 'SRV' | 'TXT'

/** Records as in a zone file, such as `10 mx1.example.net.`; `none` if the name exists without such a record. */
export type DnsReply = { readonly records: readonly string[] } | Failure<'none' | 'NXDOMAIN' | 'failed'>

export interface Failure<Kind extends string> {
  readonly failure: Kind
  /** A part of a sentence, such as "the name does not exist". */
  readonly reason: string
}

/** A client asks no name twice, and neither do two clients that are rehearsed together. At most `limit` requests run at once. */
export function sharedNetwork(network: Network, limit: number): Network {
  const known = new Map<string, Promise<unknown>>()
  const waiting: (() => void)[] = []
  let running = 0
  const once = <Reply>(key: string, ask: () => Promise<Reply>): Promise<Reply> => {
    const reply = (known.get(key) as Promise<Reply> | undefined) ?? inTurn(ask)
    known.set(key, reply)
    return reply
  }
  const inTurn = async <Reply>(ask: () => Promise<Reply>): Promise<Reply> => {
    if (running >= limit) await new Promise<void>((start) => waiting.push(start))
    else running++
    try {
      return await ask()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
  return {
    http: (request) => once(JSON.stringify(request), () => network.http(request)),
    dns: (type, name) => once(`${type} ${name}`, () => network.dns(type, name)),
  }
}
