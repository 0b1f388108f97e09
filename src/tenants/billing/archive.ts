import type { V1ConfigMap } from '@kubernetes/client-node'
import type { Apis } from '../../kubernetes/connection.ts'
import { ignoreNotFound, isAlreadyExists } from '../../kubernetes/errors.ts'
import { MANAGED_BY } from '../../manifests/labels.ts'
import { ALLOTMENTS_ENTRY } from '../../manifests/operations.ts'
import { type Allotment, parseAllotments, withAllotments } from '../record/allotment.ts'
import type { Spec } from '../record/spec.ts'

/** On what is kept of a purged tenant: its user id. */
const USAGE_LABEL = 'fluxiondb.com/usage-of'
const PAGE = 500

/** What purged tenants were given, kept in a namespace of the service: a ConfigMap for each purge. */
export class UsageArchive {
  readonly #apis: Apis
  readonly #namespace: string

  /** @param namespace empty: nothing is kept */
  constructor(apis: Apis, namespace: string) {
    this.#apis = apis
    this.#namespace = namespace
  }

  /** Keeps what a tenant was given; once for each purge, however often it is asked to. */
  async keep({ userId, operation }: Spec, allotments: readonly Allotment[]): Promise<void> {
    if (this.#namespace === '') return
    const name = `usage-${userId}-${operation.id.toLowerCase()}`
    const labels = { 'app.kubernetes.io/managed-by': MANAGED_BY, [USAGE_LABEL]: userId }
    const metadata = { name, namespace: this.#namespace, labels }
    const body = { metadata, data: { [ALLOTMENTS_ENTRY]: JSON.stringify(allotments) } }
    try {
      await this.#apis.core.createNamespacedConfigMap({ namespace: this.#namespace, body })
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
  }

  /** What purged tenants were given, by user id. @param userId only of this one */
  async all(userId?: string): Promise<Map<string, Allotment[]>> {
    const found = new Map<string, Allotment[]>()
    for await (const { metadata, data } of this.#list(userId)) {
      const of = metadata!.labels![USAGE_LABEL]!
      const allotted = parseAllotments(data?.[ALLOTMENTS_ENTRY])
      found.set(of, withAllotments(found.get(of) ?? [], [{ allotted }]))
    }
    return found
  }

  /** Forgets what was kept before a time (milliseconds of the clock). */
  async forgetBefore(time: number): Promise<void> {
    for await (const { metadata } of this.#list()) {
      if (metadata!.creationTimestamp!.getTime() >= time) continue
      const of = { name: metadata!.name!, namespace: this.#namespace }
      await ignoreNotFound(this.#apis.core.deleteNamespacedConfigMap(of))
    }
  }

  async *#list(userId?: string): AsyncGenerator<V1ConfigMap> {
    if (this.#namespace === '') return
    const labelSelector = userId === undefined ? USAGE_LABEL : `${USAGE_LABEL}=${userId}`
    let _continue: string | undefined
    do {
      const query = { namespace: this.#namespace, labelSelector, limit: PAGE, ...(_continue ? { _continue } : {}) }
      const { items, metadata } = await this.#apis.core.listNamespacedConfigMap(query)
      yield* items
      _continue = metadata?._continue
    } while (_continue)
  }
}
