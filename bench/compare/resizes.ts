import { join } from 'node:path'
import { testCluster } from '../../test/helpers/cluster.ts'
import { createTenant, serveResizes } from '../../test/helpers/resized-tenant.ts'
import { recordOf } from '../../test/helpers/tenant-objects.ts'
import { down } from '../../tools/local-cluster/cluster.ts'
import { quantile, rounded } from '../figures.ts'
import { benchAccount } from './bench-account.ts'
import { bareResizes, resizeByService } from './resize.ts'
import { connectTo, type Sizes } from './stage.ts'

const NAME = 'bench-node'
/** MiB, in turn. */
const RAM = [384, 256]

/** Changes of RAM on a real node, until the kernel allows them. */
export async function resizes({ resizes: count }: Sizes, folder: string) {
  delete process.env.LOCAL_CLUSTER
  const cluster = await testCluster(NAME)
  const endings: (() => unknown)[] = []
  const run = { teardown: (end: () => unknown) => void endings.unshift(end) }
  try {
    if (!cluster.runsPods || !cluster.resizesPods) throw new Error(`no node that resizes pods: ${cluster.description}`)
    const { apis, close } = connectTo(await benchAccount(cluster.kubeconfig, join(folder, 'bench-node.kubeconfig')))
    run.teardown(close)
    const { api } = await serveResizes(run, cluster)
    const tenant = await createTenant(run, cluster, api, 'resized', '256Mi')
    const [own] = await tenant.runs()
    const record = JSON.stringify(await recordOf(cluster, tenant.userId))
    const contenders = [
      { name: 'this service', resize: resizeByService(tenant, own!.podUid), taken: [] as number[] },
      { name: 'bare calls', resize: await bareResizes(apis, record, 'resized'), taken: [] as number[] },
    ]
    for (let index = -RAM.length; index < count; index++) {
      console.log(`resize ${index + RAM.length + 1} of ${count + RAM.length}`)
      for (const one of index % 2 === 0 ? contenders : [...contenders].reverse()) {
        const taken = await one.resize(RAM[Math.abs(index) % RAM.length]!)
        // The first ones warm up.
        if (index >= 0) one.taken.push(taken)
      }
      // The service ends its operation before the next one begins.
      await tenant.ended((await tenant.get()).operation!.id)
    }
    const rows = contenders.map(({ name, taken }) => ({
      contender: name,
      ...rounded({ 'p50 ms': quantile(taken), 'p95 ms': quantile(taken, 0.95) }),
    }))
    console.table(rows)
    const [ours, bare] = contenders as [(typeof contenders)[0], (typeof contenders)[0]]
    return { ratios: rounded({ resizeP50VsBare: quantile(ours.taken) / quantile(bare.taken) }), rows }
  } finally {
    for (const end of endings) await end()
    await down({ name: NAME, report: () => {} })
  }
}
