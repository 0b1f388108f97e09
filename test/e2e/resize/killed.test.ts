/** `kill -9` after every write of a change: whoever runs next completes it, without a restart and without leaving a pause. */
import t, { type Test } from 'tap'
import { testCluster, withoutResize } from '../../helpers/cluster.ts'
import { killAfter, nameOf } from '../../helpers/kill-after.ts'
import {
  createTenant,
  type DatabaseRun,
  type ResizedTenant,
  serveResizes,
  tenantAt,
} from '../../helpers/resized-tenant.ts'

/** The writes of a change in place, but for those of its history, in their order: one service is killed after each. */
const SEQUENCE = [
  'PATCH namespaces',
  'PATCH persistentvolumeclaims',
  'PATCH pods/resize',
  'PATCH deployments',
  'PATCH replicasets',
  'PATCH deployments',
  'PATCH namespaces',
]

const cluster = await testCluster()

t.test(
  'a change in place that is killed after any of its writes is completed',
  { skip: withoutResize(cluster) },
  async (t) => {
    const maker = await serveResizes(t, cluster)
    const prefixes = [...SEQUENCE.keys(), SEQUENCE.length].map((index) => `cut-${index}`)
    const tenants = await Promise.all(prefixes.map((prefix) => createTenant(t, cluster, maker.api, prefix, '512Mi')))
    await maker.stop()
    const killed = await Promise.all(tenants.map((tenant, index) => cutAfter(t, tenant, index + 1)))
    t.strictSame(
      killed.map(({ write }) => write && nameOf(write)),
      [...SEQUENCE, undefined],
      'after each in turn',
    )

    const { api } = await serveResizes(t, cluster)
    for (const { userId, write, before, end } of killed) {
      const tenant = tenantAt(cluster, api, userId)
      const operation = await tenant.ended((await tenant.get()).operation.id)
      const when = write ? `killed after write ${write.number}, ${nameOf(write)}` : 'not killed'
      t.match(operation, { type: 'resize', state: 'succeeded', outcome: { asPlanned: true } }, `${when}: completed`)
      t.equal(await end(operation), 'none', `${when}: no restart`)
      t.strictSame(await tenant.runs(), before, `${when}: the same pod and container`)
      t.strictSame(await tenant.whatIsWrong(), [], `${when}: nothing is left half done`)
    }
  },
)

/** Cuts a change after this write. @returns the write; undefined: the change had ended before it came there */
async function cutAfter(t: Test, { userId, namespace }: ResizedTenant, number: number) {
  let before: DatabaseRun[] = []
  let end: Awaited<ReturnType<ResizedTenant['begin']>> | undefined
  const at = { counted: SEQUENCE, number }
  const write = await killAfter(t, cluster, { userId, namespace }, at, async (tenant) => {
    before = await tenant.runs()
    end = await tenant.begin(`1Gi, killed after write ${number}`, await tenant.plan({ ramSize: '1Gi' }))
    return tenant.send({ ramSize: '1Gi' })
  })
  return { userId, write, before, end: end! }
}
