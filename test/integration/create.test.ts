/** Who wins a create, and what the others are told, with two instances of the service at work. */
import t from 'tap'
import { newCredential } from '../../src/credentials/credential.ts'
import { TENANT_LABEL } from '../../src/manifests/labels.ts'
import { namesFor } from '../../src/manifests/names.ts'
import { committedBy } from '../../src/tenants/record/ownership.ts'
import { type Answer, apiOf, until } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import { serve } from '../helpers/serve.ts'
import {
  keyIn,
  liveObjects,
  newUserId,
  recordOf,
  removeNamespace,
  secretsOf,
  untilComplete,
} from '../helpers/tenant-objects.ts'

const cluster = await testCluster()
const { key, entry } = newCredential({ name: 'test', scopes: ['admin'] })
const services = await Promise.all([1, 2].map(() => serve(t, cluster, {}, { credentials: [entry] })))
const apis = services.map((service) => apiOf(service, key))
const [api] = apis as [(typeof apis)[number]]

const simultaneously = (count: number, body: unknown) =>
  Promise.all(Array.from({ length: count }, (_, index) => apis[index % apis.length]!('POST', '/tenants', body)))
const codesOf = (answers: Answer[]) => [...new Set(answers.map(({ status, body }) => `${status} ${body.code ?? ''}`))]
const isCreated = ({ status }: Answer) => status === 202

t.test('of 100 simultaneous creates of one id by two instances exactly one is the tenant', async (t) => {
  const userId = newUserId(t, cluster, 'race')
  const answers = await simultaneously(100, { userId, ramSize: '128Mi' })
  const [winner, ...others] = answers.filter(isCreated)
  t.equal(others.length, 0, 'one is answered 202')
  t.same(codesOf(answers.filter((answer) => !isCreated(answer))), ['409 tenant-exists'])

  await untilComplete(cluster, userId)
  const { items } = await cluster.admin.core.listNamespace({ labelSelector: `${TENANT_LABEL}=${userId}` })
  t.equal(items.length, 1, 'there is one namespace')
  const secrets = await secretsOf(cluster, userId)
  t.equal(keyIn(secrets), winner!.body.apiKey, 'there is one Secret, with the key that the winner was told')
  t.equal(committedBy(secrets[0]!.metadata?.annotations)?.id, winner!.body.operation.id)
  t.equal((await recordOf(cluster, userId)).operation.id, winner!.body.operation.id)
  const { body } = await api('GET', `/tenants/${userId}/operations`)
  t.same(
    body.items.map(({ id }: { id: string }) => id),
    [winner!.body.operation.id],
    'one operation is known',
  )
})

t.test('simultaneous creates of one id with different sizes have one winner, whose size holds', async (t) => {
  const userId = newUserId(t, cluster, 'race-sizes')
  const sizes = ['128Mi', '129Mi', '130Mi', '131Mi']
  const rounds = await Promise.all(sizes.map((ramSize) => simultaneously(5, { userId, ramSize })))
  const answers = rounds.flat()
  const [winner, ...others] = answers.filter(isCreated)
  t.equal(others.length, 0)
  for (const code of codesOf(answers)) t.match(code, /^(202 |409 tenant-exists|409 create-in-progress)$/)
  t.equal((await recordOf(cluster, userId)).desired.ramSize, winner!.body.desired.ramSize)
  await untilComplete(cluster, userId)
})

t.test('of simultaneous PUTs with If-None-Match: * one creates, and none changes what it made', async (t) => {
  const userId = newUserId(t, cluster, 'race-put')
  const put = (ramSize: string, index: number) =>
    apis[index % apis.length]!('PUT', `/tenants/${userId}`, { ramSize }, { 'if-none-match': '*' })
  const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => put(`${128 + (index % 3)}Mi`, index)))
  const [winner, ...others] = answers.filter(isCreated)
  t.equal(others.length, 0)
  for (const code of codesOf(answers)) t.match(code, /^(202 |412 precondition-failed|409 create-in-progress)$/)
  t.equal((await put('256Mi', 1)).status, 412)
  const { generation, desired } = await recordOf(cluster, userId)
  t.match([generation, desired.ramSize], [1, winner!.body.desired.ramSize])
})

t.test('a namespace of that name that is not ours is left alone', async (t) => {
  const userId = newUserId(t, cluster, 'foreign')
  const { core } = cluster.admin
  const { namespace: name } = namesFor(userId)
  await core.createNamespace({ body: { metadata: { name, labels: { owner: 'somebody' } } } })
  const read = () => core.readNamespace({ name })
  const before = await read()

  const answer = await api('POST', '/tenants', { userId, ramSize: '128Mi' })
  t.match([answer.status, answer.body.code], [409, 'namespace-taken'])
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['DELETE', '?purge=true'],
    ['POST', '/undelete'],
  ] as const) {
    t.equal((await api(method, `/tenants/${userId}${path}`)).status, 404, `${method} ${path}`)
  }
  t.equal((await api('PATCH', `/tenants/${userId}/ram`, { ramSize: '256Mi' })).status, 404)
  t.equal((await read()).metadata?.resourceVersion, before.metadata?.resourceVersion)
  t.equal((await secretsOf(cluster, userId)).length, 0)
})

t.test('an id is whatever follows the prefix: kube-system means fluxiondb-kube-system', async (t) => {
  t.teardown(() => removeNamespace(cluster, 'fluxiondb-kube-system'))
  const answer = await api('POST', '/tenants', { userId: 'kube-system', ramSize: '128Mi' })
  t.match([answer.status, answer.body.namespace], [202, 'fluxiondb-kube-system'])
  await untilComplete(cluster, 'kube-system')
  const { items } = await cluster.admin.core.listNamespacedSecret({ namespace: 'kube-system' })
  t.notOk(
    items.find(({ metadata }) => metadata?.labels?.[TENANT_LABEL]),
    'kube-system itself is not touched',
  )
})

t.test('an id is free again only after a purge', async (t) => {
  const request = { userId: newUserId(t, cluster, 'again'), ramSize: '128Mi' }
  const path = `/tenants/${request.userId}`
  const create = () => api('POST', '/tenants', request)
  const created = await create()
  t.equal(created.status, 202)
  await untilComplete(cluster, request.userId)
  const versions = async () => {
    const { Namespace, Secret } = await liveObjects(cluster, request.userId)
    return [...Namespace, ...Secret].map(({ metadata }) => metadata?.resourceVersion)
  }
  const before = await versions()
  const existing = await create()
  t.match([existing.status, existing.body.code], [409, 'tenant-exists'])
  t.same(await versions(), before, 'and nothing is written')

  await api('DELETE', path)
  const deleted = await create()
  t.match([deleted.status, deleted.body.code], [409, 'tenant-deleted'])
  t.match(deleted.body.detail, 'undelete', 'and the answer says what can be done')

  await api('DELETE', `${path}?purge=true`)
  const deleting = await create()
  t.match([deleting.status, deleting.body.code, deleting.body.retryable], [409, 'tenant-deleting', true])
  await until('the tenant is gone', async () => (await api('GET', path)).status === 404)
  const anew = await create()
  t.equal(anew.status, 202)
  t.not(anew.body.apiKey, created.body.apiKey)
  t.not(anew.headers.get('etag'), created.headers.get('etag'), 'it is another tenant than the one before')
  await untilComplete(cluster, request.userId)
})
