import type { V1Container, V1Deployment, V1Pod, V1PodSpec } from '@kubernetes/client-node'
import { resized } from '../../manifests/deployment.ts'
import type { Desired } from '../../manifests/desired.ts'
import { CONTAINER_NAME } from '../../manifests/names.ts'
import { renderPodTemplate } from '../../manifests/pod-template.ts'

/** The running pod with the sizes of `to`, all else as it is. */
export function resizedPod(pod: V1Pod, to: Desired): V1Pod {
  const containers = pod.spec!.containers.map((container) =>
    container.name === CONTAINER_NAME ? { ...container, resources: resized(container, to) } : container,
  )
  return { ...pod, spec: { ...pod.spec!, containers } }
}

/**
 * The pod that would follow a running one: with another template the rendered one, else the same with other sizes. What webhooks and
 * classes have added to the running pod, and its Deployment does not say, they will add again.
 */
export function nextPod(userId: string, from: Desired, to: Desired, pod: V1Pod, deployment?: V1Deployment): V1Pod {
  const { nodeName: _, ...live } = resizedPod(pod, to).spec!
  const metadata = pod.metadata ?? {}
  if (from.templateRevision === to.templateRevision) return { metadata, spec: live }
  const tenant = { userId, generation: 0, running: true, deleted: false, resize: 'restart', desired: to } as const
  const template = deployment?.spec?.template.spec ?? live
  return { metadata, spec: withAdditions(renderPodTemplate(tenant).spec!, template, live) }
}

/** Fields that a webhook, or a class that the pod names, sets as a whole. */
const SET_AS_A_WHOLE = [
  'affinity',
  'overhead',
  'preemptionPolicy',
  'priority',
  'priorityClassName',
  'resourceClaims',
  'resources',
  'runtimeClassName',
  'schedulerName',
  'topologySpreadConstraints',
] as const

function withAdditions(rendered: V1PodSpec, template: V1PodSpec, live: V1PodSpec): V1PodSpec {
  const whole = SET_AS_A_WHOLE.flatMap((field) => {
    const isAdded = differ(live[field], template[field]) && !differ(rendered[field], template[field])
    return isAdded ? [[field, live[field]]] : []
  })
  return {
    ...rendered,
    ...Object.fromEntries(whole),
    ...(rendered.priorityClassName === template.priorityClassName ? {} : UNKNOWN_PRIORITY),
    containers: withOthers(rendered.containers, template.containers, live.containers),
    initContainers: withOthers(rendered.initContainers, template.initContainers, live.initContainers),
    tolerations: [
      ...(rendered.tolerations ?? []),
      ...(live.tolerations ?? []).filter((one) => !template.tolerations?.some((other) => !differ(one, other))),
    ],
    nodeSelector: {
      ...Object.fromEntries(
        Object.entries(live.nodeSelector ?? {}).filter(([key, value]) => template.nodeSelector?.[key] !== value),
      ),
      ...rendered.nodeSelector,
    },
  }
}

/** What another class is worth is not known, so it is taken to be worth more than all others: nothing is refused by guess. */
const UNKNOWN_PRIORITY = { priority: Number.POSITIVE_INFINITY }

function withOthers(
  rendered: readonly V1Container[] = [],
  template: readonly V1Container[] = [],
  live: readonly V1Container[] = [],
): V1Container[] {
  const isIn = (containers: readonly V1Container[]) => (one: V1Container) =>
    containers.some(({ name }) => name === one.name)
  const others = live.filter((one) => !isIn(template)(one) && !isIn(rendered)(one))
  return [...rendered.map((one) => withResources(one, template, live)), ...others]
}

/** Resources that were added to a container, such as scratch space by a limit range. */
function withResources(
  container: V1Container,
  template: readonly V1Container[],
  live: readonly V1Container[],
): V1Container {
  const [before, now] = [template, live].map((all) => all.find(({ name }) => name === container.name)?.resources)
  const added = (kind: 'requests' | 'limits') =>
    Object.fromEntries(Object.entries(now?.[kind] ?? {}).filter(([name]) => before?.[kind]?.[name] === undefined))
  const { requests, limits } = container.resources ?? {}
  const resources = {
    requests: { ...added('requests'), ...requests },
    limits: { ...added('limits'), ...limits },
  }
  return { ...container, resources }
}

const differ = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b)
