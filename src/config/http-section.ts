import * as z from 'zod'
import { network } from '../reading/fields.ts'

const seconds = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum)

/** `http:` of the configuration. */
export const httpSection = z
  .strictObject({
    maxAge: seconds(0, 86_400)
      .default(3600)
      .meta({ description: 'How long clients may cache an answer, in seconds.' }),
    notFoundMaxAge: seconds(0, 86_400)
      .default(300)
      .meta({ description: 'How long clients may cache "unknown domain", in seconds.' }),
    uncertainStatus: z
      .union([z.literal(404), z.literal(503)])
      .default(404)
      .meta({
        description:
          'Status if no source can say now whether the domain is served, and nothing is known of it. With 404, clients go on. With 503 and Retry-After, a balancer can ask another replica: set it only if yours does, because some clients end their search at a 503.',
      }),
    compress: z.boolean().default(true).meta({ description: 'Use gzip for clients that accept it.' }),
    accessLog: z
      .boolean()
      .default(true)
      .meta({ description: 'Log one line per request: route, format, host, status, duration.' }),
    requestTimeout: seconds(1, 300).default(10).meta({
      description: 'How long a client may take to send its request, in seconds. Read only at start.',
    }),
    keepAliveTimeout: seconds(1, 600).default(75).meta({
      description:
        'How long an idle connection stays open, in seconds. Must be longer than in the proxy in front. Read only at start.',
    }),
    maxConnections: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'More connections than this are closed immediately. Read only at start.' }),
    shutdownTimeout: seconds(1, 300).default(10).meta({
      description: 'How long requests may take to finish after SIGTERM, in seconds. Read only at start.',
    }),
  })
  .prefault({})
  .meta({ description: 'Settings of the HTTP server.' })
export type HttpSettings = z.infer<typeof httpSection>

/** `trustedProxies:` of the configuration. */
export const trustedProxiesSection = z.array(network()).default([]).meta({
  description: 'Addresses or networks of proxies whose X-Forwarded-Host is trusted. By default none.',
})
