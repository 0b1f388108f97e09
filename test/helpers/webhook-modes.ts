import type { V1Container, V1Deployment, V1Pod, V1PodSpec, V1RuleWithOperations } from '@kubernetes/client-node'

/** An operation of a JSON patch (RFC 6902). */
export type PatchOperation = { op: 'add' | 'remove' | 'replace'; path: string; value?: unknown }

/** What a webhook's changes are made of: an image that the node has, another name for it, and a priority class. */
export type Material = { image: string; mirror: string; priorityClass: string }

/** What a webhook is called for, and what it does then. */
export type WebhookMode = {
  on: Pick<V1RuleWithOperations, 'apiGroups' | 'resources' | 'operations'>
  failurePolicy?: 'Fail' | 'Ignore'
  /** `mutate` by default. `hang`: it answers after its time is up. `down`: its connections are closed without an answer. */
  does?: 'mutate' | 'deny' | 'hang' | 'down'
  /** Called for objects of `on` only. */
  // biome-ignore lint/suspicious/noExplicitAny: the object is of the kind that `on` names
  patch?: (object: any, material: Material) => PatchOperation[]
}

const DEPLOYMENTS = { apiGroups: ['apps'], resources: ['deployments'], operations: ['CREATE', 'UPDATE'] }
const PODS = { apiGroups: [''], resources: ['pods'], operations: ['CREATE'] }
const NETWORK_POLICIES = {
  apiGroups: ['networking.k8s.io'],
  resources: ['networkpolicies'],
  operations: ['CREATE', 'UPDATE'],
}

/** As operators of clusters have them: what policy engines, service meshes, registries' mirrors and broken webhooks do. */
export const WEBHOOK_MODES = {
  label: {
    on: DEPLOYMENTS,
    patch: ({ spec }: V1Deployment) => [
      added('/spec/template/metadata/labels', spec!.template.metadata?.labels, 'example.com/team', 'platform'),
    ],
  },
  annotation: {
    on: DEPLOYMENTS,
    patch: ({ spec }: V1Deployment) => [
      added('/spec/template/metadata/annotations', spec!.template.metadata?.annotations, 'example.com/scan', 'yes'),
    ],
  },
  'resize-policy': {
    on: PODS,
    patch: ({ spec }: V1Pod) =>
      spec!.containers.map((_, index) => ({
        op: 'add',
        path: `/spec/containers/${index}/resizePolicy`,
        value: [
          { resourceName: 'cpu', restartPolicy: 'NotRequired' },
          { resourceName: 'memory', restartPolicy: 'RestartContainer' },
        ],
      })),
  },
  'no-cpu-limit': {
    on: DEPLOYMENTS,
    patch: ({ spec }: V1Deployment) =>
      spec!.template.spec!.containers.flatMap(({ resources }, index) =>
        resources?.limits?.cpu
          ? [{ op: 'remove', path: `/spec/template/spec/containers/${index}/resources/limits/cpu` }]
          : [],
      ),
  },
  sidecar: {
    on: PODS,
    patch: (_: V1Pod, { image }) => [{ op: 'add', path: '/spec/containers/-', value: sidecar(image) }],
  },
  'priority-class': {
    on: PODS,
    patch: ({ spec }: V1Pod, { priorityClass }) => [
      { op: 'add', path: '/spec/priorityClassName', value: priorityClass },
      // Both were set from the class before, and are again from this one.
      ...(['priority', 'preemptionPolicy'] as const).flatMap((field) => removed(spec!, field)),
    ],
  },
  tolerations: {
    on: PODS,
    patch: () => [
      { op: 'add', path: '/spec/tolerations/-', value: { key: 'example.com/databases', operator: 'Exists' } },
    ],
  },
  image: {
    on: PODS,
    patch: (_: V1Pod, { mirror }) => [{ op: 'replace', path: '/spec/containers/0/image', value: mirror }],
  },
  'template-image': {
    on: DEPLOYMENTS,
    patch: (_: V1Deployment, { mirror }) => [
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: mirror },
    ],
  },
  deny: { on: DEPLOYMENTS, failurePolicy: 'Fail', does: 'deny' },
  'deny-pods': { on: PODS, failurePolicy: 'Fail', does: 'deny' },
  hang: { on: NETWORK_POLICIES, failurePolicy: 'Ignore', does: 'hang' },
  down: { on: DEPLOYMENTS, failurePolicy: 'Fail', does: 'down' },
  'down-ignored': { on: DEPLOYMENTS, failurePolicy: 'Ignore', does: 'down' },
} as const satisfies Record<string, WebhookMode>

export type WebhookName = keyof typeof WEBHOOK_MODES

/** Adds to a map that may not be there yet. */
function added(path: string, map: Record<string, string> | undefined, key: string, value: string): PatchOperation {
  if (map === undefined) return { op: 'add', path, value: { [key]: value } }
  return { op: 'add', path: `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, value }
}

function removed(spec: V1PodSpec, field: 'priority' | 'preemptionPolicy'): PatchOperation[] {
  return spec[field] === undefined ? [] : [{ op: 'remove', path: `/spec/${field}` }]
}

/** As a service mesh injects one: it asks for little, and satisfies the restricted Pod Security Standard. */
function sidecar(image: string): V1Container {
  return {
    name: 'sidecar',
    image,
    args: ['--secret-key=none', '--port=9009'],
    resources: { requests: { cpu: '5m', memory: '32Mi' }, limits: { cpu: '100m', memory: '64Mi' } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  }
}
