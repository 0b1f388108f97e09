import type { Test } from 'tap'
import { bytesOf } from '../../src/sizing/quantity.ts'
import { livePods } from '../../src/tenants/observe/observed.ts'
import { until } from './api.ts'
import type { TestCluster } from './cluster.ts'

const NAMESPACE = 'default'
const NAME = 'takes-the-room'

/** Bytes of memory that the only node has for pods in all, and that they leave, once no pod is ending any more. */
export async function freeMemory({ admin: { core } }: TestCluster): Promise<{ memory: bigint; free: bigint }> {
  const [node, ...others] = (await core.listNode()).items
  if (!node || others.length > 0) throw new Error('this test is about a cluster with a single node')
  const memory = bytesOf(node.status?.allocatable?.memory)!
  const pods = await until(
    'no pod is ending',
    async () => {
      const { items } = await core.listPodForAllNamespaces()
      return items.every(({ metadata }) => metadata?.deletionTimestamp === undefined) && livePods(items)
    },
    120,
  )
  const requests = pods.flatMap(({ spec }) => spec!.containers.map(({ resources }) => resources?.requests?.memory))
  return { memory, free: requests.reduce((left, one) => left - (bytesOf(one) ?? 0n), memory) }
}

/** Takes the memory of the node but for `left` bytes, by a pod that does not use it. @returns what gives it back */
export async function fillNode(t: Test, cluster: TestCluster, left: bigint): Promise<() => Promise<void>> {
  const { core } = cluster.admin
  const { free } = await freeMemory(cluster)
  const args = ['--secret-key=none', '--port=9000']
  const container = {
    name: 'idle',
    image: cluster.image,
    args,
    resources: { requests: { memory: String(free - left) } },
  }
  const spec = { containers: [container], terminationGracePeriodSeconds: 0 }
  await core.createNamespacedPod({ namespace: NAMESPACE, body: { metadata: { name: NAME }, spec } })
  const isThere = async () => (await core.listNamespacedPod({ namespace: NAMESPACE })).items.find(isIt)
  await until('the room is taken', async () => (await isThere())?.status?.phase === 'Running')
  const giveBack = async () => {
    if (await isThere()) await core.deleteNamespacedPod({ name: NAME, namespace: NAMESPACE, gracePeriodSeconds: 0 })
    await until('the room is given back', async () => !(await isThere()))
  }
  t.teardown(giveBack)
  return giveBack
}

const isIt = ({ metadata }: { metadata?: { name?: string } }) => metadata?.name === NAME

/** A node that exists as an object only, with this much memory, until the end of `t`. Its taint keeps everybody off. */
export async function fakeNode(t: Test, { admin: { core } }: TestCluster, memory: string): Promise<void> {
  const name = 'only-an-object'
  const size = { cpu: '64', memory, pods: '100' }
  const taints = [{ key: 'only-an-object', effect: 'NoSchedule' }]
  await core.createNode({
    body: {
      metadata: { name },
      spec: { taints },
      status: { allocatable: size, capacity: size, conditions: [{ type: 'Ready', status: 'True' }] },
    },
  })
  t.teardown(() => core.deleteNode({ name }))
}
