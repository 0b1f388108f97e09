/** `kill -9` after every write of a rotation: the key is changed if the rotation was recorded, else not, and none is lost. */
import t, { type Test } from 'tap'
import { testCluster, withoutResize } from '../../helpers/cluster.ts'
import { documentsOf } from '../../helpers/documents-of.ts'
import { killAfter, nameOf } from '../../helpers/kill-after.ts'
import { createTenant, type ResizedTenant, serveResizes, tenantAt } from '../../helpers/resized-tenant.ts'

/** The writes of a rotation, but for those of its history, in their order. */
const SEQUENCE = [
  'PUT secrets', // The key waits.
  'PATCH namespaces', // The rotation is recorded.
  'PUT secrets', // The key is in force,
  'PATCH namespaces', // and the record says so.
  'PATCH deployments',
  'PATCH namespaces',
]
const KEY = 'the-key-after-the-rotation'

const cluster = await testCluster()

t.test('a rotation that is killed after any of its writes', { skip: withoutResize(cluster) }, async (t) => {
  const maker = await serveResizes(t, cluster)
  const prefixes = [...SEQUENCE.keys(), SEQUENCE.length].map((index) => `key-cut-${index}`)
  const tenants = await Promise.all(prefixes.map((prefix) => createTenant(t, cluster, maker.api, prefix, '128Mi')))
  await maker.stop()
  const writes = await Promise.all(tenants.map((tenant, index) => cutAfter(t, tenant, index + 1)))
  t.strictSame(
    writes.map((write) => write && nameOf(write)),
    [...SEQUENCE, undefined],
    'after each in turn',
  )

  const { api } = await serveResizes(t, cluster)
  await Promise.all(
    tenants.map(async ({ userId, key }, index) => {
      const tenant = tenantAt(cluster, api, userId)
      const [cut] = writes.slice(index)
      const when = cut ? `killed after write ${index + 1}, ${nameOf(cut)}` : 'not killed'
      const operation = await tenant.ended((await tenant.get()).operation.id)
      const isRotated = operation.type === 'rotate-key'
      t.equal(isRotated, index > 0, `${when}: recorded or not`)
      t.equal(operation.state, 'succeeded', when)
      const [good, bad] = isRotated ? [KEY, key] : [key, KEY]
      t.strictSame(await documentsOf(tenant, good), [], `${when}: the right key opens`)
      await t.rejects(documentsOf(tenant, bad), { name: 'ConnectError', status: 401 }, `${when}: the other does not`)
      t.strictSame(await tenant.whatIsWrong(), [])
    }),
  )
})

function cutAfter(t: Test, tenant: ResizedTenant, number: number) {
  const at = { counted: SEQUENCE, number }
  return killAfter(t, cluster, tenant, at, ({ api, userId }) =>
    api('POST', `/tenants/${userId}/rotate-key`, { apiKey: KEY }),
  )
}
