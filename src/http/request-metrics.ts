import { Counter, type Registry } from 'prom-client'
import type { AccessLog } from './access-log.ts'
import { durationMetric } from './histogram.ts'

/** Adds the metrics of requests and connections. No label contains anything of a request. */
export function addRequestMetrics(register: Registry, accessLog: AccessLog): void {
  const registers = [register]
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
  register.registerMetric(
    durationMetric(
      'mail_autoconfig_request_duration_seconds',
      'How long requests took, by format and outcome: answered; unknown, status 404; refused, another status below 500; gone, the client did not wait; failed.',
      ['format', 'outcome'],
      () => accessLog.durations(),
    ),
  )
  new Counter({
    name: 'mail_autoconfig_client_requests_total',
    help: 'Requests, by mail client as its User-Agent says, and by protocol as the client uses it.',
    labelNames: ['client', 'protocol'] as const,
    registers,
    collect() {
      this.reset()
      for (const { requests, ...labels } of accessLog.clients.counts()) this.inc(labels, requests)
    },
  })
  new Counter({
    name: 'mail_autoconfig_client_errors_total',
    help: 'Bytes that are not an HTTP request, by kind.',
    labelNames: ['kind'] as const,
    registers,
    collect() {
      this.reset()
      for (const [kind, errors] of Object.entries(accessLog.clientErrors.counts)) this.inc({ kind }, errors)
    },
  })
  new Counter({
    name: 'mail_autoconfig_refused_total',
    help: 'Connections and requests refused because of a limit, by kind.',
    labelNames: ['kind'] as const,
    registers,
    collect() {
      this.reset()
      for (const [kind, refused] of Object.entries(accessLog.refusals.counts)) this.inc({ kind }, refused)
    },
  })
}
