import * as z from 'zod'
import { limitStoreSection } from '../limits/store-section.ts'
import { proxyAddress } from '../reading/fields.ts'

const seconds = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum)

const offOrMapping = 'must be "off", or a mapping with "rate" and "burst"'

/** `http:` of the configuration. */
export const httpSection = z
  .strictObject({
    maxAge: seconds(0, 86_400)
      .default(3600)
      .meta({ description: 'How long clients may cache an answer, in seconds.' }),
    notFoundMaxAge: seconds(0, 86_400)
      .default(300)
      .meta({ description: 'How long clients may cache "unknown domain", in seconds.' }),
    uncertainStatus: z.literal([404, 503]).default(404).meta({
      description:
        'Status if no source can say now whether the domain is served, and nothing is known of it. With 404, clients go on. With 503 and Retry-After, a balancer can ask another replica: set it only if yours does, because some clients end their search at a 503.',
    }),
    compress: z.boolean().default(true).meta({ description: 'Use gzip for clients that accept it.' }),
    accessLog: z
      .union(
        [
          z.boolean(),
          z.strictObject({
            domains: z.boolean().default(false).meta({
              description:
                'Whether a line has the domain that the request is about, if it is served. Domains may be those of single persons: check that you may store them.',
            }),
          }),
        ],
        { error: 'must be true, false, or a mapping, such as { domains: true }' },
      )
      .default(true)
      .transform((value) => (value === true ? { domains: false } : value))
      .meta({
        description: 'Log one line per request: route, format, host, status, duration in milliseconds.',
      }),
    requestTimeout: seconds(1, 300).default(10).meta({
      description: 'How long a client may take to send its request, in seconds. Read only at start.',
    }),
    keepAliveTimeout: seconds(1, 600).default(75).meta({
      description:
        'How long an idle connection stays open, in seconds. Must be longer than in the proxy in front. Read only at start.',
    }),
    maxConnections: z.int().min(1).optional().meta({
      description:
        'How many connections may be open. By default as many as the open files of the process allow, at most 10000. Read only at start.',
    }),
    maxConnectionsPerAddress: z.int().min(1).optional().meta({
      description:
        'How many connections one client address (IPv6: /64) may have open; trusted proxies are not limited. By default a quarter of all, and private addresses are not limited. Read only at start.',
    }),
    rateLimit: z
      .union(
        [
          z.literal('off', { error: offOrMapping }),
          z.strictObject({
            rate: z.int().min(1).max(1_000_000).meta({ description: 'Requests a second, on average.' }),
            burst: z
              .int()
              .min(1)
              .max(10_000_000)
              .optional()
              .meta({ description: 'Requests at once. By default as many as in ten seconds.' }),
          }),
        ],
        { error: offOrMapping },
      )
      .optional()
      .meta({
        description:
          'How many requests one client address (IPv6: /64) may send to one path before it gets status 429. By default rate 100 and burst 2000, and private addresses are not limited.',
      }),
    rateLimitStore: limitStoreSection.optional().meta({
      description:
        'A Redis or Valkey server in which several servers count the requests of rateLimit together. Without it, or while it is down, each server counts alone. Requires the npm package @redis/client.',
    }),
    adminNames: z
      .array(
        z
          .string()
          .regex(
            /^\.?[\w-]+(\.[\w-]+)*$/,
            'must be a host name, such as autoconfig.mail.svc, or .svc for all below it',
          )
          .toLowerCase(),
      )
      .default([])
      .meta({
        description:
          'Host names by which the admin listener may be asked, besides addresses, localhost and the name of the machine: those of a Kubernetes service, for example. .svc.cluster.local matches every subdomain.',
      }),
    drainDelay: seconds(0, 300).default(0).meta({
      description:
        'How long to go on as usual after SIGTERM while /readyz says 503, in seconds, so that a balancer notices before connections are refused. Read only at start.',
    }),
    shutdownTimeout: seconds(1, 300).default(10).meta({
      description:
        'How long requests may take to finish after SIGTERM and drainDelay, in seconds. Read only at start.',
    }),
  })
  .prefault({})
  .meta({ description: 'Settings of the HTTP server.' })
export type HttpSettings = z.infer<typeof httpSection>

/** `trustedProxies:` of the configuration. */
export const trustedProxiesSection = z.array(proxyAddress()).default([]).meta({
  description:
    'Addresses or networks of proxies whose X-Forwarded-Host and X-Forwarded-For are trusted; unix stands for those that connect by a unix socket. By default none.',
})
