import {
  type CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
  type V1PersistentVolumeClaim,
  type V1StorageClass,
} from '@kubernetes/client-node'
import type { Growth } from './volume-classes.ts'

const mergePatch = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)
const slowness = 10_000

/** When a slow claim was first seen to want more, by its uid and the size wanted. */
const askedAt = new Map<string, number>()

/** Makes a bound claim's volume larger if it asks for that, or fails at it the way its class says. */
export async function grow(
  core: CoreV1Api,
  claim: V1PersistentVolumeClaim,
  storageClass: V1StorageClass,
): Promise<void> {
  const wanted = claim.spec!.resources!.requests!.storage!
  if (!isLarger(wanted, claim.status!.capacity!.storage!)) return
  const growth = (storageClass.parameters?.growth ?? 'immediate') as Growth
  await ways[growth](new Expansion(core, claim, wanted))
}

const ways: Record<Growth, (expansion: Expansion) => Promise<void>> = {
  immediate: (expansion) => expansion.finish(),

  /** As external-resizer does after an error that no retry will cure. A lower request than the refused one is met. */
  refuse: async (expansion) => {
    if (expansion.isRefused()) return
    if (expansion.wasRefusedMore()) return expansion.finish()
    await expansion.refuse()
  },

  slow: async (expansion) => {
    const since = askedAt.get(expansion.key) ?? Date.now()
    askedAt.set(expansion.key, since)
    if (Date.now() - since < slowness) return expansion.begin()
    await expansion.finish()
    askedAt.delete(expansion.key)
  },

  /** As a driver whose node never grows the file system: the volume is larger, the claim is not told. */
  half: (expansion) => expansion.leaveToNode(),
}

/** The writes that Kubernetes' external-resizer makes for one claim. */
class Expansion {
  readonly key: string
  readonly #core: CoreV1Api
  readonly #claim: V1PersistentVolumeClaim
  readonly #wanted: string

  constructor(core: CoreV1Api, claim: V1PersistentVolumeClaim, wanted: string) {
    this.#core = core
    this.#claim = claim
    this.#wanted = wanted
    this.key = `${claim.metadata!.uid} ${wanted}`
  }

  async finish(): Promise<void> {
    await this.#growVolume()
    await this.#setStatus({
      capacity: { storage: this.#wanted },
      allocatedResources: null,
      allocatedResourceStatuses: null,
      conditions: null,
    })
  }

  async begin(): Promise<void> {
    if (this.#hasCome('ControllerResizeInProgress')) return
    await this.#setStatus(this.#progress('ControllerResizeInProgress', condition('Resizing')))
  }

  async leaveToNode(): Promise<void> {
    if (this.#hasCome('NodeResizePending')) return
    await this.#growVolume()
    const message = 'Waiting for user to (re-)start a pod to finish file system resize of volume on node.'
    await this.#setStatus(this.#progress('NodeResizePending', condition('FileSystemResizePending', message)))
  }

  async refuse(): Promise<void> {
    const { name, namespace, uid } = this.#claim.metadata!
    const message = `resize volume "${this.#claim.spec!.volumeName}" failed: this class refuses to grow to ${this.#wanted}`
    await this.#setStatus(this.#progress('ControllerResizeInfeasible', condition('ControllerResizeError', message)))
    const now = new Date()
    await this.#core.createNamespacedEvent({
      namespace: namespace!,
      body: {
        metadata: { generateName: `${name}.` },
        involvedObject: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          name: name!,
          namespace: namespace!,
          uid: uid!,
        },
        type: 'Warning',
        reason: 'VolumeResizeFailed',
        message,
        source: { component: 'local-volumes' },
        firstTimestamp: now,
        lastTimestamp: now,
        count: 1,
      },
    })
  }

  /** The last size that was tried, and refused, is this one. */
  isRefused(): boolean {
    return this.#hasCome('ControllerResizeInfeasible') && !this.wasRefusedMore()
  }

  wasRefusedMore(): boolean {
    return this.#hasCome('ControllerResizeInfeasible') && isLarger(this.#tried()!, this.#wanted)
  }

  /** Whether the claim's status says this of the size that is wanted now, or of a larger one. */
  #hasCome(status: string): boolean {
    const tried = this.#tried()
    if (this.#claim.status?.allocatedResourceStatuses?.storage !== status) return false
    return tried !== undefined && !isLarger(this.#wanted, tried)
  }

  #tried(): string | undefined {
    return this.#claim.status?.allocatedResources?.storage
  }

  #progress(status: string, state: object) {
    return {
      allocatedResources: { storage: this.#wanted },
      allocatedResourceStatuses: { storage: status },
      conditions: [state],
    }
  }

  async #growVolume(): Promise<void> {
    const body = { spec: { capacity: { storage: this.#wanted } } }
    await this.#core.patchPersistentVolume({ name: this.#claim.spec!.volumeName!, body }, mergePatch)
  }

  async #setStatus(status: object): Promise<void> {
    const { name, namespace } = this.#claim.metadata!
    const body = { status }
    await this.#core.patchNamespacedPersistentVolumeClaimStatus(
      { name: name!, namespace: namespace!, body },
      mergePatch,
    )
  }
}

function condition(type: string, message = '') {
  return { type, status: 'True', lastTransitionTime: new Date().toISOString(), reason: '', message }
}

function isLarger(a: string, b: string): boolean {
  return bytesOf(a) > bytesOf(b)
}

const factors: Record<string, number> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, m: 1e-3 }
for (const [i, unit] of ['Ki', 'Mi', 'Gi', 'Ti', 'Pi'].entries()) factors[unit] = 1024 ** (i + 1)

/** The API server writes quantities in these units; an exponent it keeps only where a caller wrote one. */
function bytesOf(quantity: string): number {
  const [, number, unit] = quantity.match(/^([\d.]+(?:[eE][+-]?\d+)?)(\w*)$/) ?? []
  const factor = factors[unit ?? '']
  if (number === undefined || factor === undefined) throw new Error(`not a size: ${quantity}`)
  return Number(number) * factor
}
