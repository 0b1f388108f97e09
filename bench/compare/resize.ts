import { setTimeout as sleep } from 'node:timers/promises'
import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import type { Apis } from '../../src/kubernetes/connection.ts'
import { until } from '../../test/helpers/api.ts'
import { kernelLimits } from '../../test/helpers/kernel-limits.ts'
import type { ResizedTenant } from '../../test/helpers/resized-tenant.ts'
import { bareLoop } from './contenders.ts'
import { bareNamespace } from './objects.ts'

const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)
const STRATEGIC = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch)
const LOOK_MS = 5
const MiB = 2 ** 20

/** Changes the RAM (MiB) of a database. @returns milliseconds until the kernel allows it */
export type Resize = (mebibytes: number) => Promise<number>

export function resizeByService(tenant: ResizedTenant, podUid: string): Resize {
  return (mebibytes) =>
    timed(podUid, mebibytes, async () => {
      const { status, body } = await tenant.send({ ramSize: `${mebibytes}Mi` })
      if (status !== 202) throw new Error(`PATCH ram: ${status} ${JSON.stringify(body)}`)
    })
}

/** The same writes by a bare script: the record, the volume, the pod. It looks at nothing and undoes nothing. */
export async function bareResizes(apis: Apis, record: string, id: string): Promise<Resize> {
  await bareLoop(apis, record).create(id)
  const namespace = bareNamespace(id)
  const pod = await until('the bare pod runs', async () => {
    const { items } = await apis.core.listNamespacedPod({ namespace })
    return items.find(({ status }) => status?.containerStatuses?.[0]?.ready)
  })
  const name = pod.metadata!.name!
  const claim = pod.spec!.volumes![0]!.persistentVolumeClaim!.claimName
  const [{ name: container }] = pod.spec!.containers as [{ name: string }]
  return (mebibytes) =>
    timed(pod.metadata!.uid!, mebibytes, async () => {
      await apis.core.patchNamespace({ name: namespace, body: { metadata: { annotations: { size: record } } } }, MERGE)
      const storage = { spec: { resources: { requests: { storage: `${mebibytes * 2}Mi` } } } }
      await apis.core
        .patchNamespacedPersistentVolumeClaim({ name: claim, namespace, body: storage }, MERGE)
        .catch(() => {
          // A volume never shrinks.
        })
      const memory = `${mebibytes}Mi`
      const resources = { limits: { memory }, requests: { memory } }
      const body = { spec: { containers: [{ name: container, resources }] } }
      await apis.core.patchNamespacedPodResize({ name, namespace, body }, STRATEGIC)
    })
}

async function timed(podUid: string, mebibytes: number, change: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await change()
  while ((await kernelLimits(podUid)).memory !== mebibytes * MiB) await sleep(LOOK_MS)
  return performance.now() - startedAt
}
