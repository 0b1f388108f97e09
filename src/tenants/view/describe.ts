import { namesFor } from '../../manifests/names.ts'
import type { Options } from '../../manifests/options.ts'
import { bytesOf, formatBytes, formatMillicores, millicoresOf } from '../../sizing/quantity.ts'
import { claimSizes, databaseResources, databaseStatus, type Observed } from '../observe/observed.ts'
import { stateOf } from '../observe/state.ts'
import type { Spec } from '../record/spec.ts'
import { conditionsOf, currentPod } from './conditions.ts'

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
