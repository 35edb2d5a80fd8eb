import fastify, { type FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import { parseDomain } from '../model/address.ts'
import { formatDiagnostic } from '../model/diagnostic.ts'
import type { LiveResolver } from '../resolver/live-resolver.ts'
import { signingState } from '../signing/profile-signer.ts'
import type { AccessLog } from './access-log.ts'
import { appOptions } from './app-options.ts'

export interface AdminAppOptions {
  readonly live: LiveResolver
  readonly accessLog: AccessLog
  readonly now: () => Date
}

/** What the admin's own machines ask; never open to the world. */
export function adminApp({ live, accessLog, now }: AdminAppOptions): FastifyInstance {
  const {
    routerOptions: { querystringParser: _, ...routerOptions },
    ...options
  } = appOptions(live.current.config.http)
  const app = fastify({ ...options, routerOptions })

  app.get('/healthz', (_request, reply) => reply.type('text/plain; charset=utf-8').send('alive\n'))

  app.get('/readyz', () => {
    const { loadedAt, reloads, lastError } = live.state
    const { config, size, backends } = live.current
    return {
      status: 'ready',
      config: config.file,
      loadedAt,
      domains: size,
      hosts: config.hosts.size,
      files: live.files,
      reloads,
      warnings: config.warnings.map(formatDiagnostic),
      appleSigning: signingState(config.signing, now()) ?? null,
      sources: backends?.states ?? [],
      lastReloadError: lastError
        ? { at: lastError.at, errors: lastError.errors.map(formatDiagnostic) }
        : null,
    }
  })

  // The contract of Caddy's on_demand_tls: 200 allows a certificate for the name, anything else does not.
  app.get<{ Querystring: { domain?: string | string[] } }>('/ask', async (request, reply) => {
    const { domain: name } = request.query
    const allowed = typeof name === 'string' && (await mayHaveCertificate(live, name))
    const answer = allowed ? 'A name of ours.\n' : 'Not a name of ours: no certificate.\n'
    return reply
      .code(allowed ? 200 : 404)
      .type('text/plain; charset=utf-8')
      .send(answer)
  })

  let registry: Promise<Registry> | undefined
  app.get('/metrics', async (_request, reply) => {
    // Loaded when first asked for: who does not scrape should not wait for it at start.
    registry ??= import('./metrics.ts').then(({ metricsOf }) => metricsOf(live, accessLog, now))
    const register = await registry
    return reply.type(register.contentType).send(await register.metrics())
  })

  app.setNotFoundHandler((_request, reply) =>
    reply
      .code(404)
      .type('text/plain; charset=utf-8')
      .send('Here are /healthz, /readyz, /metrics and /ask?domain=NAME.\n'),
  )
  return app
}

/**
 * Our public name; `autoconfig.`, `autodiscover.` and `ua-auto-config.` of a served domain and of our own names. Not of
 * what only the catch-all `*` covers, or its MX alone: anyone could point names at us then, until the certificate
 * authority has enough of us.
 */
async function mayHaveCertificate({ current }: LiveResolver, name: string): Promise<boolean> {
  const domain = parseDomain(name)
  if (domain !== undefined && domain === current.config.publicName) return true
  const base = /^(?:autoconfig|autodiscover|ua-auto-config)\.(.+)$/.exec(domain ?? '')?.[1]
  const parsed = parseDomain(base ?? '')
  if (!parsed) return false
  if (current.isOwnName(parsed)) return true
  const found = current.ruleFor(parsed)
  return found ? found.pattern !== '.' : current.isNamedBySource(parsed)
}
