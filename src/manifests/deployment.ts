import type { V1Container, V1Deployment, V1PodTemplateSpec, V1ResourceRequirements } from '@kubernetes/client-node'
import type { Desired, Tenant } from './desired.ts'
import { annotations, labelsFor, selectorLabels } from './labels.ts'
import { CONTAINER_NAME, namesFor } from './names.ts'
import { RENDERER_VERSION, renderPodTemplate, renderResources } from './pod-template.ts'

/** The Deployment with a whole new pod template: for a tenant that has none, or whose operation changes more than sizes. */
export function renderDeployment(tenant: Tenant): V1Deployment {
  return assemble(tenant, renderPodTemplate(tenant), RENDERER_VERSION)
}

/**
 * The Deployment with the live pod template and only its sizes changed, so that a newer renderer or default restarts nobody's
 * database.
 */
export function renderDeploymentKeeping(tenant: Tenant, live: V1Deployment): V1Deployment {
  const { metadata, spec } = live.spec!.template
  const containers = spec!.containers.map((container) =>
    container.name === CONTAINER_NAME ? { ...container, resources: resized(container, tenant.desired) } : container,
  )
  const template = {
    metadata: { labels: metadata?.labels ?? {}, annotations: metadata?.annotations ?? {} },
    spec: { ...spec!, containers },
  }
  const { [annotations.renderer]: renderer = 'unknown', [annotations.rewritten]: rewritten } =
    live.metadata?.annotations ?? {}
  return assemble(tenant, template, renderer, rewritten)
}

/** Only RAM and CPU are this service's: what else is there of resources, such as scratch space, stays. */
export function resized({ resources }: V1Container, desired: Desired): V1ResourceRequirements {
  const { requests, limits } = renderResources(desired)
  return {
    ...resources,
    requests: { ...resources?.requests, ...requests },
    limits: { ...resources?.limits, ...limits },
  }
}

/** The same as `renderDeploymentKeeping`, with the controller told not to act on it yet. */
export function renderPaused(tenant: Tenant, live: V1Deployment): V1Deployment {
  const deployment = renderDeploymentKeeping(tenant, live)
  return { ...deployment, spec: { ...deployment.spec!, paused: true } }
}

/** The live one, its sizes too, with as many replicas as the tenant shall have: no pod is started or ended by that. */
export function renderScaledBack(tenant: Tenant, live: V1Deployment): V1Deployment {
  const rendered = renderDeploymentKeeping(tenant, live)
  const fence = live.metadata?.annotations?.[annotations.fence]
  const kept = fence === undefined ? {} : { [annotations.fence]: fence }
  return {
    ...rendered,
    metadata: { ...rendered.metadata, annotations: { ...rendered.metadata!.annotations, ...kept } },
    spec: { ...rendered.spec!, template: live.spec!.template },
  }
}

function assemble(tenant: Tenant, template: V1PodTemplateSpec, renderer: string, rewritten?: string): V1Deployment {
  const { namespace, fullname } = namesFor(tenant.userId)
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: fullname,
      namespace,
      labels: labelsFor(tenant.userId),
      annotations: {
        [annotations.fence]: String(tenant.generation),
        [annotations.renderer]: renderer,
        ...(rewritten === undefined ? {} : { [annotations.rewritten]: rewritten }),
      },
    },
    spec: {
      replicas: tenant.running ? 1 : 0,
      // One pod at a time: the volume can be written by one only.
      strategy: { type: 'Recreate' },
      // An old ReplicaSet whose template equals a later one would be taken up again, and the pod replaced.
      revisionHistoryLimit: 0,
      // Written out: a pause that an apply leaves out would stay.
      paused: false,
      selector: { matchLabels: selectorLabels(tenant.userId) },
      template,
    },
  }
}
