/** A create that the cluster refuses, or that something else cuts short, takes nothing away and leaves nothing behind. */
import t from 'tap'
import { KubernetesError } from '../../src/kubernetes/errors.ts'
import { annotations } from '../../src/manifests/labels.ts'
import { testApp } from './test-app.ts'

const { cluster, send, started } = await testApp(t)
const NAME = 'fluxiondb-user123'
const CREATE = { body: { userId: 'user123', ramSize: '1Gi' } }
const OPERATORS = { 'fluxiondb.com/prepared-for': 'user123', 'app.kubernetes.io/name': 'of-the-operator', zone: 'a' }

const refusesSecrets = (verb: string, kind: string) =>
  verb === 'create' && kind === 'Secret'
    ? new KubernetesError(403, 'Forbidden', 'admission webhook "policy.example.com" denied the request')
    : undefined

/** A namespace that an operator has made long ago, with a claim of its own. */
function prepare(): void {
  const metadata = { name: NAME, labels: OPERATORS, annotations: { note: 'mine' } }
  cluster.put({ kind: 'Namespace', metadata: { ...metadata, creationTimestamp: new Date('2020-01-01') } })
  cluster.put({ kind: 'PersistentVolumeClaim', metadata: { name: 'kept', namespace: NAME } })
}

t.test('a create whose Secret is refused leaves no namespace', async (t) => {
  cluster.fails = refusesSecrets
  const { status, body } = await send('POST', '/tenants', CREATE)
  t.match([status, body.code], [422, 'refused-by-cluster'])
  t.equal(cluster.get('Namespace', NAME), undefined)
  t.same(started, [])
  cluster.fails = () => undefined
  t.equal((await send('POST', '/tenants', CREATE)).status, 202, 'and the next one works')
})

t.test('a create whose Deployment a policy of the cluster denies is refused before anything is made', async (t) => {
  cluster.fails = (verb, kind) =>
    verb === 'patch' && kind === 'Deployment'
      ? new KubernetesError(400, 'BadRequest', 'admission webhook "policy.example.com" denied the request: not here')
      : undefined
  const { status, body } = await send('POST', '/tenants', CREATE)
  t.match([status, body.code], [422, 'refused-by-cluster'])
  t.match(body.detail, /not here/)
  t.equal(cluster.get('Namespace', NAME), undefined)
})

t.test('a create without options needs no namespace for trials, and one with options says who makes it', async (t) => {
  const words = 'namespaces is forbidden: User "x" cannot create resource "namespaces"'
  let creates = 0
  cluster.fails = (verb, kind) => {
    if (verb === 'patch' && kind === 'Pod')
      return new KubernetesError(404, 'NotFound', 'namespaces "scratch" not found')
    const isScratch = verb === 'create' && kind === 'Namespace' && creates++ === 0
    return isScratch ? new KubernetesError(403, 'Forbidden', words) : undefined
  }
  const options = { podLabels: { team: 'blue' } }
  const refused = await send('POST', '/tenants', { body: { ...CREATE.body, options } })
  t.match([refused.status, refused.body.code], [503, 'not-ready'])
  t.match(refused.body.detail, /kubectl create namespace/)
  creates = 0
  t.equal((await send('POST', '/tenants', CREATE)).status, 202)
})

t.test('a create whose Secret is refused gives a prepared namespace back as it was', async (t) => {
  prepare()
  const before = cluster.get('Namespace', NAME)
  cluster.fails = refusesSecrets
  t.equal((await send('POST', '/tenants', CREATE)).status, 422)
  const after = cluster.get('Namespace', NAME)
  const { resourceVersion: _, ...metadata } = after!.metadata!
  t.match(metadata, { uid: before?.metadata?.uid, labels: OPERATORS, annotations: { note: 'mine' } })
  // Pod Security is never loosened by this service.
  t.same(Object.keys(metadata.labels!).sort(), [
    'app.kubernetes.io/name',
    'fluxiondb.com/prepared-for',
    'pod-security.kubernetes.io/enforce',
    'zone',
  ])
  t.same(Object.keys(metadata.annotations!), ['note'])
  t.ok(cluster.get('PersistentVolumeClaim', 'kept', NAME))
  cluster.fails = () => undefined
  t.equal((await send('POST', '/tenants', CREATE)).status, 202, 'and the next one works')
})

t.test('a refused create deletes nothing of one that has taken its record up meanwhile', async (t) => {
  cluster.fails = (verb, kind) => {
    const error = refusesSecrets(verb, kind)
    if (error) cluster.put({ ...cluster.get('Namespace', NAME)! }) // Another hand has written to it.
    return error
  }
  t.equal((await send('POST', '/tenants', CREATE)).status, 422)
  t.ok(cluster.get('Namespace', NAME))
})

t.test('a create that the cluster does not answer stays, to be sent again', async (t) => {
  cluster.fails = (verb, kind) =>
    verb === 'create' && kind === 'Secret' ? new KubernetesError(0, 'Timeout', 'no answer') : undefined
  t.equal((await send('POST', '/tenants', CREATE)).status, 503)
  t.ok(cluster.get('Namespace', NAME)?.metadata?.annotations?.[annotations.spec])
  cluster.fails = () => undefined
  t.equal((await send('POST', '/tenants', CREATE)).status, 202)
})

t.test('a create goes on where a remover has left its tombstone', async (t) => {
  prepare()
  cluster.put({
    kind: 'Secret',
    metadata: {
      name: 'db-user123-fluxiondb-secrets',
      namespace: NAME,
      annotations: { [annotations.operation]: '{"tombstone":"2026-01-01T00:00:00.000Z"}' },
    },
  })
  const { status, body } = await send('POST', '/tenants', CREATE)
  t.equal(status, 202)
  const secret = cluster.get('Secret', 'db-user123-fluxiondb-secrets', NAME) as { data?: Record<string, string> }
  t.equal(atob(secret.data!['secret-key']!), body.apiKey)
})
