import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Config } from '../config/config.ts'
import type { Bucket, Limit } from '../limits/bucket.ts'
import { clientOf, type IsTrusted, isNearby } from './client-address.ts'
import type { Policy } from './policy.ts'
import { errorTexts, limitedResponse } from './response.ts'

/** Buckets that are kept at the same time: about 10 MB. */
const mostBuckets = 50_000

/**
 * Without `http.rateLimit`: far more than a company or the customers of a mobile network behind one address need, and less than a
 * client in an endless loop sends (KMail: 400 requests a second). Addresses nearby are not limited.
 */
const generous = { rate: 100, burst: 2000 } as const

export interface RateLimitOptions {
  readonly config: () => Config
  /** Each of these has a bucket of its own, and all others share one. */
  readonly paths: readonly string[]
  readonly isTrusted: IsTrusted
  /** Called for a refused request. */
  readonly onRefused: () => void
  /** Called for an accepted request, with what it was taken from. */
  readonly onAccepted?: ((bucket: Bucket) => void) | undefined
  /** In milliseconds. */
  readonly now?: () => number
}

/** The client of a connection under one configuration; `undefined` if its requests are not limited. */
interface Known {
  readonly of: Config
  readonly client: string | undefined
  /** By the number of the path. */
  readonly buckets: Bucket[]
}

/**
 * Refuses the requests of a client that sends more than its share: a bucket of `burst` requests for each address and path, filled with
 * `rate` requests a second. A client that repeats one request for ever, as KMail does, does not take the other paths away from those
 * who share its address. Nothing is allocated for a request, except if it comes from a trusted proxy.
 */
export function rateLimit({
  config: current,
  paths,
  isTrusted,
  onRefused,
  onAccepted,
  now = () => performance.now(),
}: RateLimitOptions): Policy {
  const numbers = new Map(paths.map((path, index) => [path, index + 1]))
  /** The most recently used bucket is the last. */
  const buckets = new Map<string, Bucket>()
  const connections = new WeakMap<Socket, Known>()

  return (request) => {
    const config = current()
    const limit = config.http.rateLimit ?? generous
    if (limit === 'off') return undefined
    const bucket = bucketOf(request, config, limit === generous)
    if (!bucket) return undefined
    const time = now()
    const { rate, burst = 10 * rate } = limit
    bucket.tokens = Math.min(burst, bucket.tokens + ((time - bucket.at) / 1000) * rate)
    bucket.at = time
    if (bucket.tokens >= 1) {
      bucket.tokens--
      onAccepted?.(bucket)
      return undefined
    }
    onRefused()
    return limitedResponse(429, errorTexts.tooManyRequests, Math.ceil((1 - bucket.tokens) / rate))
  }

  function bucketOf(request: IncomingMessage, config: Config, sparesNearby: boolean): Bucket | undefined {
    const { client, buckets: known } = knownOf(request, config, sparesNearby)
    if (client === undefined) return undefined
    const number = numbers.get(pathOf(request.url as string)) ?? 0
    known[number] ??= bucketFor(`${client} ${paths[number - 1] ?? 'others'}`)
    return known[number]
  }

  function knownOf(request: IncomingMessage, config: Config, sparesNearby: boolean): Known {
    const { socket } = request
    const known = connections.get(socket)
    if (known?.of === config) return known
    const client = clientOf(request, isTrusted)
    const isLimited = client !== undefined && !(sparesNearby && isNearby(client))
    const found = { of: config, client: isLimited ? client : undefined, buckets: [] }
    // Each request of a proxy is for another client.
    if (!isTrusted(socket.remoteAddress)) connections.set(socket, found)
    return found
  }

  function bucketFor(name: string): Bucket {
    // As if the client had never sent a request: the bucket is full.
    const bucket = buckets.get(name) ?? { name, tokens: 0, at: Number.NEGATIVE_INFINITY, unsent: 0 }
    buckets.delete(name)
    buckets.set(name, bucket)
    if (buckets.size > mostBuckets) buckets.delete(buckets.keys().next().value as string)
    return bucket
  }
}

/** The limit of a configuration; `undefined` if there is none. */
export function limitOf({ http: { rateLimit: limit = generous } }: Config): Limit | undefined {
  if (limit === 'off') return undefined
  const { rate, burst = 10 * rate } = limit
  return { rate, burst }
}

function pathOf(url: string): string {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}
