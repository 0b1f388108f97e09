/** Lists of tenants, as the watches know them. */
import t from 'tap'
import { until } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

const cluster = await testCluster()
const { api } = await serve(t, cluster)

t.test('refuses a cursor that it has not given', async (t) => {
  for (const cursor of ['%20', 'A', Buffer.from('../x').toString('base64url'), 'x'.repeat(100)]) {
    const { status, body } = await api('GET', `/tenants?cursor=${cursor}`)
    t.match([status, body.code], [400, 'invalid-request'], cursor)
    t.match(body.errors, [{ pointer: 'cursor', message: /cursor/ }], cursor)
  }
})
