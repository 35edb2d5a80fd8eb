import type { Metric } from 'prom-client'
import type { DurationHistogram } from '../model/durations.ts'

/** The durations of one series of a metric. */
export interface DurationSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly histogram: DurationHistogram
}

/**
 * A histogram in seconds, read when it is scraped. The library fills histograms itself; ours are filled while nobody has loaded the
 * library yet.
 */
export function durationMetric(
  name: string,
  help: string,
  labelNames: readonly string[],
  series: () => readonly DurationSeries[],
): Metric {
  const values = () =>
    series().flatMap(({ labels, histogram: { buckets, count, sum } }) => [
      ...buckets.map(({ le, within }) => ({
        metricName: `${name}_bucket`,
        labels: { ...labels, le },
        value: within,
      })),
      { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ])
  const described = { name, help, type: 'histogram', aggregator: 'sum' }
  return {
    ...described,
    labelNames,
    get: async () => ({ ...described, values: values() }),
  } as unknown as Metric
}
