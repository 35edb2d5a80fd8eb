import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { StoreState } from '../limits/shared-limits.ts'
import { totalOf } from '../model/diagnostic.ts'
import type { LiveResolver } from '../resolver/live-resolver.ts'
import { signingState } from '../signing/profile-signer.ts'
import type { Certificates } from '../tls/certificates.ts'
import { version } from '../version.ts'
import type { AccessLog } from './access-log.ts'
import type { Readiness } from './readiness.ts'
import { addRequestMetrics } from './request-metrics.ts'
import { addSourceMetrics } from './source-metrics.ts'
import { addTlsMetrics } from './tls-metrics.ts'
import { addWatchMetrics, type WatchResults } from './watch-metrics.ts'

export interface MetricsOptions {
  readonly live: LiveResolver
  readonly accessLog: AccessLog
  readonly now: () => Date
  readonly readiness: Readiness
  /** The number of lines of the log that could not be written. */
  readonly droppedLines?: () => number
  readonly limitStore?: () => StoreState | undefined
  /** The results of regular checks; `undefined` if there are none. */
  readonly watch?: (() => WatchResults | undefined) | undefined
  /** Absent without a listener for https. */
  readonly certificates?: Certificates | undefined
}

/** The metrics in Prometheus' text format, read when they are scraped. No label contains anything of a request. */
export function metricsOf({
  live,
  accessLog,
  now,
  readiness,
  droppedLines = () => 0,
  limitStore = () => undefined,
  watch = () => undefined,
  certificates,
}: MetricsOptions): Registry {
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register })

  addRequestMetrics(register, accessLog)
  new Gauge({
    name: 'mail_autoconfig_build_info',
    help: 'Always 1; the labels are the versions of the program and of Node.js.',
    labelNames: ['version', 'node'] as const,
    registers,
  }).set({ version, node: process.versions.node }, 1)
  new Counter({
    name: 'mail_autoconfig_log_lines_dropped_total',
    help: 'Lines of the log that could not be written, such as on a full disk.',
    registers,
    collect() {
      this.reset()
      this.inc(droppedLines())
    },
  })
  new Counter({
    name: 'mail_autoconfig_reloads_total',
    help: 'Reloads of the configuration, by result.',
    labelNames: ['result'] as const,
    registers,
    collect() {
      const { succeeded, failed, held } = live.state.reloads
      this.reset()
      this.inc({ result: 'success' }, succeeded)
      this.inc({ result: 'failure' }, failed)
      this.inc({ result: 'held' }, held)
    },
  })
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name: `mail_autoconfig_${name}`,
      help,
      registers,
      collect() {
        this.set(value())
      },
    })
  gauge(
    'last_reload_successful',
    '0 while the configuration on disk is invalid or held back, and an older one is in use.',
    () => (live.state.lastError || live.state.held ? 0 : 1),
  )
  gauge(
    'reload_held',
    '1 while a changed configuration waits for SIGHUP, because it has lost most domains or logins.',
    () => (live.state.held ? 1 : 0),
  )
  gauge(
    'saved_config_in_use',
    '1 while the saved configuration is in use, because the one on disk was invalid or held back at the start.',
    () => (live.state.savedAt ? 1 : 0),
  )
  gauge(
    'config_saved_timestamp_seconds',
    'When a good configuration was last saved, NaN if none is.',
    () => (live.saved?.saved?.at.getTime() ?? Number.NaN) / 1000,
  )
  new Gauge({
    name: 'mail_autoconfig_last_reload_error',
    help: 'The first errors of the last reload, by file and line; absent if it was successful.',
    labelNames: ['file', 'line'] as const,
    registers,
    collect() {
      this.reset()
      for (const { file, line } of live.state.lastError?.errors.slice(0, 10) ?? [])
        this.set({ file, line }, 1)
    },
  })
  gauge(
    'config_loaded_timestamp_seconds',
    'When the configuration in use was loaded.',
    () => live.state.loadedAt.getTime() / 1000,
  )
  gauge('domains', 'Mapped domains and wildcards.', () => live.current.size)
  gauge(
    'ispdb_domains',
    'Domains that are answered from ISPDB files.',
    () => live.current.ispdb?.domains.length ?? 0,
  )
  gauge(
    'ispdb_broken_files',
    'ISPDB files with an error, which are ignored or served in their last good version.',
    () => live.current.ispdb?.broken ?? 0,
  )
  gauge('hosts', 'Mail hosts.', () => live.current.config.hosts.size)
  gauge(
    'profiles_signed',
    '1 if Apple profiles are signed, 0 if they should be but cannot, NaN without apple.sign.',
    () => {
      const state = signingState(live.current.config.signing, now())
      return state ? Number(state.signed) : Number.NaN
    },
  )
  gauge(
    'signing_certificate_expiry_timestamp_seconds',
    'When the certificate for Apple profiles expires; NaN without a valid one.',
    () => {
      const { signing } = live.current.config
      return signing && 'identity' in signing ? signing.identity.validTo / 1000 : Number.NaN
    },
  )
  gauge('ready', '1 if a balancer may send clients here; /readyz has the reason if not.', () =>
    Number(readiness.problem === undefined),
  )
  gauge(
    'limit_store_available',
    '1 while requests are counted together with other servers, 0 while this server counts alone, NaN without http.rateLimitStore.',
    () => Number(limitStore()?.available ?? Number.NaN),
  )
  if (certificates) addTlsMetrics(register, { accessLog, certificates, now })
  addSourceMetrics(register, () => live.current.backends?.all ?? [])
  addWatchMetrics(register, watch)
  gauge('config_warnings', 'Warnings that "check" prints.', () => totalOf(live.current.config.warnings))
  return register
}
