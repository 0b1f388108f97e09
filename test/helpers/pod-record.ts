import { makeInformer } from '@kubernetes/client-node'
import type { Test } from 'tap'
import type { TestCluster } from './cluster.ts'

/**
 * Notes every pod of a namespace from now to the end of `t`, also one that is gone before a look at the list would find it.
 * @returns their names so far, in the order in which they were made. It throws if the record may have a gap
 */
export async function recordPods(t: Test, { admin }: TestCluster, namespace: string): Promise<() => readonly string[]> {
  const names: string[] = []
  let failure: Error | undefined
  const pods = makeInformer(admin.config, `/api/v1/namespaces/${namespace}/pods`, () =>
    admin.core.listNamespacedPod({ namespace }),
  )
  pods.on('add', ({ metadata }) => names.push(metadata!.name!))
  pods.on('error', (error) => {
    failure = new Error(`the watch of the pods in ${namespace} ended`, { cause: error })
  })
  await pods.start()
  t.teardown(() => pods.stop())
  return () => {
    if (failure) throw failure
    return names
  }
}
