import { Counter, Gauge, type Registry } from 'prom-client'
import type { Certificates } from '../tls/certificates.ts'
import { summaryOfCertificates } from '../tls/summary.ts'
import type { AccessLog } from './access-log.ts'

export interface TlsMetricsOptions {
  readonly accessLog: AccessLog
  readonly certificates: Certificates
  readonly now: () => Date
}

/** Adds the metrics of the https listener. No label is a name: with ten thousand customers there would be ten thousand series. */
export function addTlsMetrics(register: Registry, { accessLog, certificates, now }: TlsMetricsOptions): void {
  const registers = [register]
  const summary = () => summaryOfCertificates(certificates, now().getTime())
  new Gauge({
    name: 'mail_autoconfig_certificates',
    help: 'Certificates by state: valid; ending, its renewal is late; kept, the one before is in use since the files are broken; expired; unusable.',
    labelNames: ['state'] as const,
    registers,
    collect() {
      for (const [state, count] of Object.entries(summary().states)) this.set({ state }, count)
    },
  })
  new Gauge({
    name: 'mail_autoconfig_certificate_seconds_left',
    help: 'Seconds until the first certificate in use expires; negative if it has, NaN without any.',
    registers,
    collect() {
      const { validTo } = summary()
      this.set(validTo === null ? Number.NaN : (Date.parse(validTo) - now().getTime()) / 1000)
    },
  })
  new Gauge({
    name: 'mail_autoconfig_certificate_default',
    help: '1 if there is a certificate for clients that send no name.',
    registers,
    collect() {
      this.set(certificates.default ? 1 : 0)
    },
  })
  new Gauge({
    name: 'mail_autoconfig_certificate_contexts',
    help: 'Certificates that are in memory, ready for handshakes.',
    registers,
    collect() {
      this.set(certificates.contexts)
    },
  })
  new Counter({
    name: 'mail_autoconfig_tls_handshakes_total',
    help: 'TLS handshakes that succeeded, by session: new, or resumed.',
    labelNames: ['session'] as const,
    registers,
    collect() {
      this.reset()
      for (const [session, count] of Object.entries(accessLog.handshakes)) this.inc({ session }, count)
    },
  })
  new Counter({
    name: 'mail_autoconfig_tls_errors_total',
    help: 'TLS handshakes that failed, by kind.',
    labelNames: ['kind'] as const,
    registers,
    collect() {
      this.reset()
      for (const [kind, errors] of Object.entries(accessLog.tlsErrors.counts)) this.inc({ kind }, errors)
    },
  })
}
