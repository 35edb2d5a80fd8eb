import { readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { metricsOf } from '../../src/http/metrics.ts'
import { Readiness } from '../../src/http/readiness.ts'
import { openApp } from '../support/example.ts'
import { code, comparePage, table } from './reference-pages/markdown.ts'

/**
 * docs/metrics.md, as the code has the metrics. `UPDATE_DOCS=1` writes the page again. The alerts and the dashboard contain no others.
 */
const page = 'docs/metrics.md'

interface Described {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly labelNames: readonly string[]
}

/** Every metric, also those that only a part of all configurations has. */
async function metrics(t: Parameters<typeof openApp>[0]): Promise<readonly Described[]> {
  const { live, accessLog, now } = await openApp(t)
  const certificates = { default: undefined } as never
  const register = metricsOf({ live, accessLog, now, readiness: new Readiness(live), certificates })
  return register
    .getMetricsAsArray()
    .filter(({ name }) => name.startsWith('mail_autoconfig_'))
    .map((metric) => metric as unknown as Described)
}

function tableOf(all: readonly Described[]): string {
  const rows = all.map(({ name, help, labelNames, type }) => {
    const labels = labelNames.length === 0 ? '' : `{${labelNames.join(',')}}`
    return [code(`${name}${labels}`), type, help]
  })
  return table(['metric', 'type', 'meaning'], rows.sort())
}

const introduction = `# Metrics

\`GET /metrics\` on the admin port has them in the format of Prometheus. None contains an address, a domain, or anything else of a client.
[monitoring.md](monitoring.md) has the alerts and the dashboard. The names beginning with \`process_\` and \`nodejs_\` are those of
[prom-client](https://github.com/siimon/prom-client#default-metrics).

A test makes this table from the code: \`UPDATE_DOCS=1 npx tap --disable-coverage test/docs/metrics-page.test.ts\`.`

t.test('docs/metrics.md has the metrics of the code', async (t) => {
  comparePage(t, page, [introduction, tableOf(await metrics(t))])
})

t.test('the alerts and the dashboard use metrics that exist', async (t) => {
  const names = new Set((await metrics(t)).map(({ name }) => name))
  for (const file of [
    'deploy/monitoring/alerts.yaml',
    'deploy/monitoring/dashboard.json',
    'docs/monitoring.md',
  ]) {
    const used = readFileSync(file, 'utf8').match(/mail_autoconfig_\w+/g) ?? []
    t.ok(used.length > 0, file)
    for (const name of new Set(used))
      t.ok(names.has(name.replace(/_(?:bucket|sum|count)$/, '')), `${file}: ${name}`)
  }
})

t.test('docs/monitoring.md says what to do for every alert', async (t) => {
  const { groups } = parse(readFileSync('deploy/monitoring/alerts.yaml', 'utf8')) as {
    groups: { rules: { alert: string }[] }[]
  }
  const documented = new Set(readFileSync('docs/monitoring.md', 'utf8').match(/MailAutoconfig\w+/g))
  t.strictSame([...documented].sort(), groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)).sort())
})
