import t from 'tap'
import type { Tenant } from '../../clients/typescript/index.ts'
import { untilState } from '../helpers/api.ts'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { serveClient } from '../helpers/serve-client.ts'
import { tenantOf } from '../helpers/tenant.ts'

/** The 30 seconds of the resync, what a restart of a database takes, and as long again on a busy machine. */
const SECONDS = 75

const cluster = await testCluster()

t.test('what an instance promised that is killed right after its 202', { skip: withoutPods(cluster) }, async (t) => {
  const survivor = await serveClient(t, cluster)
  t.jobs = 2

  t.test('is done by another one: a create', { buffered: true }, async (t) => {
    const doomed = await serveClient(t, cluster)
    const tenant = tenantOf(t, cluster, doomed, 'takeover-create')
    const { response, data } = await tenant.create('512Mi', false)
    await doomed.stop('SIGKILL')
    t.equal(response.status, 202)
    const resizing = data as Tenant | undefined
    const left = await survivor.api('GET', `/tenants/${tenant.userId}`)
    t.match(left.body.operation, { id: resizing?.operation.id, state: 'running' }, 'the killed one has not done it')

    const taken = await untilState(survivor.api, tenant.userId, 'active', SECONDS)
    t.match(taken.operation, { id: resizing?.operation.id, type: 'create', state: 'succeeded' })
    await tenant.insert('first')
    t.strictSame(await tenant.documents(), ['first'])
  })

  t.test('is done by another one: a change of RAM', { buffered: true }, async (t) => {
    const doomed = await serveClient(t, cluster)
    const tenant = tenantOf(t, cluster, survivor, 'takeover-ram')
    t.equal((await tenant.create('512Mi')).response.status, 201)
    await tenant.insert('first')
    const { response, data } = await doomed.client.PATCH('/tenants/{id}/ram', {
      params: { path: { id: tenant.userId } },
      body: { ramSize: '1Gi' },
    })
    await doomed.stop('SIGKILL')
    t.equal(response.status, 202)
    const resizing = data as Tenant | undefined
    const left = await survivor.api('GET', `/tenants/${tenant.userId}`)
    t.match(left.body.operation, { id: resizing?.operation.id, state: 'running' }, 'the killed one has not done it')

    const taken = await untilState(survivor.api, tenant.userId, 'active', SECONDS)
    t.match(taken.operation, { id: resizing?.operation.id, type: 'resize', state: 'succeeded' })
    t.strictSame(taken.actual, { ...taken.desired, restarts: 0 })
    t.match(taken.actual, { ramSize: '1Gi', storageSize: '2Gi' })
    t.strictSame(await tenant.documents(), ['first'])
    t.strictSame(await tenant.overlaps(), [])
  })
})
