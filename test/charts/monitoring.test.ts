/** The alert rules and the dashboard of the chart, by Prometheus' own tool, and beside the metrics that the service has. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { type Observables, observeCluster } from '../../src/metrics/gauges.ts'
import { createMetrics } from '../../src/metrics/metrics.ts'
import { binaries } from '../../tools/local-cluster/binaries.ts'
import { run } from '../../tools/local-cluster/run.ts'

const CHART = new URL('../../charts/fluxiondb-provisioner/', import.meta.url).pathname
const skip = spawnSync('go', ['version']).status === 0 ? false : 'Go is needed to build promtool'
/** What a histogram's series are called, behind its name. */
const SERIES = /_(bucket|count|sum)$/

t.test('the alert rules are valid, and fire when they should and only then', { skip }, async (t) => {
  const { promtool } = await binaries(['promtool'], () => {})
  t.match(await run(promtool, ['check', 'rules', '--lint-fatal', `${CHART}files/alerts.yaml`]), /10 rules found/)
  t.match(await run(promtool, ['test', 'rules', `${CHART}tests/alerts_promtool.yaml`]), /SUCCESS/)
})

t.test('alerts and dashboard ask for metrics that there are', async (t) => {
  const metrics = createMetrics()
  // Nothing is asked of them before the metrics are.
  observeCluster(metrics, {} as Observables)
  const names = new Set(metrics.registry.getMetricsAsArray().map(({ name }) => name))
  for (const file of ['alerts.yaml', 'dashboard.json']) {
    const text = readFileSync(`${CHART}files/${file}`, 'utf8')
    const asked = new Set(text.match(/fluxiondb_provisioner_\w+/g)?.map((name) => name.replace(SERIES, '')))
    t.ok(asked.size > 5, `${file} asks for ${asked.size}`)
    t.same(
      [...asked].filter((name) => !names.has(name)),
      [],
      file,
    )
  }
})
