/** The chart without a cluster: its own tests, Kubernetes' schemas, and what is generated into it. */
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import t from 'tap'
import { GENERATED } from '../../tools/charts.ts'
import { helm } from '../../tools/helm.ts'
import { kubernetesSchemas } from '../../tools/kubernetes-schemas.ts'
import { binaries } from '../../tools/local-cluster/binaries.ts'
import { run } from '../../tools/local-cluster/run.ts'

const CHART = new URL('../../charts/fluxiondb-provisioner', import.meta.url).pathname
const VALUES = globSync(`${CHART}/ci/*-values.yaml`).sort()
/** Kinds of the Prometheus operator. */
const NOT_KUBERNETES_OWN = '-skip=ServiceMonitor,PrometheusRule'
const report = () => {}
const skip = spawnSync('go', ['version']).status === 0 ? false : 'Go is needed to build the programs that check charts'

const template = (...args: string[]) => helm(['template', 'prov', CHART, '--namespace=sales', ...args], report)

t.test('what follows from the charts is up to date: run "npm run charts"', { skip }, async (t) => {
  for (const generate of GENERATED) {
    for (const [path, content] of Object.entries(await generate(report))) {
      t.equal(readFileSync(path, 'utf8'), content, basename(path))
    }
  }
})

t.test('helm lint finds nothing wrong', { skip }, async (t) => {
  for (const values of VALUES) {
    t.match(
      await helm(['lint', '--strict', CHART, `--values=${values}`], report),
      '0 chart(s) failed',
      basename(values),
    )
  }
})

t.test('the unit tests of the templates pass', { skip }, async (t) => {
  const { 'helm-unittest': program } = await binaries(['helm-unittest'], report)
  t.match(await run(program, [CHART]), /Test Suites: \d+ passed/)
})

t.test('what it renders satisfies the schemas of Kubernetes', { skip }, async (t) => {
  const { kubeconform } = await binaries(['kubeconform'], report)
  const schemas = `${await kubernetesSchemas()}/{{.ResourceKind}}{{.KindSuffix}}.json`
  for (const values of VALUES) {
    const rendered = await template(`--values=${values}`)
    const { stdout, status } = spawnSync(
      kubeconform,
      ['-strict', '-summary', NOT_KUBERNETES_OWN, `-schema-location=${schemas}`],
      { input: rendered, encoding: 'utf8' },
    )
    t.equal(status, 0, `${basename(values)}: ${stdout.trim()}`)
    const misspelt = rendered.replace('replicas:', 'replica:')
    const judged = spawnSync(kubeconform, ['-strict', NOT_KUBERNETES_OWN, `-schema-location=${schemas}`], {
      input: misspelt,
      encoding: 'utf8',
    })
    t.match([judged.status, judged.stdout], [1, /replica/], 'and a field that is not known would be found')
  }
})

const BAD: [what: string, value: string, message: RegExp][] = [
  ['a misspelt value', 'replicas=3', /replicas/],
  ['a misspelt setting', 'settings.RAM_MXA=1Gi', /RAM_MXA/],
  ['a setting that the chart owns', 'settings.PORT=80', /PORT/],
  ['a number that is too large', 'settings.CPU_REQUEST_PERCENT=101', /CPU_REQUEST_PERCENT/],
  ['a credential in clear', 'credentials[0].key=fxp_abcd_secret', /credentials/],
  ['no replica', 'replicaCount=0', /replicaCount/],
  ['another kind of Service', 'service.type=External', /service/],
]
for (const [what, value, message] of BAD) {
  t.test(`${what} is refused by its name`, { skip }, async (t) => {
    await t.rejects(template(`--set=${value}`), { message })
  })
}
