/** A namespace that an operator has prepared is never lost, wherever a create in it is cut off, and however often. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PatchStrategy, setHeaderOptions, type V1Namespace } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import { annotations, TENANT_LABEL } from '../../src/manifests/labels.ts'
import { namesFor } from '../../src/manifests/names.ts'
import type { Spec } from '../../src/tenants/record/spec.ts'
import { until } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import type { Write } from '../helpers/cutting-proxy.ts'
import { mortalServices } from '../helpers/mortal-service.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

const LONG_AGO = '2020-01-01T00:00:00.000Z'
/** A POST of the namespace, which is there; its labels and record, the Secret, the mark that it is there, and one more. */
const WRITES = 5

const cluster = await testCluster()
const { core } = cluster.admin
const { mortalService, nextService } = mortalServices(cluster)
const file = join(t.testdir(), 'policy.json')
writeFileSync(file, JSON.stringify({ options: { write: ['storage.existingClaim'] } }))
const settings = { POLICY_FILE: file }

/** What an operator has prepared: a namespace with a claim that holds data. */
async function prepare(t: Test, prefix: string) {
  const userId = newUserId(t, cluster, prefix)
  const { namespace } = namesFor(userId)
  const labels = { 'fluxiondb.com/prepared-for': userId, 'app.kubernetes.io/name': 'of-the-operator' }
  await core.createNamespace({ body: { metadata: { name: namespace, labels } } })
  const spec = {
    storageClassName: cluster.storageClasses.expanding,
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '256Mi' } },
  }
  await core.createNamespacedPersistentVolumeClaim({ namespace, body: { metadata: { name: 'kept' }, spec } })
  const live = () => core.readNamespace({ name: namespace })
  const claim = () => core.readNamespacedPersistentVolumeClaim({ name: 'kept', namespace })
  const bound = await until('the claim is bound', async () => {
    const found = await claim()
    return found.status?.phase === 'Bound' && found
  })
  const before = { uid: (await live()).metadata!.uid, claim: bound.metadata!.uid, volume: bound.spec!.volumeName }
  const body = { userId, ramSize: '128Mi', options: { storage: { existingClaim: 'kept' } } }
  return {
    userId,
    body,
    live,
    async isThere(t: Test, when: string): Promise<void> {
      const [namespace, { metadata, spec }] = [await live(), await claim()]
      const after = { uid: namespace.metadata!.uid, claim: metadata!.uid, volume: spec!.volumeName }
      t.strictSame(after, before, when)
      t.equal(
        namespace.metadata?.deletionTimestamp ?? metadata?.deletionTimestamp,
        undefined,
        'and none of it is going',
      )
    },
  }
}

/** As if what a create has left had been lying there for long. */
async function age({ metadata }: V1Namespace): Promise<void> {
  const spec = JSON.parse(metadata!.annotations![annotations.spec]!) as Spec
  const aged = { ...spec, operation: { ...spec.operation, startedAt: LONG_AGO } }
  const body = { metadata: { annotations: { [annotations.spec]: JSON.stringify(aged) } } }
  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)
  await core.patchNamespace({ name: metadata!.name!, body }, merge)
}

const isTenant = ({ metadata }: V1Namespace) => metadata?.labels?.[TENANT_LABEL] !== undefined
const isUncommitted = ({ metadata }: V1Namespace) =>
  JSON.parse(metadata?.annotations?.[annotations.spec] ?? '{}').committed === false

t.test(
  'namespace, claim and data are there after a create that was cut at any write, and the next one works',
  async (t) => {
    const prepared = await Promise.all(Array.from({ length: WRITES }, (_, index) => prepare(t, `given-${index + 1}`)))
    await Promise.all(
      prepared.map(async ({ body }, index) => {
        let ours = 0
        const cutAt = ({ path, body: text }: Write) => {
          if (!`${path}${text}`.includes(body.userId)) return 'hold' as const
          return ++ours === index + 1 ? ('cut' as const) : undefined
        }
        const { api, proxy } = await mortalService(t, cutAt, settings)
        await Promise.allSettled([api('POST', '/tenants', body), proxy.cut])
      }),
    )
    const left = await Promise.all(prepared.map(({ live }) => live()))
    t.same(left.map(isTenant), [false, true, true, true, true])
    t.same(left.map(isUncommitted), [false, true, true, false, false])
    await Promise.all(left.filter(isUncommitted).map(age))

    const api = await nextService(t, settings)
    await Promise.all(
      prepared.map(async ({ userId, body, live, isThere }, index) => {
        const cut = `cut after write ${index + 1}`
        if (isUncommitted(left[index]!)) {
          await until('it is given back, or a tenant', async () => {
            const found = await live()
            return !isTenant(found) || !isUncommitted(found)
          })
        }
        await isThere(t, cut)
        if (!isTenant(await live())) {
          t.equal((await live()).metadata?.labels?.['app.kubernetes.io/name'], 'of-the-operator', `${cut}: as it was`)
          t.equal((await api('POST', '/tenants', body)).status, 202, `${cut}: the next create works`)
        }
        await until('it is a tenant', async () => isTenant(await live()))
        await until('its create ends', async () => {
          const { body: tenant } = await api('GET', `/tenants/${userId}`)
          return tenant.operation?.state !== 'running'
        })
        t.equal((await api('GET', `/tenants/${userId}`)).body.operation.state, 'succeeded', cut)
        await isThere(t, `${cut}, and created`)
      }),
    )
  },
)
