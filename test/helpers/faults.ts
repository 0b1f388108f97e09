/** Faults that are made on purpose, and the one cause that a diagnosis is expected to name. */
import { SchedulingV1Api } from '@kubernetes/client-node'
import type { Test } from 'tap'
import type { CauseName } from '../../src/tenants/diagnosis/cause.ts'
import { pausedAgain, withDeadWebhook, withFreeze, withPolicy } from './admission-faults.ts'
import type { TestCluster } from './cluster.ts'
import {
  crash,
  eatMemory,
  type Make,
  SHORT_LIVED,
  withFinalizer,
  withLimitRange,
  withoutEntry,
  withoutPriorityClass,
  withoutSecret,
  withQuota,
} from './fault-makers.ts'
import { withFilledVolume, withHeldClaim, withoutVolume, withSmallVolume } from './volume-faults.ts'

export type Fault = {
  what: string
  cause: CauseName
  options?: object
  make?: Make
  /** It reaches into the node. */
  isOfNode?: boolean
}

export const FAULTS: readonly Fault[] = [
  {
    what: 'an image that does not exist',
    cause: 'image-pull',
    options: { image: { repository: 'localhost/no-such-image' } },
  },
  {
    what: 'an image that is not on the node and may not be pulled',
    cause: 'image-pull',
    options: { image: { tag: 'no-such-tag', pullPolicy: 'Never' } },
  },
  { what: 'a node that does not exist', cause: 'unschedulable', options: { nodeSelector: { nowhere: 'at-all' } } },
  { what: 'a neighbour that does not exist', cause: 'unschedulable', options: { affinity: besideNobody() } },
  {
    what: 'a class whose driver does not run',
    cause: 'claim-pending',
    options: { storage: { storageClass: 'no-driver' } },
  },
  {
    what: 'the same of a class that waits for the pod',
    cause: 'claim-pending',
    options: { storage: { storageClass: 'no-driver-wait' } },
  },
  { what: 'a volume that is removed', cause: 'volume-lost', make: withoutVolume },
  { what: 'a Secret that is deleted', cause: 'secret-missing', make: withoutSecret },
  { what: 'a Secret whose entry is gone', cause: 'secret-missing', make: withoutEntry },
  { what: 'more memory than there is', cause: 'out-of-memory', make: (at) => eatMemory(at, 200, 2 ** 20) },
  {
    what: 'a few records that are too large',
    cause: 'out-of-memory',
    make: (at) => eatMemory(at, 30, 2 ** 23),
  },
  { what: 'a quota of another hand', cause: 'quota-exceeded', make: withQuota },
  { what: 'a limit range of another hand', cause: 'quota-exceeded', make: withLimitRange },
  { what: 'a policy that denies the pod', cause: 'admission-denied', make: withPolicy },
  { what: 'a webhook for pods that does not answer', cause: 'admission-denied', make: withDeadWebhook },
  { what: 'a service account that does not exist', cause: 'pod-refused', options: { serviceAccountName: 'nobody' } },
  {
    what: 'a priority class that is removed',
    cause: 'pod-refused',
    options: { priorityClassName: SHORT_LIVED },
    make: withoutPriorityClass,
  },
  { what: 'a database that ends again and again', cause: 'crash-loop', make: crash },
  { what: 'more data than the volume holds', cause: 'disk-full', make: withSmallVolume, isOfNode: true },
  { what: 'a volume that something else has filled', cause: 'disk-full', make: withFilledVolume, isOfNode: true },
  { what: 'a freeze: a policy that lets no Deployment go on', cause: 'paused', make: withFreeze },
  { what: 'a tool that pauses the Deployment again and again', cause: 'paused', make: pausedAgain },
  { what: 'a finalizer whose controller is gone', cause: 'namespace-stuck', make: withFinalizer },
  { what: 'a claim that another hand holds', cause: 'namespace-stuck', make: withHeldClaim },
]

function besideNobody(): object {
  const term = { labelSelector: { matchLabels: { nobody: 'at-all' } }, topologyKey: 'kubernetes.io/hostname' }
  return { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
}

/** Classes that tenants of these faults ask for: of storage whose driver does not run, and of a priority. */
export async function addClasses({ admin: { storage, config } }: TestCluster, t: Test): Promise<void> {
  for (const [name, volumeBindingMode] of [
    ['no-driver', 'Immediate'],
    ['no-driver-wait', 'WaitForFirstConsumer'],
  ] as const) {
    const provisioner = 'example.com/nobody'
    const body = { metadata: { name }, provisioner, volumeBindingMode, allowVolumeExpansion: true }
    await storage.createStorageClass({ body })
    t.teardown(() => storage.deleteStorageClass({ name }))
  }
  await config
    .makeApiClient(SchedulingV1Api)
    .createPriorityClass({ body: { metadata: { name: SHORT_LIVED }, value: 1 } })
}
