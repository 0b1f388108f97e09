import t from 'tap'
import { Trials } from '../../../../src/tenants/options/trials.ts'
import { DEFAULT_DESIRED } from '../../../fixtures/tenants.ts'
import { FakeCluster } from '../../../helpers/fake-cluster.ts'

/** Trials on a fake cluster, with the kinds that were tried out by dry runs. */
function trials() {
  const cluster = new FakeCluster()
  const dryRuns: string[] = []
  const judged = new Set<string>()
  cluster.fails = (_, kind) => void dryRuns.push(kind)
  const rules = { concern: (resources: readonly string[]) => resources.some((one) => judged.has(one)) }
  const all = new Trials(cluster.apis, rules)
  const tried = async (userId: string, desired = DEFAULT_DESIRED) => {
    dryRuns.length = 0
    await all.pass('scratch', userId, desired)
    return dryRuns.length > 0
  }
  return { tried, judged, cluster }
}

t.test('what has passed is not tried again for the next tenant', async (t) => {
  const { tried } = trials()
  t.ok(await tried('a'))
  t.notOk(await tried('b'))
  t.ok(await tried('b', { ...DEFAULT_DESIRED, ramSize: '3Gi' }), 'but anything else is')
})

t.test('where a webhook or policy judges what a tenant has, each is tried', async (t) => {
  const { tried, judged } = trials()
  judged.add('networking.k8s.io/ingresses')
  await tried('a')
  t.notOk(await tried('b'), 'it has no Ingress')
  judged.add('/services')
  t.ok(await tried('c'))
})

t.test('what was refused does not count', async (t) => {
  const { tried, cluster } = trials()
  const { fails } = cluster
  cluster.fails = () => new Error('down')
  await t.rejects(tried('a'), /down/)
  cluster.fails = fails
  t.ok(await tried('a'))
})
