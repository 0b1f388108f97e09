/** Faults that are made to the volume of a tenant that runs. */
import type { Test } from 'tap'
import { isReady } from '../../src/tenants/observe/observed.ts'
import { runInside } from '../../tools/local-cluster/sandbox.ts'
import { until } from './api.ts'
import { type At, deletePod, eatMemory, MERGE } from './fault-makers.ts'

/** Its storage has lost it: the claim is told so. */
export async function withoutVolume({ cluster, tenant: { claim } }: At): Promise<void> {
  const name = (await claim()).spec!.volumeName!
  await cluster.admin.core.deletePersistentVolume({ name })
  await cluster.admin.core.patchPersistentVolume({ name, body: { metadata: { finalizers: null } } }, MERGE)
}

/** More data than its volume holds. */
export async function withSmallVolume(at: At, t: Test): Promise<void> {
  await makeSmall(at, t)
  await eatMemory(at, 48, 2 ** 16)
}

/** Little data, on a volume that something else has filled. */
export async function withFilledVolume(at: At, t: Test): Promise<void> {
  const { sandbox, path } = await makeSmall(at, t)
  await runInside(sandbox, ['sh', '-c', `cat /dev/zero > '${path}/others' || true`])
  await eatMemory(at, 1, 2 ** 10)
}

/** Gives the tenant a volume of a mebibyte in place of its own, and a pod that has it. */
async function makeSmall({ cluster, tenant }: At, t: Test): Promise<{ sandbox: number; path: string }> {
  const { claim, pods, pod } = tenant
  const name = (await claim()).spec!.volumeName!
  const { spec } = await cluster.admin.core.readPersistentVolume({ name })
  const [sandbox, path] = [cluster.processes.sandbox!, spec!.hostPath!.path]
  await runInside(sandbox, ['mount', '-t', 'tmpfs', '-o', 'size=1m,mode=0777', 'tmpfs', path])
  t.teardown(() => runInside(sandbox, ['umount', '--lazy', path]))
  const before = (await pod()).metadata!.uid
  await deletePod({ cluster, tenant })
  await until('a pod with the small volume runs', async () => {
    const [next, ...others] = await pods()
    return others.length === 0 && next && next.metadata!.uid !== before && isReady(next)
  })
  return { sandbox, path }
}

export async function withHeldClaim({ cluster, tenant: { namespace, claim, remove } }: At, t: Test): Promise<void> {
  const { name, finalizers = [] } = (await claim()).metadata!
  const held = (finalizers: string[]) =>
    cluster.admin.core.patchNamespacedPersistentVolumeClaim(
      { name: name!, namespace, body: { metadata: { finalizers } } },
      MERGE,
    )
  await held([...finalizers, 'example.com/backup'])
  t.teardown(() => held([]))
  await remove()
}
