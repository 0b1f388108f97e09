import type { V1Pod } from '@kubernetes/client-node'
import { covers } from '../../manifests/compare.ts'
import { renderDeployment } from '../../manifests/deployment.ts'
import { annotations } from '../../manifests/labels.ts'
import { namesFor } from '../../manifests/names.ts'
import type { Options } from '../../manifests/options.ts'
import { RENDERER_VERSION } from '../../manifests/pod-template.ts'
import { bytesOf, formatBytes, formatMillicores, millicoresOf } from '../../sizing/quantity.ts'
import { oneOfThese } from '../record/literals.ts'
import { OPERATION_TYPES } from '../record/operation.ts'
import { type Spec, tenantOf } from '../record/spec.ts'
import {
  claimSizes,
  databaseResources,
  databaseStatus,
  explain,
  isReady,
  isTerminating,
  livePods,
  type Observed,
  readyCondition,
} from './observed.ts'

export const STATES = [
  'creating',
  'resizing',
  'updating',
  'resuming',
  'active',
  'degraded',
  'failed',
  'suspending',
  'suspended',
  'deleting',
  'deleted',
] as const
export type State = (typeof STATES)[number]

export type Condition = {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason: string
  message: string
  since: string | null
}

const STATE_WHILE = {
  suspend: 'suspending',
  resume: 'resuming',
  restart: 'updating',
  'rotate-key': 'updating',
  update: 'updating',
  adopt: 'updating',
  create: 'creating',
  resize: 'resizing',
  undelete: 'resuming',
  delete: 'deleting',
  purge: 'deleting',
  other: 'updating',
} as const

/** The tenant in one word: the first that holds. */
export function stateOf(spec: Spec, { namespace, pods }: Observed): State {
  if (isTerminating(namespace) || spec.purgeRequestedAt !== null) return 'deleting'
  if (spec.deletedAt !== null) return livePods(pods).length > 0 ? 'deleting' : 'deleted'
  if (spec.suspended) return livePods(pods).length > 0 ? 'suspending' : 'suspended'
  if (spec.operation.state === 'running') return STATE_WHILE[oneOfThese(OPERATION_TYPES, spec.operation.type, 'other')]
  if (pods.some(isReady)) return 'active'
  return spec.operation.state === 'failed' ? 'failed' : 'degraded'
}

/** What a caller is told of a tenant, all of it computed from what was observed; the operation is added by the caller. */
export function describe(spec: Spec, observed: Observed) {
  const { namespace, release, host } = namesFor(spec.userId)
  const { ramSize, storageSize, cpu, options, sizePlan } = spec.desired
  const { port } = options.service
  return {
    userId: spec.userId,
    namespace,
    release,
    state: stateOf(spec, observed),
    plan: sizePlan?.name ?? null,
    protected: options.protected,
    desired: { ramSize, storageSize, cpu },
    options,
    actual: actualOf(observed),
    endpoints: { internal: { host, port, url: `ws://${host}:${port}` }, external: externalOf(options.ingress) },
    conditions: conditionsOf(spec, observed),
    generation: spec.generation,
    createdAt: spec.createdAt,
    updatedAt: spec.updatedAt,
    deletedAt: spec.deletedAt,
    adoptedFrom: spec.helm?.release ?? null,
  }
}

/** Where the database is reached from outside; a TLS entry that names the host makes it `wss`. */
function externalOf({ enabled, hosts, tls }: Options['ingress']) {
  if (!enabled) return []
  return hosts.flatMap(({ host, paths }) => {
    const scheme = tls.some(({ hosts: names }) => names.includes(host)) ? 'wss' : 'ws'
    return paths.map(({ path }) => ({ host, url: `${scheme}://${host}${path === '/' ? '' : path}` }))
  })
}

function actualOf({ pods, claim }: Observed) {
  const pod = currentPod(pods)
  const { requests, limits } = pod ? databaseResources(pod) : {}
  const ram = bytesOf(limits?.memory)
  const { capacity } = claimSizes(claim)
  return {
    ramSize: ram === undefined ? null : formatBytes(ram),
    storageSize: capacity === 0n ? null : formatBytes(capacity),
    cpu: { request: cpuText(requests?.cpu), limit: cpuText(limits?.cpu) },
    restarts: databaseStatus(pod)?.restartCount ?? 0,
  }
}

function cpuText(quantity: string | undefined): string | null {
  const millicores = millicoresOf(quantity)
  return millicores === undefined ? null : formatMillicores(millicores)
}

/** The pod that counts, should an old one still be ending beside it. */
function currentPod(pods: readonly V1Pod[]): V1Pod | undefined {
  const live = livePods(pods)
  return live.find((pod) => !isTerminating(pod)) ?? live[0]
}

function conditionsOf(spec: Spec, observed: Observed): Condition[] {
  return [ready(spec, observed), secretMissing(spec, observed), ...templateConditions(spec, observed)].filter(
    (condition) => condition !== undefined,
  )
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
      since: timeOf(since),
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
  return no(reason, message, timeOf(readyCondition(pod)?.lastTransitionTime))
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
  if (covers(deployment.spec?.template, renderDeployment(tenantOf(spec, { resizePods: true })).spec?.template))
    return []
  if (spec.operation.state === 'running') return []
  const message = 'the pod template was changed by another hand; a restart takes it back'
  return [{ type: 'Drifted', status: 'True', reason: 'TemplateDiffers', message, since: null }]
}

/** Objects that were read have a Date, objects that were watched a text. */
function timeOf(time: Date | string | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString()
}
