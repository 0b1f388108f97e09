import t from 'tap'
import { KubernetesError } from '../../../../src/kubernetes/errors.ts'
import { createLogger } from '../../../../src/logger.ts'
import { annotations } from '../../../../src/manifests/labels.ts'
import { converge } from '../../../../src/tenants/converge/converge.ts'
import type { ConvergeDeps } from '../../../../src/tenants/converge/run.ts'
import { Turns } from '../../../../src/tenants/converge/turns.ts'
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
function tenantIn(spec: Spec, change: (live: ReturnType<typeof observed>) => void = () => {}) {
  const cluster = new FakeCluster()
  const live = observed(spec)
  change(live)
  const { pods, replicaSets, secretExists: _, ...objects } = live
  for (const object of [...Object.values(objects), ...replicaSets, ...pods]) if (object) cluster.put(object)
  const counted = {
    calls: 0,
    held: [] as string[],
    failure: (_verb: string, _kind: string): Error | undefined => undefined,
  }
  cluster.fails = (verb, kind) => {
    counted.calls++
    return counted.failure(verb, kind)
  }
  const { apis } = cluster
  const deps: ConvergeDeps = {
    apis,
    repository: new TenantRepository(apis),
    operations: new OperationLog(apis, createLogger('silent')),
    serviceIdentity: async () => SERVICE_IDENTITY,
    capabilities: async () => CAPABILITIES,
    stepTimeoutsMs: { volume: 1000, pod: 1000 },
    cache: cluster.cache,
    turns: new Turns(),
    onFinished: () => {},
    onHeld: (_, error) => void counted.held.push(error.detail),
  }
  const record = () => parseSpec(cluster.get('Namespace', NAME)?.metadata?.annotations?.[annotations.spec])
  return { deps, counted, record, cluster }
}

t.test('a record that was put back behind what was written for it holds again, after a few looks', async (t) => {
  const { deps, counted, record } = tenantIn(aSpec(), (live) => {
    live.deployment = fenced(live.deployment!, 99)
  })
  await converge(deps, 'user123', new AbortController().signal)
  t.equal(record().generation, 99)
  t.ok(counted.calls < 80, `${counted.calls} calls`)
})

t.test('a change that is undone again and again is not made at full speed, and ends with a stop', async (t) => {
  const { deps, counted, cluster } = tenantIn(aSpec())
  const stopping = new AbortController()
  // Another hand: whatever is written to the quota is gone at the next look.
  const quota = cluster.get('ResourceQuota', 'db-user123-fluxiondb', NAME)!
  counted.failure = (verb, kind) => {
    if (verb === 'read' && kind === 'ResourceQuota') cluster.put({ ...quota, spec: { hard: { pods: '9' } } } as never)
    return undefined
  }
  const run = converge(deps, 'user123', stopping.signal)
  await until('it is slow', async () => {
    const before = counted.calls
    await new Promise((resolve) => setTimeout(resolve, 300))
    return counted.calls === before
  })
  t.ok(counted.calls < 1000, `${counted.calls} calls`)
  stopping.abort()
  await run
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
    const { deps, counted, record } = tenantIn(spec, (live) => {
      live.service!.spec!.type = 'NodePort'
    })
    counted.failure = (verb, kind) =>
      verb === 'patch' && kind === 'Service' && record().operation.state === 'running' ? failure : undefined
    await converge(deps, 'user123', AbortSignal.timeout(20_000))
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
      const { deps, counted, record } = tenantIn(spec, (live) => {
        live.service!.spec!.type = 'NodePort'
      })
      let refused = 0
      counted.failure = (verb, kind) => {
        if (verb !== 'patch' || kind !== 'Service' || record().operation.state !== 'running') return undefined
        return isBack && refused++ > 0 ? undefined : new KubernetesError(403, 'Forbidden', words)
      }
      const end = new AbortController()
      const run = converge(deps, 'user123', AbortSignal.any([end.signal, AbortSignal.timeout(20_000)]))
      await until('it has ended', async () => record().operation.state !== 'running')
      end.abort()
      await run
      t.same(counted.held, [words], 'the log is told, once')
      const { state, failure } = record().operation
      t.equal(state, isBack ? 'succeeded' : 'failed', failure?.message ?? '')
      if (!isBack) t.match(failure?.message, /the cluster does not let this service do this now/)
      t.notMatch(JSON.stringify(record()), 'internal')
    }
  },
)
