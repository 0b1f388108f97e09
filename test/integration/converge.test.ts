/** What other hands do to a tenant, and what an operation that fails leaves. */
import { type KubernetesObject, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import { renderClaim } from '../../src/manifests/claim.ts'
import { renderDeployment } from '../../src/manifests/deployment.ts'
import { annotations, TENANT_LABEL } from '../../src/manifests/labels.ts'
import { namesFor } from '../../src/manifests/names.ts'
import { OPERATIONS_ENTRY } from '../../src/manifests/operations.ts'
import { renderSecret } from '../../src/manifests/secret.ts'
import { ownerAnnotation, tombstoneAnnotation } from '../../src/tenants/record/ownership.ts'
import { tenantOf } from '../../src/tenants/record/spec.ts'
import { type Api, until, untilState } from '../helpers/api.ts'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { leftover } from '../helpers/leftover.ts'
import { serve } from '../helpers/serve.ts'
import {
  newUserId,
  recordOf,
  SERVICE_IDENTITY,
  secretsOf,
  untilComplete,
  whatIsIncomplete,
} from '../helpers/tenant-objects.ts'
import { withholdRight } from '../helpers/withheld-right.ts'

/** A change is looked at after a second, and a pod takes some to be there again: less than a round of the resync. */
const SOON_SECONDS = 25
/** So that pods end soon. */
const SETTINGS = { FLUSH_INTERVAL_SECONDS: '2' }
/** More RAM than the cluster's node has. */
const TOO_MUCH = '60Gi'
const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)

const cluster = await testCluster()
const { core, apps, networking, rbac } = cluster.admin
const needsPods = { skip: withoutPods(cluster) }

type Leftover = Awaited<ReturnType<typeof leftover>>
type Tenant = Awaited<ReturnType<typeof createComplete>>

async function createComplete(t: Test, api: Api, prefix: string) {
  const userId = newUserId(t, cluster, prefix)
  const { status } = await api('POST', '/tenants', { userId, ramSize: '128Mi' })
  if (status !== 202) throw new Error(`a create was answered ${status}`)
  await untilComplete(cluster, userId)
  const { namespace, fullname: name } = namesFor(userId)
  return { userId, path: `/tenants/${userId}`, object: { name, namespace } }
}

t.test('what was deleted, edited or stopped by hand is mended because it was seen', async (t) => {
  const { api } = await serve(t, cluster, SETTINGS)
  const [deleted, edited, stopped, rebound] = (await Promise.all(
    ['deleted', 'edited', 'stopped', 'rebound'].map((prefix) => createComplete(t, api, prefix)),
  )) as [Tenant, Tenant, Tenant, Tenant]

  const versions = () =>
    Promise.all([
      ...[deleted, edited].flatMap(({ object }) => [
        core.readNamespacedService(object),
        core.readNamespacedResourceQuota(object),
        networking.readNamespacedNetworkPolicy(object),
      ]),
      apps.readNamespacedDeployment(stopped.object),
    ])
  const before = await versions()
  await core.deleteNamespacedService(deleted.object)
  await core.deleteNamespacedResourceQuota(deleted.object)
  await networking.deleteNamespacedNetworkPolicy(deleted.object)
  const ports = [
    { op: 'replace', path: '/spec/ports/0/port', value: 9090 },
    { op: 'add', path: '/spec/ports/-', value: { name: 'another', port: 81 } },
  ]
  await core.patchNamespacedService({ ...edited.object, body: ports })
  await core.patchNamespacedResourceQuota({ ...edited.object, body: { spec: { hard: { pods: '5' } } } }, MERGE)
  await networking.patchNamespacedNetworkPolicy({ ...edited.object, body: { spec: { ingress: [{}] } } }, MERGE)
  await apps.patchNamespacedDeployment({ ...stopped.object, body: { spec: { replicas: 0 } } }, MERGE)
  // As a service left it that was installed under another name.
  const binding = { name: namesFor(rebound.userId).roleBinding, namespace: rebound.object.namespace }
  const { metadata, roleRef, subjects } = await rbac.readNamespacedRoleBinding(binding)
  await rbac.deleteNamespacedRoleBinding(binding)
  const { name, labels } = metadata as { name: string; labels: Record<string, string> }
  const other = { metadata: { name, labels }, roleRef: { ...roleRef, name: 'view' }, subjects: subjects! }
  await rbac.createNamespacedRoleBinding({ namespace: binding.namespace, body: other })
  const all = [deleted, edited, stopped, rebound]
  await Promise.all(all.map(({ userId }) => untilComplete(cluster, userId, SOON_SECONDS)))
  for (const { userId } of all) {
    t.equal((await recordOf(cluster, userId)).generation, 1, 'without an operation')
  }
  const uids = (objects: KubernetesObject[]) => objects.map(({ metadata }) => metadata!.uid)
  const after = await versions()
  const isSame = uids(after).map((uid, index) => uid === uids(before)[index])
  t.same(isSame, [false, false, false, true, true, true, true], 'what was edited is the same object')
})

t.test('a damaged record is reported, and is the trouble of one tenant only', async (t) => {
  const service = await serve(t, cluster, SETTINGS)
  const { api } = service
  const [damaged, other] = (await Promise.all(
    ['damaged', 'other'].map((prefix) => createComplete(t, api, prefix)),
  )) as [Tenant, Tenant]
  const { namespace: name } = damaged.object
  const record = (await core.readNamespace({ name })).metadata!.annotations![annotations.spec]!
  const write = (text: string) =>
    core.patchNamespace({ name, body: { metadata: { annotations: { [annotations.spec]: text } } } }, MERGE)
  const listed = async () => {
    const ids = (await api('GET', '/tenants?limit=500')).body.items.map(({ userId }: { userId: string }) => userId)
    return [damaged, other].map(({ userId }) => ids.includes(userId))
  }

  for (const text of ['', '{', '{"userId":"x"}']) {
    await write(text)
    await until('the other one is listed alone', async () => `${await listed()}` === 'false,true')
    // Without the check against the document: a 500 is promised nowhere.
    const answer = await fetch(service.address + damaged.path, { headers: { authorization: `Bearer ${service.key}` } })
    t.match([answer.status, await answer.json()], [500, { code: 'record-unreadable', retryable: false }], `"${text}"`)
  }
  await write(record)
  await until('both are listed', async () => `${await listed()}` === 'true,true')
  t.equal((await api('GET', damaged.path)).status, 200, 'an operator can mend it')
  t.same(await whatIsIncomplete(cluster, damaged.userId), [], 'nothing was taken away meanwhile')
})

t.test('labels that another hand takes off are back soon, and nothing restarts', needsPods, async (t) => {
  const { api } = await serve(t, cluster, SETTINGS)
  const { userId, object } = await createComplete(t, api, 'unlabelled')
  await untilState(api, userId, 'active')
  const { namespace } = object
  const pods = async () => (await core.listNamespacedPod({ namespace })).items.map(({ metadata }) => metadata?.uid)
  const before = await pods()
  const body = { metadata: { labels: { [TENANT_LABEL]: null, 'app.kubernetes.io/name': null } } }
  await Promise.all([
    apps.patchNamespacedDeployment({ ...object, body }, MERGE),
    core.patchNamespacedService({ ...object, body }, MERGE),
    core.patchNamespacedResourceQuota({ ...object, body }, MERGE),
    core.patchNamespacedPersistentVolumeClaim({ ...object, body }, MERGE),
  ])
  const isLabelled = ({ metadata }: KubernetesObject) =>
    metadata?.labels?.[TENANT_LABEL] === userId && metadata.labels['app.kubernetes.io/name'] === 'fluxiondb'
  await until('all are labelled', async () => {
    const objects = await Promise.all([
      apps.readNamespacedDeployment(object),
      core.readNamespacedService(object),
      core.readNamespacedResourceQuota(object),
    ])
    return objects.every(isLabelled)
  })
  t.same(await pods(), before)
})

t.test('a tenant whose Secret was deleted says so, and is never removed', async (t) => {
  const { api } = await serve(t, cluster, SETTINGS)
  const { userId, path, object } = await createComplete(t, api, 'no-secret')
  await core.deleteNamespacedSecret({ name: namesFor(userId).secret, namespace: object.namespace })
  // One that was there is taken to be there for ten seconds.
  const missing = await until('it says so', async () => {
    const { body } = await api('GET', path)
    return body.conditions.find(({ type }: { type: string }) => type === 'SecretMissing')
  })
  t.match(missing, { status: 'True', reason: 'SecretNotFound' })

  // What another service mends, it has looked at in its first round.
  await core.deleteNamespacedService(object)
  await serve(t, cluster, SETTINGS)
  await until('the Service is back', async () => {
    return (await core.listNamespacedService(object)).items.length === 1
  })
  t.same(await whatIsIncomplete(cluster, userId), ['Secret: there are 0', 'Secret: holds no key'])
  t.same(await secretsOf(cluster, userId), [], 'and no other key is made up')
  const again = await api('POST', '/tenants', { userId, ramSize: '128Mi' })
  t.match([again.status, again.body.code], [409, 'tenant-exists'])
})

t.test('what the service may not do for a while fails no operation, and is no fault of its callers', async (t) => {
  const service = await serve(t, cluster, SETTINGS)
  const { api } = service
  const [begun, refused] = [newUserId(t, cluster, 'begun'), newUserId(t, cluster, 'forbidden')]
  const create = (userId: string) => api('POST', '/tenants', { userId, ramSize: '128Mi' })
  await t.test('while it may not', async (t) => {
    await withholdRight(t, cluster, 'resourcequotas', 'patch')
    t.equal((await create(begun)).status, 202)
    const words = /cannot patch resource .*resourcequotas/
    await until('it waits', async () => service.log.some((line) => line.includes(begun) && words.test(line)))
    const { body } = await until('the rest is there', async () => {
      const answer = await api('GET', `/tenants/${begun}`)
      return answer.body.operation.steps.length > 0 && answer
    })
    t.equal(body.operation.state, 'running')
    t.notMatch(JSON.stringify(body), SERVICE_IDENTITY.username)

    await withholdRight(t, cluster, 'namespaces', 'create')
    const { status, body: problem, headers } = await create(refused)
    t.match([status, problem.code, problem.retryable], [503, 'cluster-unavailable', true])
    t.match(problem.detail, /^the cluster does not let this service do this now/)
    t.ok(headers.get('retry-after'))
    t.notMatch(JSON.stringify(problem), /system:|RBAC/)
    t.ok(
      service.log.some(
        (line) => line.includes(SERVICE_IDENTITY.username) && /cannot create resource .*namespaces/.test(line),
      ),
    )
    t.equal((await api('GET', `/tenants/${begun}`)).body.operation.state, 'running')
  })
  await untilComplete(cluster, begun)
  t.equal((await create(refused)).status, 202)
})

t.test('a resize that no node can ever hold is refused, and changes nothing', needsPods, async (t) => {
  const { api } = await serve(t, cluster, SETTINGS)
  const { userId, path, object } = await createComplete(t, api, 'too-much')
  await untilState(api, userId, 'active')
  const before = await core.readNamespace({ name: object.namespace })
  const refused = await api('PATCH', `${path}/ram`, { ramSize: TOO_MUCH })
  t.match([refused.status, refused.body.code], [409, 'not-feasible'])
  t.match(refused.body.errors, [{ pointer: '/ramSize', message: /^NoNodeLargeEnough: / }])
  const after = await core.readNamespace({ name: object.namespace })
  t.equal(after.metadata?.resourceVersion, before.metadata?.resourceVersion)
})

t.test('the history holds operations that a newer one has superseded', needsPods, async (t) => {
  const { api } = await serve(t, cluster, SETTINGS)
  const { userId, path, object } = await createComplete(t, api, 'history')
  const sizes = ['160Mi', '192Mi', '224Mi']
  for (const ramSize of sizes) await api('PATCH', `${path}/ram`, { ramSize })
  await untilState(api, userId, 'active')
  const expected = ['resize succeeded', 'resize superseded', 'resize superseded', 'create succeeded']
  const inOrder = (items: { type: string; state: string }[]) => items.map(({ type, state }) => `${type} ${state}`)
  t.same(inOrder((await api('GET', `${path}/operations`)).body.items), expected)
  await until('the ConfigMap holds them', async () => {
    const name = namesFor(userId).operations
    const { data } = await core.readNamespacedConfigMap({ name, namespace: object.namespace })
    return `${inOrder(JSON.parse(data![OPERATIONS_ENTRY]!))}` === `${expected}`
  })
})

// No service runs now: it would take such a namespace for a create that is under way.
t.test('a namespace that a create left is removed, unless it holds anything of a tenant', async (t) => {
  const left = (prefix: string) => leftover(t, cluster, prefix)
  const nameOf = ({ namespace }: Leftover) => namespace.metadata!.name!
  const isGoing = async (one: Leftover) => {
    const { items } = await core.listNamespace({ fieldSelector: `metadata.name=${nameOf(one)}` })
    return items.every(({ metadata }) => metadata?.deletionTimestamp)
  }
  const postSecret = (one: Leftover, key: string, owner: string) =>
    core.createNamespacedSecret({ namespace: nameOf(one), body: renderSecret(one.record.userId, key, owner) })

  const empty = await left('empty')
  t.equal(await empty.remove(), true)
  t.ok(await isGoing(empty))
  const begun = await left('begun')
  await postSecret(begun, '', tombstoneAnnotation('2026-01-01T00:00:00.000Z'))
  t.equal(await begun.remove(), true, 'also after a remover that was cut off')
  t.ok(await isGoing(begun))

  const [claim, deployment, secret] = [await left('claim'), await left('deployment'), await left('secret')]
  const body = renderClaim(tenantOf(claim.record, { resizePods: true }))!
  await core.createNamespacedPersistentVolumeClaim({ namespace: nameOf(claim), body })
  const stopped = renderDeployment({ ...tenantOf(deployment.record, { resizePods: true }), running: false })
  await apps.createNamespacedDeployment({ namespace: nameOf(deployment), body: stopped })
  await postSecret(secret, 'a-key-of-a-tenant', ownerAnnotation(secret.record.operation))
  for (const [one, secrets] of [
    [claim, 0],
    [deployment, 0],
    [secret, 1],
  ] as const) {
    t.equal(await one.remove(), false, nameOf(one))
    t.notOk(await isGoing(one), `${nameOf(one)} stays`)
    t.equal((await secretsOf(cluster, one.record.userId)).length, secrets, 'as it was')
  }

  const changed = await left('changed')
  await core.patchNamespace({ name: nameOf(changed), body: { metadata: { annotations: { another: 'hand' } } } }, MERGE)
  t.equal(await changed.remove(), false, 'what has changed since it was read is looked at anew')
  t.notOk(await isGoing(changed))
})
