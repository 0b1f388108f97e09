/** Part of `npm run generate`: writes docs/metrics.md, what the service tells Prometheus, from the metrics themselves. */
import { writeFile } from 'node:fs/promises'
import { type Observables, observeCluster } from '../src/metrics/gauges.ts'
import { createMetrics } from '../src/metrics/metrics.ts'

const FILE = new URL('../docs/metrics.md', import.meta.url)

const metrics = createMetrics()
// Nothing is asked of them before the metrics are.
observeCluster(metrics, {} as Observables)
const own = metrics.registry
  .getMetricsAsArray()
  .filter(({ name }) => name.startsWith('fluxiondb_'))
  .sort((a, b) => a.name.localeCompare(b.name))
const rows = own.map((metric) => {
  const { name, type, help, labelNames } = metric as typeof metric & { labelNames: readonly string[] }
  return `| \`${name}\` | ${type} | ${labelNames.map((label) => `\`${label}\``).join(', ')} | ${help} |`
})
await writeFile(
  FILE,
  `# Metrics

\`GET /metrics\` answers in Prometheus' format to a credential with the scope \`metrics\`. Besides these there are those of the process itself
(\`process_\`, \`nodejs_\`). None has a tenant's id as a label.

| name | kind | labels | what it is |
|---|---|---|---|
${rows.join('\n')}

The chart has alert rules (\`alerts.enabled\`) and a dashboard for Grafana (\`dashboard.enabled\`) that use them.
`,
)
