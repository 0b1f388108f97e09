import t from 'tap'
import { until } from '../helpers/api.ts'
import { testCluster, withoutPods, withoutResize } from '../helpers/cluster.ts'
import { recordPods } from '../helpers/pod-record.ts'
import { serveClient } from '../helpers/serve-client.ts'
import { tenantOf } from '../helpers/tenant.ts'

const cluster = await testCluster()
const inPlace = { skip: withoutResize(cluster) }

t.test('a tenant from its create to its purge', { skip: withoutPods(cluster) }, async (t) => {
  const { core } = cluster.admin
  const tenant = tenantOf(t, cluster, await serveClient(t, cluster), 'story')
  const podsMade = await recordPods(t, cluster, tenant.names.namespace)

  t.test('is active and usable with its key when a waited-for create answers', async (t) => {
    const { response, data } = await tenant.create('512Mi')
    t.equal(response.status, 201)
    t.match(data, { state: 'active', operation: { type: 'create', state: 'succeeded' } })
    t.strictSame(data?.actual, { ...data?.desired, restarts: 0 })
    await tenant.insert('first')
    t.strictSame(await tenant.documents(), ['first'])
    await t.rejects(
      tenant.withDatabase(async () => {}, 'another-key'),
      { name: 'ConnectError', status: 401 },
    )
  })

  t.test('gets more RAM and a larger volume in the pod that it has, and keeps its data', inPlace, async (t) => {
    const { response, data } = await tenant.resize('1Gi')
    t.equal(response.status, 200)
    t.match(data, { state: 'active', desired: { ramSize: '1Gi', storageSize: '2Gi' } })
    t.strictSame(data?.actual, { ...data?.desired, restarts: 0 })
    t.equal(data?.notes, undefined)
    t.strictSame(await tenant.documents(), ['first'])
    const claim = await tenant.claim()
    const volume = await core.readPersistentVolume({ name: claim.spec!.volumeName! })
    t.equal(claim.spec?.resources?.requests?.storage, '2Gi')
    t.equal(claim.status?.capacity?.storage, '2Gi')
    t.equal(volume.spec?.capacity?.storage, '2Gi')
    t.equal(podsMade().length, 1)
  })

  t.test('gets less RAM, keeps its volume as large as it is, and says so', inPlace, async (t) => {
    const { response, data } = await tenant.resize('768Mi')
    t.equal(response.status, 200)
    t.match(data?.actual, { ramSize: '768Mi', storageSize: '2Gi' })
    t.match(data?.notes, [/^storage stays at 2Gi, .* needs 1536Mi$/])
    t.equal((await tenant.claim()).spec?.resources?.requests?.storage, '2Gi')
    t.equal(podsMade().length, 1)
  })

  t.test('is deleted, and again, with everything kept but its pod', async (t) => {
    const before = await keptObjects()
    const { response, data } = await tenant.delete()
    t.equal(response.status, 200)
    t.equal(data?.state, 'deleted')
    t.type(data?.deletedAt, 'string')
    t.strictSame(await tenant.pods(), [])
    t.strictSame(await keptObjects(), before)
    const again = await tenant.delete(false)
    t.equal(again.response.status, 200)
    t.equal(again.data?.generation, data?.generation)
  })

  t.test('comes back with its data and address', async (t) => {
    const before = await keptObjects()
    const { response, data } = await tenant.undelete()
    t.equal(response.status, 200)
    t.match(data, { state: 'active', deletedAt: null })
    t.strictSame(await tenant.documents(), ['first'])
    t.strictSame(await keptObjects(), before)
  })

  t.test('comes back also from a delete whose pod is still ending', async (t) => {
    const before = await keptObjects()
    await tenant.insert('second')
    t.equal((await tenant.delete(false)).response.status, 202)
    const ending = await until('the pod is ending', async () =>
      (await tenant.pods()).find(({ metadata }) => metadata?.deletionTimestamp),
    )
    const { response, data } = await tenant.undelete()
    t.equal(response.status, 200)
    t.equal(data?.state, 'active')
    t.not((await tenant.readyPod()).metadata?.uid, ending.metadata?.uid)
    t.strictSame(await tenant.documents(), ['first', 'second'])
    t.strictSame(await keptObjects(), before)
    t.equal(podsMade().length, 3, 'no pod more than one a start')
  })

  t.test('has had its volume for one database at a time', async (t) => {
    t.strictSame(await tenant.overlaps(), [])
  })

  t.test('is gone with its volume when a waited-for purge answers', async (t) => {
    const name = (await tenant.claim()).spec!.volumeName!
    t.equal((await tenant.purge()).response.status, 204)
    t.equal((await tenant.get()).response.status, 404)
    await t.rejects(core.readNamespace({ name: tenant.names.namespace }), { code: 404 })
    await until('the volume is gone', async () => {
      const { items } = await core.listPersistentVolume()
      return items.every(({ metadata }) => metadata?.name !== name)
    })
  })

  t.test('can be created anew under the same id, and is empty', async (t) => {
    t.equal((await tenant.create('512Mi')).response.status, 201)
    t.strictSame(await tenant.documents(), [])
  })

  /** What a delete keeps: a Secret, claim or Service made anew would have another uid. */
  async function keptObjects() {
    const [claim, secret, { metadata, spec }] = await Promise.all([tenant.claim(), tenant.secret(), tenant.service()])
    return {
      claim: claim.metadata?.uid,
      volume: claim.spec?.volumeName,
      secret: secret.metadata?.uid,
      service: metadata?.uid,
      address: spec?.clusterIP,
    }
  }
})
