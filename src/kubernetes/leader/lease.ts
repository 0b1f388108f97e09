import { type CoordinationV1Api, type V1Lease, V1MicroTime } from '@kubernetes/client-node'
import { ignoreNotFound, isAlreadyExists, isConflict } from '../errors.ts'

/** Where a Lease is. */
export type LeaseName = { namespace: string; name: string }
/** What of the API is used here. */
export type LeaseApi = Pick<
  CoordinationV1Api,
  'readNamespacedLease' | 'createNamespacedLease' | 'replaceNamespacedLease'
>

/**
 * A Lease as one of its candidates sees it. How old another's hold is, is measured from when its last change was seen here, and never
 * by the times in it: clocks of machines differ.
 */
export class CandidateLease {
  readonly #api: LeaseApi
  readonly #where: LeaseName
  readonly #identity: string
  readonly #durationMs: number
  /** Milliseconds by a clock that nobody sets. */
  readonly #clock: () => number
  /** As it is known to be held by this candidate. */
  #held: V1Lease | undefined
  #seen: { version: string; at: number } | undefined

  constructor(api: LeaseApi, where: LeaseName, identity: string, durationMs: number, clock: () => number) {
    this.#api = api
    this.#where = where
    this.#identity = identity
    this.#durationMs = durationMs
    this.#clock = clock
  }

  /** Takes the Lease, or renews it. @returns whether this candidate holds it from now on. @throws KubernetesError */
  async hold(): Promise<boolean> {
    const held = this.#held
    this.#held = undefined
    try {
      if (held !== undefined) return await this.#write(held)
    } catch (error) {
      // Taken by another, or renewed by a call of ours whose answer was lost.
      if (!isConflict(error)) throw error
    }
    return this.#take()
  }

  /** Lets another candidate have it at once. @throws KubernetesError */
  async release(): Promise<void> {
    const held = this.#held
    this.#held = undefined
    if (held === undefined) return
    const { holderIdentity: _, ...spec } = held.spec!
    await this.#api.replaceNamespacedLease({ ...this.#where, body: { ...held, spec } })
  }

  async #take(): Promise<boolean> {
    const live = await ignoreNotFound(this.#api.readNamespacedLease(this.#where))
    try {
      if (live === undefined) return await this.#create()
      return this.#isFree(live) && (await this.#write(live))
    } catch (error) {
      if (isConflict(error) || isAlreadyExists(error)) return false
      throw error
    }
  }

  #isFree({ metadata, spec }: V1Lease): boolean {
    if (!spec?.holderIdentity || spec.holderIdentity === this.#identity) return true
    const version = metadata!.resourceVersion!
    if (this.#seen?.version !== version) this.#seen = { version, at: this.#clock() }
    return this.#clock() - this.#seen.at > (spec.leaseDurationSeconds ?? 0) * 1000
  }

  async #create(): Promise<boolean> {
    const { namespace, name } = this.#where
    const at = new V1MicroTime()
    const spec = { ...this.#ours(at), acquireTime: at, leaseTransitions: 0 }
    this.#held = await this.#api.createNamespacedLease({ namespace, body: { metadata: { name }, spec } })
    return true
  }

  async #write(live: V1Lease): Promise<boolean> {
    const at = new V1MicroTime()
    const isNew = live.spec?.holderIdentity !== this.#identity
    const taken = isNew ? { acquireTime: at, leaseTransitions: (live.spec?.leaseTransitions ?? 0) + 1 } : {}
    const body = { ...live, spec: { ...live.spec, ...this.#ours(at), ...taken } }
    this.#held = await this.#api.replaceNamespacedLease({ ...this.#where, body })
    return true
  }

  #ours(renewTime: V1MicroTime) {
    return { holderIdentity: this.#identity, leaseDurationSeconds: this.#durationMs / 1000, renewTime }
  }
}
