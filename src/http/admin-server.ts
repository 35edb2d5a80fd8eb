import fastify, { type FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import type { StoreState } from '../limits/shared-limits.ts'
import { formatDiagnostic } from '../model/diagnostic.ts'
import type { LiveResolver } from '../resolver/live-resolver.ts'
import { signingState } from '../signing/profile-signer.ts'
import type { Certificates } from '../tls/certificates.ts'
import { summaryOfCertificates } from '../tls/summary.ts'
import type { AccessLog } from './access-log.ts'
import { addExplain, type Explain } from './admin-explain.ts'
import { isKnownName } from './admin-names.ts'
import { addAsk } from './ask.ts'
import { plainText } from './headers.ts'
import { heldBack } from './logged-events.ts'
import type { RequestHandler } from './pipelining.ts'
import { Readiness } from './readiness.ts'
import { withQueries } from './server-options.ts'
import { takeRequests } from './take-requests.ts'
import type { WatchResults } from './watch-metrics.ts'

export interface AdminServerOptions {
  readonly live: LiveResolver
  readonly accessLog: AccessLog
  readonly now: () => Date
  readonly readiness?: Readiness
  /** The number of lines of the log that could not be written. */
  readonly droppedLines?: () => number
  /** The store of the limits; `undefined` without one. */
  readonly limitStore?: () => StoreState | undefined
  /** The results of regular checks; `undefined` if there are none. */
  readonly watch?: () => WatchResults | undefined
  /** Absent without a listener for https. */
  readonly certificates?: Certificates | undefined
  /** Explains an address or a domain by the configuration in use; `undefined` if the text is neither. */
  readonly explain?: Explain | undefined
}

/** The listener for the admin's own machines; never open to the world. */
export function adminServer({
  live,
  accessLog,
  now,
  readiness = new Readiness(live),
  droppedLines = () => 0,
  limitStore = () => undefined,
  watch = () => undefined,
  certificates,
  explain,
}: AdminServerOptions): FastifyInstance {
  const app = fastify(withQueries(live.current.config.http))
  const [fastifyHandler] = app.server.listeners('request') as [RequestHandler]
  takeRequests(app.server, fastifyHandler, { onTooMany: () => undefined })

  // DNS rebinding: a web page can ask for its own name, after it has made the name mean this machine.
  app.addHook('onRequest', async ({ headers }, reply) => {
    if (isKnownName(headers.host, live.current.config.http.adminNames)) return
    return reply.code(421).type(plainText).send(unknownName)
  })

  app.get('/healthz', (_request, reply) => reply.type(plainText).send('alive\n'))

  app.get('/readyz', (_request, reply) => {
    const { loadedAt, reloads, lastError, held, savedAt } = live.state
    const { config, size, backends } = live.current
    const { problem } = readiness
    return reply.code(problem === undefined ? 200 : 503).send({
      status: problem === undefined ? 'ready' : 'not ready',
      problem: problem ?? null,
      config: config.file,
      loadedAt,
      domains: size,
      hosts: config.hosts.size,
      files: live.files,
      reloads,
      warnings: config.warnings.map(formatDiagnostic),
      appleSigning: signingState(config.signing, now()) ?? null,
      tls: certificates ? summaryOfCertificates(certificates, now().getTime()) : null,
      sources: backends?.states ?? [],
      limitStore: limitStore() ?? null,
      checks: watch()?.status ?? null,
      lastReloadError: lastError
        ? { at: lastError.at, errors: lastError.errors.map(formatDiagnostic) }
        : null,
      heldReload: held ? { at: held.at, losses: held.losses, message: heldBack(held.losses) } : null,
      savedConfiguration: live.saved
        ? {
            directory: live.saved.directory,
            savedAt: live.saved.saved?.at ?? null,
            inUse: savedAt !== undefined,
          }
        : null,
    })
  })

  addAsk(app, live)
  if (explain) addExplain(app, explain)

  let registry: Promise<Registry> | undefined
  app.get('/metrics', async (_request, reply) => {
    // Loaded for the first scrape, so that the start need not wait for it.
    registry ??= import('./metrics.ts').then(({ metricsOf }) =>
      metricsOf({ live, accessLog, now, readiness, droppedLines, limitStore, watch, certificates }),
    )
    const register = await registry
    return reply.type(register.contentType).send(await register.metrics())
  })

  app.setNotFoundHandler((_request, reply) =>
    reply
      .code(404)
      .type(plainText)
      .send(
        `Not found. The paths are ${explain ? '/explain?address=ADDRESS, ' : ''}/healthz, /readyz, /metrics and /ask?domain=NAME.\n`,
      ),
  )
  return app
}

const unknownName =
  'This is not a name of the admin listener. Ask by its address, or add the name to http.adminNames in the configuration.\n'
