import { DiscoveryV1Api } from '@kubernetes/client-node'
import t from 'tap'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { serveClient } from '../helpers/serve-client.ts'
import { tenantOf } from '../helpers/tenant.ts'

const cluster = await testCluster()
const { core, apps, config } = cluster.admin

t.test('a tenant whose id contains the name of the chart', { skip: withoutPods(cluster) }, async (t) => {
  const tenant = tenantOf(t, cluster, await serveClient(t, cluster), 'my-fluxiondb')
  const { userId } = tenant
  const namespace = `fluxiondb-${userId}`
  const name = `db-${userId}`

  t.test('has the names that Helm would give it: the name of the chart is not added again', async (t) => {
    const { response, data } = await tenant.create('512Mi')
    t.equal(response.status, 201)
    t.match(data, { namespace, release: name, endpoints: { internal: { host: `${name}.${namespace}.svc` } } })
    const lists = {
      Deployment: await apps.listNamespacedDeployment({ namespace }),
      PersistentVolumeClaim: await core.listNamespacedPersistentVolumeClaim({ namespace }),
      Service: await core.listNamespacedService({ namespace }),
      Secret: await core.listNamespacedSecret({ namespace }),
    }
    const found = Object.entries(lists).map(([kind, { items }]) => [kind, items.map(({ metadata }) => metadata?.name)])
    t.strictSame(Object.fromEntries(found), {
      Deployment: [name],
      PersistentVolumeClaim: [name],
      Service: [name],
      Secret: [`${name}-secrets`],
    })
  })

  t.test('is reached by its Service', async (t) => {
    const { items } = await config.makeApiClient(DiscoveryV1Api).listNamespacedEndpointSlice({
      namespace,
      labelSelector: `kubernetes.io/service-name=${name}`,
    })
    const reached = items.flatMap(({ endpoints, ports }) => (endpoints ?? []).map((endpoint) => ({ endpoint, ports })))
    const pod = await tenant.readyPod()
    t.equal(reached.length, 1)
    t.match(reached[0], {
      endpoint: { addresses: [pod.status?.podIP], conditions: { ready: true } },
      ports: [{ port: 8080 }],
    })
  })

  t.test('keeps its data through a change of its RAM', async (t) => {
    await tenant.insert('first')
    t.match((await tenant.resize('640Mi')).data, {
      state: 'active',
      actual: { ramSize: '640Mi', storageSize: '1280Mi' },
    })
    t.strictSame(await tenant.documents(), ['first'])
    t.strictSame(await tenant.overlaps(), [])
  })
})
