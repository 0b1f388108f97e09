/** What each credential opens, and what it is told of the rest. */
import t from 'tap'
import { newCredential, SCOPES, type Scope } from '../../src/credentials/credential.ts'
import { apiOf, until } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

const cluster = await testCluster()
const service = await serve(t, cluster)

t.test('nothing but the public routes answers without a credential', async (t) => {
  const api = apiOf(service, null)
  for (const path of ['/livez', '/readyz', '/openapi.json']) t.equal((await api('GET', path)).status, 200, path)
  for (const path of ['/tenants', '/tenants/a', '/tenants/a/operations', '/metrics']) {
    const { status, body } = await api('GET', path)
    t.match([status, body.code], [401, 'unauthenticated'], path)
  }
})
