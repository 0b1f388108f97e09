import type { V1Pod } from '@kubernetes/client-node'
import { annotations } from '../../manifests/labels.ts'
import { RENDERER_VERSION } from '../../manifests/pod-template.ts'
import { templateDrift } from '../decide/drift.ts'
import {
  explain,
  isoTime,
  isReady,
  isTerminating,
  livePods,
  type Observed,
  readyCondition,
} from '../observe/observed.ts'
import { recordable } from '../record/limits.ts'
import type { Spec } from '../record/spec.ts'

export type Condition = {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason: string
  message: string
  since: string | null
}

/** What is so, and what is wrong: `Ready` always, others only while they hold. */
export function conditionsOf(spec: Spec, observed: Observed): Condition[] {
  const found = [
    ready(spec, observed),
    secretMissing(spec, observed),
    ...templateConditions(spec, observed),
    rewritten(observed),
  ]
  return found.filter((condition) => condition !== undefined)
}

function ready(spec: Spec, { namespace, deployment, pods, claim }: Observed): Condition {
  const no = (reason: string, message: string, since: string | null = null): Condition => {
    return { type: 'Ready', status: 'False', reason, message, since }
  }
  if (isTerminating(namespace)) return no('NamespaceTerminating', 'the namespace is being deleted')
  if (!spec.committed) return no('NotCommitted', 'the create is not complete; if it was cut off, send it again')
  const pod = currentPod(pods)
  if (pod && isReady(pod)) {
    const since = readyCondition(pod)?.lastTransitionTime
    return {
      type: 'Ready',
      status: 'True',
      reason: 'PodReady',
      message: 'the database accepts connections',
      since: isoTime(since),
    }
  }
  if (spec.suspended) return no('Suspended', 'the tenant is suspended; its data is kept')
  if (spec.deletedAt !== null) return no('Deleted', 'the tenant is deleted; its data is kept', spec.deletedAt)
  const refused = deployment?.status?.conditions?.find(
    ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
  )
  if (pod === undefined && refused) return no(refused.reason ?? 'PodsRefused', refused.message ?? 'the pod was refused')
  if (claim?.status?.phase === 'Lost') return no('VolumeLost', 'the volume of the claim does not exist any more')
  if (pod === undefined) return no('NoPod', 'there is no pod yet')
  const { reason, message } = explain(pod)
  return no(reason, message, isoTime(readyCondition(pod)?.lastTransitionTime))
}

function secretMissing(spec: Spec, { secretExists }: Observed): Condition | undefined {
  if (!spec.committed || secretExists !== false) return undefined
  const message =
    'the Secret with the database key is gone; the tenant is kept, and needs its Secret back to start again'
  return { type: 'SecretMissing', status: 'True', reason: 'SecretNotFound', message, since: null }
}

/** Only an operation changes a pod template, so a live one may be older than today's, or changed by another hand. */
function templateConditions(spec: Spec, { deployment }: Observed): Condition[] {
  if (deployment === undefined || spec.deletedAt !== null || spec.suspended) return []
  if (deployment.metadata?.annotations?.[annotations.renderer] !== RENDERER_VERSION) {
    const message = 'this version of the service would render another pod; a restart takes it'
    return [{ type: 'UpdateAvailable', status: 'True', reason: 'NewerRenderer', message, since: null }]
  }
  if (spec.operation.state === 'running') return []
  const fields = templateDrift(spec, deployment).map(({ field }) => field)
  if (fields.length === 0) return []
  const message = `another hand has changed ${fields.join(', ')}; a restart takes it back`
  return [{ type: 'Drifted', status: 'True', reason: 'TemplateDiffers', message: recordable(message), since: null }]
}

/** Policies and webhooks of the cluster may change whatever is written: that is their right, and no drift. */
function rewritten(observed: Observed): Condition | undefined {
  const fields = Object.entries(REWRITABLE).flatMap(([part, kind]) => {
    const note = observed[part as keyof typeof REWRITABLE]?.metadata?.annotations?.[annotations.rewritten]
    return note === undefined ? [] : note.split(',').map((field) => `${kind} ${field}`)
  })
  if (fields.length === 0) return undefined
  const message = `policies of the cluster change ${fields.join(', ')}`
  return { type: 'Rewritten', status: 'True', reason: 'PolicyOfCluster', message: recordable(message), since: null }
}
const REWRITABLE = {
  deployment: 'Deployment',
  service: 'Service',
  networkPolicy: 'NetworkPolicy',
  ingress: 'Ingress',
  claim: 'PersistentVolumeClaim',
  quota: 'ResourceQuota',
} as const

/** The pod that counts, should an old one still be ending beside it. */
export function currentPod(pods: readonly V1Pod[]): V1Pod | undefined {
  const live = livePods(pods)
  return live.find((pod) => !isTerminating(pod)) ?? live[0]
}
