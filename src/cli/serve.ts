import { once } from 'node:events'
import type { Logger } from 'pino'
import { loadConfig } from '../config/load.ts'
import { loadConfigInWorker } from '../config/load-in-worker.ts'
import { AccessLog } from '../http/access-log.ts'
import { adminApp } from '../http/admin-app.ts'
import { publicApp } from '../http/public-app.ts'
import { type Diagnostic, formatDiagnostic } from '../model/diagnostic.ts'
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

/** Between two looks at the files of the configuration, in milliseconds; a change is in force within five of them. */
const pollInterval = 900

/** Between two looks at the certificate, which may expire while nobody asks for a profile; in milliseconds. */
const certificateInterval = 60_000

/** Serves until SIGTERM or SIGINT. Rejects with `ConfigError` if there is nothing to serve. */
export async function serve(options: ServeOptions, { stdout, signals, now }: Io): Promise<ExitCode> {
  const { log, flush } = await openLog(options.logLevel, stdout)
  const accessLog = new AccessLog(log)
  const signer = new ProfileSigner({ now, onProblem: (problem) => log.error(problem) })
  const live = await LiveResolver.open({
    load: () => loadConfig(options.config),
    reload: loadConfigInWorker,
    onReload: (result) => {
      if ('config' in result) {
        log.info({ ...summary(live) }, 'configuration loaded again')
        warn(log, result.config.warnings)
        signer.look(result.config.signing)
      } else
        log.error(
          { errors: result.errors.map(formatDiagnostic) },
          'configuration has faults; the last good one keeps serving',
        )
    },
    onSource: (name, problem) => {
      if (problem === undefined) log.info({ source: name }, 'the source answers again')
      else log.error({ source: name, problem }, 'a source does not answer; what it last said is served')
    },
    pollInterval,
    now,
  })
  warn(log, live.current.config.warnings)
  const lookAtCertificate = () => signer.look(live.current.config.signing)
  lookAtCertificate()
  const certificateTimer = setInterval(lookAtCertificate, certificateInterval).unref()
  const { maxConnections, shutdownTimeout } = live.current.config.http
  const app = publicApp({ live, log, accessLog, signer })
  const admin = adminApp({ live, accessLog, now })
  if (maxConnections !== undefined) app.server.maxConnections = maxConnections

  const stopping = new AbortController()
  const stopped = once(stopping.signal, 'abort')
  const stop = (signal: string) => stopping.abort(signal)
  for (const signal of stopSignals) signals.on(signal, stop)
  const reload = () => void live.reload()
  signals.on('SIGHUP', reload)
  try {
    const listeners = await listen(app, admin, options)
    if (listeners instanceof Error) {
      log.fatal(`cannot listen: ${listeners.message}`)
      return exitCodes.failure
    }
    log.info({ ...summary(live), ...listeners, try: curlLine(live, listeners.clients) }, 'serving')
    await stopped
    log.info({ signal: stopping.signal.reason }, 'stopping')
    return exitCodes.ok
  } finally {
    const cut = setTimeout(() => {
      app.server.closeAllConnections()
      admin.server.closeAllConnections()
    }, shutdownTimeout * 1000)
    await Promise.all([app.close(), admin.close(), live.close()])
    clearTimeout(cut)
    clearInterval(certificateTimer)
    signals.off('SIGHUP', reload)
    for (const signal of stopSignals) signals.off(signal, stop)
    flush()
  }
}

type App = ReturnType<typeof publicApp>

/** The URLs of both listeners, or why one of them cannot be. */
async function listen(app: App, admin: App, options: ServeOptions) {
  try {
    return {
      clients: await app.listen({ host: options.host, port: options.port }),
      admin: await admin.listen({ host: options.adminHost, port: options.adminPort }),
    }
  } catch (error) {
    return error as Error
  }
}

function summary(live: LiveResolver) {
  const { size, config } = live.current
  return { config: config.file, domains: size, hosts: [...config.hosts.keys()], files: live.files }
}

function warn(log: Logger, warnings: readonly Diagnostic[]): void {
  for (const warning of warnings) log.warn(formatDiagnostic(warning))
}

/** For the admin to paste: asks for the first domain that is mapped by its name. */
function curlLine(live: LiveResolver, listener: string): string {
  let domain = 'example.org'
  for (const pattern of live.current.patterns()) {
    if (pattern.startsWith('.')) continue
    domain = pattern
    break
  }
  const origin = listener.replace('[::]', 'localhost').replace('0.0.0.0', 'localhost')
  return `curl '${origin}/mail/config-v1.1.xml?emailaddress=info@${domain}'`
}
