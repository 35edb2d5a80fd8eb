import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { LiveResolver } from '../resolver/live-resolver.ts'
import { signingState } from '../signing/profile-signer.ts'
import type { AccessLog } from './access-log.ts'

/** The metrics in Prometheus' text format, read off when they are asked for; no label holds anything of the askers. */
export function metricsOf(live: LiveResolver, accessLog: AccessLog, now: () => Date): Registry {
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register })

  new Counter({
    name: 'mail_autoconfig_requests_total',
    help: 'Requests answered, by route and status.',
    labelNames: ['route', 'status'] as const,
    registers,
    collect() {
      this.reset()
      for (const { route, status, requests } of accessLog.counts()) this.inc({ route, status }, requests)
    },
  })
  new Counter({
    name: 'mail_autoconfig_reloads_total',
    help: 'Reloads of the configuration, by result.',
    labelNames: ['result'] as const,
    registers,
    collect() {
      const { succeeded, failed } = live.state.reloads
      this.reset()
      this.inc({ result: 'success' }, succeeded)
      this.inc({ result: 'failure' }, failed)
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
  gauge('last_reload_successful', '0 while the files hold a fault and an older configuration serves.', () =>
    live.state.lastError ? 0 : 1,
  )
  new Gauge({
    name: 'mail_autoconfig_last_reload_fault',
    help: 'The first faults of the last reload, by file and line; none when it was successful.',
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
    'When the configuration in force was loaded.',
    () => live.state.loadedAt.getTime() / 1000,
  )
  gauge('domains', 'Domains and patterns that are mapped.', () => live.current.size)
  gauge(
    'ispdb_domains',
    'Domains that files of the ISPDB are served for.',
    () => live.current.ispdb?.domains.length ?? 0,
  )
  gauge('hosts', 'Mail hosts.', () => live.current.config.hosts.size)
  gauge(
    'profiles_signed',
    '1 while Apple profiles are signed, 0 while they should be and cannot, NaN where they are not to be.',
    () => {
      const state = signingState(live.current.config.signing, now())
      return state ? Number(state.signed) : Number.NaN
    },
  )
  gauge(
    'signing_certificate_expiry_timestamp_seconds',
    'When the certificate for Apple profiles expires; NaN where none can be used.',
    () => {
      const { signing } = live.current.config
      return signing && 'identity' in signing ? signing.identity.validTo / 1000 : Number.NaN
    },
  )
  new Gauge({
    name: 'mail_autoconfig_source_available',
    help: '1 while a source answers, 0 while what it last said is served.',
    labelNames: ['source'] as const,
    registers,
    collect() {
      this.reset()
      for (const { name, available } of live.current.backends?.states ?? [])
        this.set({ source: name }, Number(available))
    },
  })
  new Counter({
    name: 'mail_autoconfig_source_questions_total',
    help: 'Questions that went out to a source, by what came of them.',
    labelNames: ['source', 'result'] as const,
    registers,
    collect() {
      this.reset()
      for (const { name, questions } of live.current.backends?.states ?? []) {
        for (const [result, count] of Object.entries(questions)) this.inc({ source: name, result }, count)
      }
    },
  })
  gauge('config_warnings', 'Warnings that "check" prints.', () => live.current.config.warnings.length)
  return register
}
