import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import type { Test } from 'tap'
import type { TestCluster } from './cluster.ts'
import { removeNamespace } from './resized-tenant.ts'

const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)

/** Stops the controller manager where it stands, and lets it go on: at the end of `t` in any case. */
export function controllerManager(t: Test, { processes }: TestCluster) {
  const pid = processes['kube-controller-manager']!
  t.teardown(() => process.kill(pid, 'SIGCONT'))
  return { stop: () => process.kill(pid, 'SIGSTOP'), goOn: () => process.kill(pid, 'SIGCONT') }
}

/** Deployments without pods, whose every change makes work for the Deployment controller. */
export async function backlogOf(t: Test, { admin: { core, apps } }: TestCluster, size: number) {
  const namespace = `backlog-${process.pid}`
  await core.createNamespace({ body: { metadata: { name: namespace } } })
  t.teardown(() => removeNamespace({ admin: { core } }, namespace))
  const names = Array.from({ length: size }, (_, index) => `idle-${index}`)
  const labels = { app: 'idle' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'idle', image: 'idle' }] } }
  for (const name of names) {
    const spec = { replicas: 0, revisionHistoryLimit: 0, selector: { matchLabels: labels }, template }
    await apps.createNamespacedDeployment({ namespace, body: { metadata: { name }, spec } })
  }
  let changes = 0
  return {
    /** Gives each a new template: a roll, with a ReplicaSet to make and one to remove. */
    async grow(): Promise<void> {
      const body = { spec: { template: { metadata: { annotations: { change: String(++changes) } } } } }
      await Promise.all(names.map((name) => apps.patchNamespacedDeployment({ name, namespace, body }, MERGE)))
    },
  }
}
