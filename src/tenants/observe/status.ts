import { namesFor } from '../../manifests/names.ts'
import type { Options } from '../../manifests/options.ts'
import { bytesOf, formatBytes, formatMillicores, millicoresOf } from '../../sizing/quantity.ts'
import { oneOfThese } from '../record/literals.ts'
import { OPERATION_TYPES } from '../record/operation.ts'
import type { Spec } from '../record/spec.ts'
import { conditionsOf, currentPod } from './conditions.ts'
import {
  claimSizes,
  databaseResources,
  databaseStatus,
  isReady,
  isTerminating,
  livePods,
  type Observed,
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
    sizePlan: sizePlan?.name ?? null,
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
