import { setTimeout as sleep } from 'node:timers/promises'
import type { V1ResourceQuota } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import { fromNow } from '../../../../src/clock.ts'
import { KubernetesError } from '../../../../src/kubernetes/errors.ts'
import { SoleLeader } from '../../../../src/kubernetes/leader/leader.ts'
import { createLogger } from '../../../../src/logger.ts'
import { annotations } from '../../../../src/manifests/labels.ts'
import { UsageArchive } from '../../../../src/tenants/billing/archive.ts'
import { Reconciler, type ReconcilerDeps } from '../../../../src/tenants/reconcile/reconciler.ts'
import { OperationLog } from '../../../../src/tenants/record/operation-log.ts'
import { TenantRepository } from '../../../../src/tenants/record/repository.ts'
import { parseSpec, type Spec } from '../../../../src/tenants/record/spec.ts'
import { CAPABILITIES, SERVICE_IDENTITY } from '../../../fixtures/tenants.ts'
import { until } from '../../../helpers/api.ts'
import { FakeCluster } from '../../../helpers/fake-cluster.ts'
import { anOperation, aSpec, observed, RUNNING } from '../../../helpers/observed.ts'
import { fenced } from '../../../helpers/resizing.ts'

const NAME = 'fluxiondb-user123'

/** A tenant that is as its record says, in a fake cluster that counts its calls. */
function tenantIn(t: Test, spec: Spec, change: (live: ReturnType<typeof observed>) => void = () => {}) {
  const cluster = new FakeCluster()
  const live = observed(spec)
  change(live)
  const { pods, replicaSets, secretExists: _, ...objects } = live
  for (const object of [...Object.values(objects), ...replicaSets, ...pods]) if (object) cluster.put(object)
  const counted = {
    calls: 0,
    repairs: 0,
    lines: [] as Record<string, unknown>[],
    failure: (_verb: string, _kind: string): Error | undefined => undefined,
  }
  cluster.fails = (verb, kind) => {
    counted.calls++
    return counted.failure(verb, kind)
  }
  const { apis, cache, tenants } = cluster
  const log = createLogger('warn', { write: (line) => counted.lines.push(JSON.parse(line)) })
  const leader = new SoleLeader()
  const deps: ReconcilerDeps = {
    apis,
    cache,
    tenants,
    leader,
    repository: new TenantRepository(apis),
    operations: new OperationLog(apis, createLogger('silent')),
    archive: new UsageArchive(apis, ''),
    serviceIdentity: async () => SERVICE_IDENTITY,
    capabilities: async () => CAPABILITIES,
    stepTimeoutsMs: { volume: 1000, pod: 1000 },
    onFinished: () => {},
    onRepair: () => void counted.repairs++,
  }
  const reconciler = new Reconciler(deps, log)
  t.teardown(() => reconciler.stop())
  const record = () => parseSpec(cluster.get('Namespace', NAME)?.metadata?.annotations?.[annotations.spec])
  return { reconciler, leader, counted, record, cluster }
}

t.test('a record that was put back behind what was written for it holds again, after a few looks', async (t) => {
  const { reconciler, counted, record } = tenantIn(t, aSpec(), (live) => {
    live.deployment = fenced(live.deployment!, 99)
  })
  reconciler.enqueue('user123')
  await until('it holds again', async () => record().generation === 99)
  t.ok(counted.calls < 80, `${counted.calls} calls`)
})

t.test('a change that is undone again and again is not made at full speed, and ends with a stop', async (t) => {
  const { reconciler, counted, cluster } = tenantIn(t, aSpec())
  // Another hand: whatever is written to the quota is gone at the next look.
  const quota = cluster.get('ResourceQuota', 'db-user123-fluxiondb', NAME)!
  counted.failure = (verb, kind) => {
    if (verb === 'read' && kind === 'ResourceQuota') cluster.put({ ...quota, spec: { hard: { pods: '9' } } } as never)
    return undefined
  }
  reconciler.enqueue('user123')
  await until('it is slow', async () => {
    const before = counted.calls
    await new Promise((resolve) => setTimeout(resolve, 300))
    return counted.calls === before
  })
  t.ok(counted.calls < 1000, `${counted.calls} calls`)
  await reconciler.stop()
  const { calls } = counted
  await sleep(1500)
  t.equal(counted.calls, calls, 'nothing is done after the stop')
})

t.test('an operation that ends out of time says what the cluster said', async (t) => {
  for (const failure of [
    new KubernetesError(
      403,
      'Forbidden',
      'services "x" is forbidden: exceeded quota: platform, requested: services.nodeports=1',
    ),
    new KubernetesError(0, 'Timeout', 'the API server did not answer PATCH services within 34000 ms'),
  ]) {
    const deadline = new Date(Date.now() + 300).toISOString()
    const spec = aSpec({ operation: anOperation({ ...RUNNING, type: 'update', deadline }) })
    const { reconciler, counted, record } = tenantIn(t, spec, (live) => {
      live.service!.spec!.type = 'NodePort'
    })
    counted.failure = (verb, kind) =>
      verb === 'patch' && kind === 'Service' && record().operation.state === 'running' ? failure : undefined
    reconciler.enqueue('user123')
    await until('it has ended', async () => record().operation.state !== 'running')
    t.match(record().operation, { state: 'failed', failure: { reason: 'Timeout' } })
    t.match(record().operation.failure?.message, failure.message)
  }
})

t.test(
  'a right that is missing for a while fails no operation, and one that stays missing does at the deadline',
  async (t) => {
    const words = 'services "x" is forbidden: User "internal" cannot patch resource "services" in API group ""'
    for (const [seconds, isBack] of [
      [60, true],
      [0.3, false],
    ] as const) {
      const deadline = new Date(Date.now() + seconds * 1000).toISOString()
      const spec = aSpec({ operation: anOperation({ ...RUNNING, type: 'update', deadline }) })
      const { reconciler, counted, record } = tenantIn(t, spec, (live) => {
        live.service!.spec!.type = 'NodePort'
      })
      let refused = 0
      counted.failure = (verb, kind) => {
        if (verb !== 'patch' || kind !== 'Service' || record().operation.state !== 'running') return undefined
        return isBack && refused++ > 0 ? undefined : new KubernetesError(403, 'Forbidden', words)
      }
      reconciler.enqueue('user123')
      await until('it has ended', async () => record().operation.state !== 'running')
      await reconciler.stop()
      t.match(counted.lines, [{ msg: 'a tenant has to wait for the cluster' }], 'the log is told')
      t.equal(counted.lines.length, 1, 'once')
      const { state, failure } = record().operation
      t.equal(state, isBack ? 'succeeded' : 'failed', failure?.message ?? '')
      if (!isBack) t.match(failure?.message, /the cluster does not let this service do this now/)
      t.notMatch(JSON.stringify(record()), 'internal')
    }
  },
)

t.test('holds what another hand changes against the record a second later, and mends it once', async (t) => {
  const { counted, cluster } = tenantIn(t, aSpec())
  const quota = cluster.get('ResourceQuota', 'db-user123-fluxiondb', NAME)!
  cluster.put({ ...quota, spec: { hard: { pods: '9' } } } as never)
  await until('it is mended', async () => {
    const live = cluster.get('ResourceQuota', 'db-user123-fluxiondb', NAME) as V1ResourceQuota
    return live.spec?.hard?.pods !== '9'
  })
  await sleep(1500)
  t.equal(counted.repairs, 1)
})

t.test('a tenant that fails rests for longer and longer, and begins a new operation at once', async (t) => {
  const { counted, cluster, reconciler, record } = tenantIn(t, aSpec(), (live) => {
    live.service!.spec!.type = 'NodePort'
  })
  counted.failure = (verb, kind) => (verb === 'patch' && kind === 'Service' ? new Error('unheard of') : undefined)
  reconciler.enqueue('user123')
  await sleep(2500)
  const failures = counted.lines.filter(({ msg }) => msg === 'a tenant could not be reconciled').length
  t.ok(failures >= 2 && failures <= 3, `${failures} failures in 2.5 s`)
  counted.failure = () => undefined
  const { metadata } = cluster.get('Namespace', NAME)!
  const spec = {
    ...record(),
    operation: anOperation({ ...RUNNING, id: 'another', type: 'update', deadline: fromNow(60) }),
  }
  const notes = { ...metadata!.annotations, [annotations.spec]: JSON.stringify(spec) }
  cluster.put({ kind: 'Namespace', metadata: { ...metadata!, annotations: notes } })
  await until('the new operation has ended', async () => record().operation.state !== 'running')
  t.match(record().operation, { id: 'another', state: 'succeeded' })
})

t.test('does nothing where another replica leads', async (t) => {
  const { counted, leader, reconciler } = tenantIn(t, aSpec(), (live) => {
    live.service!.spec!.type = 'NodePort'
  })
  Object.assign(leader, { leads: false })
  reconciler.enqueue('user123')
  await sleep(1500)
  t.equal(counted.calls, 0)
})
