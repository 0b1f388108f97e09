import type { Apis } from '../../kubernetes/connection.ts'
import { isForbidden, isNotFound, isUnavailable, KubernetesError } from '../../kubernetes/errors.ts'
import { CONTAINER_NAME } from '../../manifests/names.ts'
import { bytesOf, millicoresOf } from '../../sizing/quantity.ts'
import { claimSizes, databaseResources, databaseStatus, type Observed } from '../observe/observed.ts'
import { currentPod } from '../view/conditions.ts'

/** Bytes and millicores; null: not known, and `unknown` says why. */
export type Usage = {
  memory: { used: number | null; limit: number | null }
  cpu: { used: number | null; limit: number | null }
  volume: { used: number | null; size: number | null }
  /** Of the running pod's container. */
  restarts: number
  /** How the container before this one ended. */
  lastEnd: { reason: string; exitCode: number; at: string | null; isOutOfMemory: boolean } | null
  /** When memory and CPU were measured. */
  measuredAt: string | null
  unknown: { what: 'memory' | 'cpu' | 'volume'; why: string }[]
}

type Measured = { timestamp?: string; containers?: { name?: string; usage?: { memory?: string; cpu?: string } }[] }

const NO_VOLUME = 'Kubernetes tells how full a volume is by the kubelet only, which this service has no right to ask'

/** What a database uses of what it has. @throws KubernetesError */
export async function usageOf(apis: Pick<Apis, 'custom'>, observed: Observed): Promise<Usage> {
  const pod = currentPod(observed.pods)
  const limits = pod ? databaseResources(pod).limits : undefined
  const ended = databaseStatus(pod)?.lastState?.terminated
  const measured = pod ? await measuredOf(apis, pod.metadata!) : 'the database does not run'
  const used = typeof measured === 'string' ? {} : usedIn(measured)
  const { capacity } = claimSizes(observed.claim)
  const why = typeof measured === 'string' ? measured : 'the metrics API does not tell'
  return {
    memory: { used: numberOf(bytesOf(used.memory)), limit: numberOf(bytesOf(limits?.memory)) },
    cpu: { used: millicoresOf(used.cpu) ?? null, limit: millicoresOf(limits?.cpu) ?? null },
    volume: { used: null, size: capacity === 0n ? null : Number(capacity) },
    restarts: databaseStatus(pod)?.restartCount ?? 0,
    lastEnd: ended
      ? {
          reason: ended.reason ?? 'Ended',
          exitCode: ended.exitCode,
          at: ended.finishedAt ? new Date(ended.finishedAt).toISOString() : null,
          isOutOfMemory: ended.reason === 'OOMKilled',
        }
      : null,
    measuredAt: typeof measured === 'string' ? null : (measured.timestamp ?? null),
    unknown: [
      ...(used.memory === undefined ? [{ what: 'memory' as const, why }] : []),
      ...(used.cpu === undefined ? [{ what: 'cpu' as const, why }] : []),
      { what: 'volume', why: NO_VOLUME },
    ],
  }
}

/** @returns why there is nothing, if there is nothing */
async function measuredOf(
  { custom }: Pick<Apis, 'custom'>,
  { namespace, name }: { namespace?: string; name?: string },
): Promise<Measured | string> {
  const pod = { namespace: namespace!, plural: 'pods', name: name! }
  try {
    return await custom.getNamespacedCustomObject({ group: 'metrics.k8s.io', version: 'v1beta1', ...pod })
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error
    if (isForbidden(error)) return 'this service may not ask the metrics API'
    if (isNotFound(error)) return 'the cluster has no metrics API, or has not measured this pod yet'
    if (isUnavailable(error)) return 'the metrics API does not answer'
    throw error
  }
}

const usedIn = ({ containers }: Measured) => containers?.find(({ name }) => name === CONTAINER_NAME)?.usage ?? {}
const numberOf = (bytes: bigint | undefined) => (bytes === undefined ? null : Number(bytes))
