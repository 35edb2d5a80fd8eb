import { Counter, Gauge, type Registry } from 'prom-client'
import type { WatchNumbers, WatchStatus } from '../watch/status.ts'

/** The results of regular checks: for `/readyz`, and for metrics. */
export interface WatchResults {
  readonly status: WatchStatus
  readonly numbers: WatchNumbers
}

/** A metric and its values. */
interface WatchMetric {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
  readonly values: (numbers: WatchNumbers) => readonly (readonly [Record<string, string>, number])[]
}

const gauges: readonly WatchMetric[] = [
  {
    name: 'check_problems',
    help: 'Problems that regular checks have confirmed, by mail host and check; 0 if there is none.',
    labelNames: ['host', 'id'],
    values: ({ problems }) => problems.map(({ host, id, problems: number }) => [{ host, id }, number]),
  },
  {
    name: 'check_untested',
    help: 'Checks of a mail host that could not be made the last time.',
    labelNames: ['host'],
    values: ({ untested }) => untested.map(({ host, untested: number }) => [{ host }, number]),
  },
  {
    name: 'check_last_run_timestamp_seconds',
    help: 'When the last run of regular checks ended; absent before the first one has.',
    labelNames: [],
    values: ({ lastFinished }) => (lastFinished === undefined ? [] : [[{}, lastFinished / 1000]]),
  },
  {
    name: 'check_certificate_seconds_left',
    help: 'Seconds until the first certificate of a mail host ends: of its servers (mail), or of names that clients of its domains ask (names).',
    labelNames: ['host', 'of'],
    values: ({ certificates }) => certificates.map(({ host, of, seconds }) => [{ host, of }, seconds]),
  },
  {
    name: 'check_changes_waiting',
    help: 'Changes that could not be sent yet.',
    labelNames: ['to'],
    values: ({ messages }) => messages.map(({ to, waiting }) => [{ to }, waiting]),
  },
]

/** Adds the metrics of regular checks. No label contains a domain of a customer. */
export function addWatchMetrics(register: Registry, results: () => WatchResults | undefined): void {
  const registers = [register]
  for (const { name, help, labelNames, values } of gauges) {
    new Gauge({
      name: `mail_autoconfig_${name}`,
      help,
      labelNames,
      registers,
      collect() {
        this.reset()
        // Without labels, the library would begin with 0.
        if (labelNames.length === 0) this.remove()
        const { numbers } = results() ?? {}
        for (const [labels, value] of numbers ? values(numbers) : []) this.set(labels, value)
      },
    })
  }
  new Counter({
    name: 'mail_autoconfig_check_messages_total',
    help: 'Messages about changes: sent, and attempts that failed.',
    labelNames: ['to', 'result'] as const,
    registers,
    collect() {
      this.reset()
      for (const { to, sent, failed } of results()?.numbers.messages ?? []) {
        this.inc({ to, result: 'sent' }, sent)
        this.inc({ to, result: 'failed' }, failed)
      }
    },
  })
}
