import { once } from 'node:events'
import { AccessLog } from '../http/access-log.ts'
import { adminServer } from '../http/admin-server.ts'
import { loggedEvents, logWarnings, summaryOf } from '../http/logged-events.ts'
import { Readiness } from '../http/readiness.ts'
import { clientServer } from '../http/server.ts'
import { paths } from '../model/paths.ts'
import { failure, type Result, success } from '../model/result.ts'
import { Pages } from '../page/pages.ts'
import { LiveResolver } from '../resolver/live-resolver.ts'
import { ProfileSigner } from '../signing/profile-signer.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { openLog } from './log.ts'

export interface ServeOptions {
  readonly config: string
  readonly host: string
  readonly port: number
  readonly adminHost: string
  readonly adminPort: number
  readonly logLevel: string
}

const stopSignals = ['SIGTERM', 'SIGINT'] as const

/** Milliseconds between two checks of the certificate for profiles: it can expire while no client asks for a profile. */
const certificateInterval = 60_000

/** Serves until SIGTERM or SIGINT. Rejects with `ConfigError` if the configuration has errors. */
export async function serve(options: ServeOptions, { stdout, signals, now }: Io): Promise<ExitCode> {
  const { log, flush } = await openLog(options.logLevel, stdout)
  const accessLog = new AccessLog(log)
  const onProblem = (problem: string): void => log.error(problem)
  const signer = new ProfileSigner({ now, onProblem })
  const pages = new Pages({ onProblem })
  const { onReload, onBackend, onNotify } = loggedEvents(log, () => live)
  const checkCertificate = () => signer.look(live.current.config.signing)
  const live: LiveResolver = await LiveResolver.openFile(options.config, {
    now,
    onBackend,
    onNotify,
    onReload(result) {
      onReload(result)
      checkCertificate()
    },
  })
  logWarnings(log, live.current.config.warnings)
  checkCertificate()
  const certificateTimer = setInterval(checkCertificate, certificateInterval).unref()
  const { maxConnections, shutdownTimeout } = live.current.config.http
  const readiness = new Readiness(live)
  const clients = clientServer({ live, log, accessLog, signer, pages, readiness })
  const admin = adminServer({
    ...{ live, accessLog, now, readiness },
    async explain(asked) {
      // Loaded when it is asked for: answering clients needs none of it.
      const { explainBy } = await import('./explain/explanation.ts')
      return explainBy(live.current, asked)
    },
  })
  if (maxConnections !== undefined) clients.server.maxConnections = maxConnections

  const stopping = new AbortController()
  const stopped = once(stopping.signal, 'abort')
  const stop = (signal: string) => stopping.abort(signal)
  for (const signal of stopSignals) signals.on(signal, stop)
  const reload = () => void live.reload()
  signals.on('SIGHUP', reload)
  try {
    const listening = await listen(clients, admin, options)
    if (!listening.ok) {
      log.fatal(`cannot listen: ${listening.error}`)
      return exitCodes.failure
    }
    const urls = listening.value
    log.info({ ...summaryOf(live), ...urls, try: curlLine(live, urls.clients) }, 'serving')
    await stopped
    readiness.stop()
    log.info({ signal: stopping.signal.reason }, 'stopping')
    return exitCodes.ok
  } finally {
    const timeout = setTimeout(() => {
      clients.server.closeAllConnections()
      admin.server.closeAllConnections()
    }, shutdownTimeout * 1000)
    await Promise.all([clients.close(), admin.close(), live.close()])
    clearTimeout(timeout)
    clearInterval(certificateTimer)
    signals.off('SIGHUP', reload)
    for (const signal of stopSignals) signals.off(signal, stop)
    flush()
  }
}

type Server = ReturnType<typeof clientServer>

/** The URLs of both listeners. */
async function listen(
  clients: Server,
  admin: Server,
  options: ServeOptions,
): Promise<Result<{ readonly clients: string; readonly admin: string }>> {
  try {
    return success({
      clients: await clients.listen({ host: options.host, port: options.port }),
      admin: await admin.listen({ host: options.adminHost, port: options.adminPort }),
    })
  } catch (error) {
    return failure((error as Error).message)
  }
}

/** A command that the admin can paste: it asks for the first mapped domain. */
function curlLine(live: LiveResolver, listener: string): string {
  let domain = 'example.org'
  for (const pattern of live.current.patterns()) {
    if (pattern.startsWith('.')) continue
    domain = pattern
    break
  }
  const origin = listener.replace('[::]', 'localhost').replace('0.0.0.0', 'localhost')
  return `curl '${origin}${paths.autoconfig}?emailaddress=info@${domain}'`
}
