import { Counter, Gauge, type Registry } from 'prom-client'
import type { Resolver } from '../resolver/resolver.ts'
import { durationMetric } from './histogram.ts'

type Source = NonNullable<Resolver['backends']>['all'][number]

/** A metric of sources: the values of each, by one more label if there are several. */
interface SourceMetric {
  readonly type: 'gauge' | 'counter'
  readonly name: string
  readonly help: string
  readonly label?: string
  /** By the value of the label; a single value has the key `''`. A source without values has no metric. */
  readonly values: (state: Source['state']) => Readonly<Record<string, number>>
}

const metrics: readonly SourceMetric[] = [
  {
    type: 'gauge',
    name: 'available',
    help: '1 if a source answers, 0 while its last known answers are used.',
    values: ({ available }) => ({ '': Number(available) }),
  },
  {
    type: 'counter',
    name: 'queries_total',
    help: 'Queries sent to a source, by result.',
    label: 'result',
    values: ({ queries }) => queries,
  },
  {
    type: 'counter',
    name: 'answers_total',
    help: 'Answers to look-ups: certain; stale, the last known one; uncertain, none because the source did not answer; refused, none because too many queries wait.',
    label: 'certainty',
    values: ({ answers }) => answers,
  },
  {
    type: 'gauge',
    name: 'queries_in_progress',
    help: 'Queries that a source is working on.',
    values: ({ running }) => ({ '': running }),
  },
  {
    type: 'gauge',
    name: 'queries_waiting',
    help: 'Queries in the queue in front of a source.',
    values: ({ waiting }) => ({ '': waiting }),
  },
  {
    type: 'gauge',
    name: 'connections',
    help: 'Connections to a source: open ones, and those of them that are idle.',
    label: 'state',
    values: ({ connections = {} }) => ({ ...connections }),
  },
  {
    type: 'gauge',
    name: 'listening',
    help: '1 while a source announces changes, 0 while they take effect only after ttl.',
    values: ({ notify }): Record<string, number> => (notify ? { '': Number(notify.listening) } : {}),
  },
  {
    type: 'gauge',
    name: 'cached_answers',
    help: 'Answers in the caches of a source, outdated ones included.',
    label: 'answer',
    values: ({ cache: { known, unknown } }) => ({ known, unknown }),
  },
  {
    type: 'counter',
    name: 'cache_evictions_total',
    help: 'Answers that the caches of a source dropped to make room.',
    label: 'answer',
    values: ({ cache: { evictedKnown, evictedUnknown } }) => ({
      known: evictedKnown,
      unknown: evictedUnknown,
    }),
  },
]

/** Adds the metrics of all sources. No label contains a domain. */
export function addSourceMetrics(register: Registry, sources: () => readonly Source[]): void {
  for (const metric of metrics) {
    const { name, help, label } = metric
    const options = {
      name: `mail_autoconfig_source_${name}`,
      help,
      labelNames: ['source', ...(label === undefined ? [] : [label])],
      registers: [register],
    }
    const set = (add: (labels: Record<string, string>, value: number) => void): void => {
      for (const { name: source, state } of sources()) {
        for (const [key, value] of Object.entries(metric.values(state)))
          add(label === undefined ? { source } : { source, [label]: key }, value)
      }
    }
    if (metric.type === 'gauge') {
      new Gauge({
        ...options,
        collect() {
          this.reset()
          set((labels, value) => this.set(labels, value))
        },
      })
    } else {
      new Counter({
        ...options,
        collect() {
          this.reset()
          set((labels, value) => this.inc(labels, value))
        },
      })
    }
  }
  register.registerMetric(
    durationMetric(
      'mail_autoconfig_source_query_duration_seconds',
      'How long a source took for a query, without its time in the queue.',
      ['source'],
      () => sources().map(({ name: source, durations: histogram }) => ({ labels: { source }, histogram })),
    ),
  )
}
