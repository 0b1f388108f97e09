import t from 'tap'
import { SoleLeader } from '../../../../src/kubernetes/leader/leader.ts'
import { createLogger } from '../../../../src/logger.ts'
import { annotations } from '../../../../src/manifests/labels.ts'
import { Resync } from '../../../../src/tenants/reconcile/resync.ts'
import { TenantRepository } from '../../../../src/tenants/record/repository.ts'
import type { Spec } from '../../../../src/tenants/record/spec.ts'
import { SERVICE_IDENTITY } from '../../../fixtures/tenants.ts'
import { FakeCluster } from '../../../helpers/fake-cluster.ts'
import { anOperation, aSpec, RUNNING } from '../../../helpers/observed.ts'

const NAME = 'fluxiondb-user123'
const SECRET = 'db-user123-fluxiondb-secrets'
const LONG_AGO = '2020-01-01T00:00:00.000Z'
const OPERATORS = { 'fluxiondb.com/prepared-for': 'user123', zone: 'a' }

/** What a create left that was cut off before its Secret, in a namespace that is years old. */
function leftover({ startedAt, ...changes }: { startedAt: string } & Partial<Spec>) {
  const cluster = new FakeCluster()
  const operation = anOperation({ ...RUNNING, type: 'create', startedAt })
  const spec = aSpec({ committed: false, previous: null, operation, ...changes })
  const labels = { ...OPERATORS, 'fluxiondb.com/tenant': 'user123', 'label.fluxiondb.com/team': 'blue' }
  const metadata = { name: NAME, labels, annotations: { note: 'mine', [annotations.spec]: JSON.stringify(spec) } }
  cluster.put({ kind: 'Namespace', metadata: { ...metadata, creationTimestamp: new Date(LONG_AGO) } })
  cluster.put({ kind: 'PersistentVolumeClaim', metadata: { name: 'kept', namespace: NAME } })
  return cluster
}

/** The first round, which comes with the start. @returns the tenants that it has put into the queue */
async function firstRound({ apis, cache, tenants }: FakeCluster): Promise<string[]> {
  const enqueued: string[] = []
  const resync = new Resync(
    {
      apis,
      leader: new SoleLeader(),
      cache,
      tenants,
      reconciler: { enqueue: (userId, priority) => enqueued.push(`${priority ?? 'operation'} ${userId}`) },
      repository: new TenantRepository(apis),
      serviceIdentity: async () => SERVICE_IDENTITY,
      purge: async () => undefined,
      forgetUsage: async () => {},
      retentionMs: undefined,
    },
    createLogger('silent'),
  )
  resync.start()
  // Nothing in it waits for anything but promises.
  await new Promise((resolve) => setTimeout(resolve, 10))
  resync.stop()
  return enqueued
}

t.test('goes on with a create that is new, however old the namespace is that it has taken', async (t) => {
  const cluster = leftover({ startedAt: new Date().toISOString() })
  t.match(await firstRound(cluster), ['operation user123'])
  t.ok(cluster.get('Namespace', NAME)?.metadata?.labels?.['fluxiondb.com/tenant'])
  t.equal(cluster.get('Secret', SECRET, NAME), undefined)
})

t.test('gives a namespace back to the operator who had prepared it, with all that is in it', async (t) => {
  for (const prepared of [null, { labels: { 'fluxiondb.com/tenant': null, 'label.fluxiondb.com/team': 'red' } }]) {
    const cluster = leftover({ startedAt: LONG_AGO, prepared })
    await firstRound(cluster)
    const { labels, annotations: notes } = cluster.get('Namespace', NAME)!.metadata!
    t.strictSame(labels, { ...OPERATORS, ...(prepared ? { 'label.fluxiondb.com/team': 'red' } : {}) })
    t.strictSame(notes, { note: 'mine' })
    t.ok(cluster.get('PersistentVolumeClaim', 'kept', NAME))
  }
})

t.test('deletes no namespace with a claim in it, whatever the claim is called', async (t) => {
  const cluster = leftover({ startedAt: LONG_AGO })
  const { metadata } = cluster.get('Namespace', NAME)!
  const { 'fluxiondb.com/prepared-for': _, ...labels } = metadata!.labels!
  cluster.put({ kind: 'Namespace', metadata: { ...metadata, labels } })
  await firstRound(cluster)
  t.ok(cluster.get('Namespace', NAME))
  t.equal(cluster.get('Secret', SECRET, NAME), undefined, 'nor is anything else touched')
})
