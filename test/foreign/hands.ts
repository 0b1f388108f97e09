import type { CoreV1Api } from '@kubernetes/client-node'
import type { WebhookName } from '../helpers/webhook-modes.ts'

/** Webhooks as other teams of a cluster have them: what they do, in a reader's words. */
export const WEBHOOKS: Readonly<Record<WebhookName, string>> = {
  label: 'labels the pod template',
  annotation: 'annotates the pod template',
  'resize-policy': 'has containers restarted for another memory size (`resizePolicy`)',
  'no-cpu-limit': 'takes CPU limits away',
  sidecar: 'injects a sidecar',
  'priority-class': 'gives pods another priority class',
  tolerations: 'adds tolerations to pods',
  image: 'rewrites the image of pods',
  'template-image': 'rewrites the image in the pod template',
  deny: 'denies Deployments',
  'deny-pods': 'denies pods',
  hang: 'does not answer in time, and is ignored then',
  down: 'is down, and must not be',
  'down-ignored': 'is down, and may be',
}

/** What stands in a namespace to keep it small, after the tenant is there. */
export const LIMITS: readonly { hand: string; put: (core: CoreV1Api, namespace: string) => Promise<unknown> }[] = [
  {
    hand: 'a LimitRange with a maximum',
    put: (core, namespace) => range(core, namespace, { type: 'Container', max: { memory: '160Mi' } }),
  },
  {
    hand: 'a LimitRange with a minimum for claims',
    put: (core, namespace) => range(core, namespace, { type: 'PersistentVolumeClaim', min: { storage: '1Mi' } }),
  },
  {
    hand: 'a LimitRange with a ratio of limit to request',
    put: (core, namespace) => range(core, namespace, { type: 'Container', maxLimitRequestRatio: { cpu: '2' } }),
  },
  {
    hand: 'a quota of memory',
    put: (core, namespace) => quota(core, namespace, { hard: { 'requests.memory': '160Mi' } }),
  },
  {
    hand: 'a quota of memory for pods without a deadline',
    put: (core, namespace) =>
      quota(core, namespace, { hard: { 'limits.memory': '200Mi' }, scopes: ['NotTerminating'] }),
  },
  {
    hand: 'a quota of memory for pods with a deadline',
    put: (core, namespace) => quota(core, namespace, { hard: { 'limits.memory': '64Mi' }, scopes: ['Terminating'] }),
  },
]

const metadata = { name: 'of-the-platform-team' }

function range(core: CoreV1Api, namespace: string, limit: object): Promise<unknown> {
  return core.createNamespacedLimitRange({ namespace, body: { metadata, spec: { limits: [limit as never] } } })
}

/** The controller has to count before the quota lets anything in. */
async function quota(core: CoreV1Api, namespace: string, spec: object): Promise<void> {
  await core.createNamespacedResourceQuota({ namespace, body: { metadata, spec } })
  for (;;) {
    const { status } = await core.readNamespacedResourceQuota({ ...metadata, namespace })
    if (status?.used) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
