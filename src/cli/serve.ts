import type { HttpSettings } from '../config/schema.ts'
import { AccessLog } from '../http/access-log.ts'
import { adminServer } from '../http/admin-server.ts'
import { askServer } from '../http/ask-server.ts'
import type { IsTrusted } from '../http/client-address.ts'
import { type ConnectionLimits, connectionLimits } from '../http/connection-limits.ts'
import { Connections } from '../http/connections.ts'
import { finishClients } from '../http/finish-clients.ts'
import { loggedEvents, logLimitStore, logSaved, logWarnings, summaryOf } from '../http/logged-events.ts'
import { limitOf } from '../http/rate-limit.ts'
import { Readiness } from '../http/readiness.ts'
import type { RefusalKind } from '../http/refusals.ts'
import { clientServer } from '../http/server.ts'
import { trustedProxies } from '../http/trusted-proxies.ts'
import { SharedLimits } from '../limits/shared-limits.ts'
import { Pages } from '../page/pages.ts'
import { LiveResolver, type SavedConfig } from '../resolver/live-resolver.ts'
import { ProfileSigner } from '../signing/profile-signer.ts'
import { curlLine } from './curl-line.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { type Listening, type ListenOptions, listen, nowhere } from './listen.ts'
import { openLog } from './log.ts'
import { openTls, type TlsListener, useTls } from './serve-tls.ts'
import { ServiceNotifier } from './service-notifier.ts'
import { serviceStatus } from './service-status.ts'
import { Stopping } from './stopping.ts'
import { serverWatching } from './watching.ts'

export interface ServeOptions extends ListenOptions {
  readonly config: string
  readonly logLevel: string
  /** Where the last good configuration is kept; `undefined` if it is not. */
  readonly state?: string | undefined
}

/** Milliseconds between two checks of the certificate for profiles: it can expire while no client asks for a profile. */
const certificateInterval = 60_000

/** The most seconds until a connection must have sent something. */
const longestSilence = 10

/** Milliseconds after which connections without a request are closed when the server stops. */
const longestQuiet = 2000

/** The part of the time to stop that is for sources and the log, in milliseconds. */
const lastMoments = (timeout: number): number => Math.min(1000, timeout / 4)

/** Serves until SIGTERM or SIGINT. Rejects with `ConfigError` if the configuration has errors and no good one is saved. */
export async function serve(options: ServeOptions, io: Io): Promise<ExitCode> {
  const { env, stdout, signals, now } = io
  const { log, end, dropped } = await openLog(options.logLevel, stdout, env)
  const systemd = new ServiceNotifier({ env, pid: process.pid, onProblem: (problem) => log.warn(problem) })
  const accessLog = new AccessLog(log)
  const onProblem = (problem: string): void => log.error(problem)
  const signer = new ProfileSigner({ now, onProblem })
  const pages = new Pages({ onProblem })
  const { onReload, onBackend, onNotify } = loggedEvents(log, () => live)
  let tls: TlsListener | undefined
  const checkCertificate = () => {
    signer.look(live.current.config.signing)
    void tls?.certificates.tick()
  }
  const sharedLimits = new SharedLimits({
    limit: () => limitOf(live.current.config),
    onProblem: logLimitStore(log),
  })
  const watching = serverWatching(log)
  const saved = await openSaved(options, now, onProblem)
  const live: LiveResolver = await LiveResolver.openFile(options.config, {
    now,
    saved,
    onBackend,
    onNotify,
    onReload(result) {
      onReload(result)
      checkCertificate()
      void sharedLimits.use(live.current.config.limitStore)
      watching.use(live.current)
      void systemd.status(serviceStatus(live))
      if ('config' in result) useTls(tls, result.config, log)
    },
  })
  logSaved(log, live)
  logWarnings(log, live.current.config.warnings)
  checkCertificate()
  const certificateTimer = setInterval(checkCertificate, certificateInterval).unref()
  void sharedLimits.use(live.current.config.limitStore)
  watching.use(live.current)
  const { http } = live.current.config
  tls = await openTls(live.current.config, { log, accessLog, now })
  const limits = connectionLimits(http)
  if (limits.warning !== undefined) log.warn(limits.warning)
  const isTrusted = trustedProxies(() => live.current.config)
  const { refusals } = accessLog
  const connections = limitedConnections(http, limits, isTrusted, refusals.add.bind(refusals))
  const stopping = new Stopping(signals)
  const { isStopping } = stopping
  const readiness = new Readiness(live, isStopping)
  const clients = clientServer({
    ...{ live, log, accessLog, signer, pages, readiness, connections, sharedLimits, isStopping, isTrusted },
    ...(tls && { others: [tls.server] }),
  })
  const admin = adminServer({
    ...{ live, accessLog, now, readiness, droppedLines: dropped, certificates: tls?.certificates },
    limitStore: () => sharedLimits.state,
    watch: () => watching.results,
    async explain(asked) {
      // Loaded when it is asked for: answering clients needs none of it.
      const { explainBy } = await import('./explain/explanation.ts')
      return explainBy(live.current, asked)
    },
  })
  admin.server.maxConnections = limits.admin
  const ask = options.askPort === undefined ? undefined : askServer(live)
  if (ask) ask.server.maxConnections = Math.ceil(limits.admin / 2)

  const ready = () => void systemd.ready(serviceStatus(live))
  const reload = () => {
    void systemd.reloading()
    void live.reload().then(ready)
  }
  signals.on('SIGHUP', reload)
  let listening: Listening = nowhere
  try {
    const servers = { clients, admin, ask, https: tls?.server }
    const opened = await listen(servers, options, { env, pid: process.pid })
    if (!opened.ok) {
      log.fatal(`cannot listen: ${opened.error}`)
      return exitCodes.failure
    }
    listening = opened.value
    if (listening.warning !== undefined) log.warn(listening.warning)
    const urls = {
      clients: listening.clients.url,
      admin: listening.admin.url,
      ...(tls && { https: listening.https.url }),
      ...(ask && { ask: listening.ask.url }),
    }
    log.info({ ...summaryOf(live), ...urls, try: curlLine(live.current.patterns(), urls.clients) }, 'serving')
    ready()
    const signal = await stopping.requested
    log.info({ signal }, 'stopping')
    void watching.close()
    void systemd.stopping((http.drainDelay + http.shutdownTimeout) * 1000)
    await stopping.delay(http.drainDelay * 1000)
    return exitCodes.ok
  } finally {
    const timeout = http.shutdownTimeout * 1000
    // Nothing else ends the process if something hangs, such as a file system.
    /* c8 ignore next -- only a process of its own can hang, as in test/reload/regular-files.test.ts */
    const last = setTimeout(() => io.exit?.(exitCodes.ok), timeout)
    const { hurry } = stopping
    await finishClients(connections, {
      quiet: Math.min(longestQuiet, timeout / 2),
      timeout: timeout - lastMoments(timeout),
      ...{ hurry, listeners: [listening.clients, listening.https] },
    })
    await Promise.all([listening.admin.stop(), listening.ask.stop()])
    // Prometheus and balancers keep their connections.
    for (const server of [admin, ask]) server?.server.closeAllConnections()
    await Promise.all([
      clients.close(),
      admin.close(),
      ask?.close(),
      live.close(),
      watching.close(),
      sharedLimits.close(),
    ])
    clearInterval(certificateTimer)
    tls?.certificates.close()
    signals.off('SIGHUP', reload)
    stopping.close()
    systemd.close()
    await end(lastMoments(timeout) / 2)
    last.unref()
  }
}

const limitedConnections = (
  http: HttpSettings,
  { clients, perAddress }: ConnectionLimits,
  isTrusted: IsTrusted,
  onRefused: (kind: RefusalKind) => void,
): Connections =>
  new Connections({
    most: clients,
    mostPerAddress: perAddress,
    sparesNearby: http.maxConnectionsPerAddress === undefined,
    // Before Node.js answers with 408, which is for half of a request.
    firstByteTimeout: Math.min(http.requestTimeout / 2, longestSilence) * 1000,
    ...{ isTrusted, onRefused },
  })

async function openSaved(
  { state, config }: ServeOptions,
  now: Io['now'],
  onProblem: (problem: string) => void,
): Promise<SavedConfig | undefined> {
  if (state === undefined) return undefined
  const { SavedFiles } = await import('../config/saved/saved-files.ts')
  return SavedFiles.open({ state, config, now, onProblem })
}
