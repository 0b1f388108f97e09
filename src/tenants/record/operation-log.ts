import type { V1ConfigMap } from '@kubernetes/client-node'
import type { FastifyBaseLogger } from 'fastify'
import pRetry from 'p-retry'
import type { Apis } from '../../kubernetes/connection.ts'
import { ignoreNotFound, isNotFound, reasonOf } from '../../kubernetes/errors.ts'
import { namesFor } from '../../manifests/names.ts'
import { ALLOTMENTS_ENTRY, renderOperations } from '../../manifests/operations.ts'
import { type Allotment, parseAllotments, withAllotments } from './allotment.ts'
import { BoundedMap } from './bounded-map.ts'
import { type History, mergeHistory, type OperationRecord, parseHistory, pruneHistory } from './history.ts'
import type { Operation } from './operation.ts'
import { Pending } from './pending.ts'

const WRITE_TRIES = 10
/** Histories that are remembered as they were last written, so that the next write needs no look before it. */
const WRITTEN_MOST = 500
/** Tenants whose newest operation is remembered, so that a look at it needs no read. */
const NEWEST_MOST = 2000
/** Ended operations of a tenant that are remembered as recorded: more than its record has room for (`limits.ts`). */
const RECORDED_MOST = 200

/** What a step waits for may change often, and is seen in the tenant's conditions: that alone is not written. */
function isSameStep(known: OperationRecord | undefined, { id, state, steps }: OperationRecord): boolean {
  return known?.id === id && known.state === state && state === 'running' && known.steps.length === steps.length
}

const allotmentsIn = (live: V1ConfigMap | undefined) => parseAllotments(live?.data?.[ALLOTMENTS_ENTRY])

type Written = { history: History; allotments: Allotment[]; resourceVersion: string | undefined }
const NOTHING: Written = { history: { records: [], unreadable: [] }, allotments: [], resourceVersion: undefined }

/**
 * Writes operations with their steps to each tenant's ConfigMap, off the hot path: callers hand a record over and go on; of
 * several records of one operation only the last is written, at its end, and every few seconds while it runs long. What is not
 * written yet is lost with the process, and then taken from the namespace again, steps excepted.
 */
export class OperationLog {
  readonly #apis: Apis
  readonly #log: FastifyBaseLogger
  readonly #pending = new Pending((userId) => this.#drain(userId))
  /** The newest operation of each tenant that this process has worked on lately. */
  readonly #newest = new BoundedMap<OperationRecord>(NEWEST_MOST)
  readonly #written = new BoundedMap<Written>(WRITTEN_MOST)
  /** Ids of ended operations that are known to be in the ConfigMap, by tenant. */
  readonly #recorded = new Map<string, Set<string>>()

  constructor(apis: Apis, log: FastifyBaseLogger) {
    this.#apis = apis
    this.#log = log
  }

  /** Takes records to be written soon. */
  put(userId: string, ...records: OperationRecord[]): void {
    const newest = this.#newest.get(userId)
    const news = records.filter((record) => !this.isRecorded(userId, record.id) && !isSameStep(newest, record))
    const last = records.at(-1)
    if (last && (newest?.startedAt ?? '') <= last.startedAt) this.#newest.set(userId, last)
    this.#pending.put(userId, news)
  }

  /** The records that this process knows better than the ConfigMap. */
  pending(userId: string): OperationRecord[] {
    return this.#pending.of(userId)
  }

  /** Whether the ConfigMap is known to hold this operation as it ended. */
  isRecorded(userId: string, operationId: string): boolean {
    return this.#recorded.get(userId)?.has(operationId) ?? false
  }

  /** All that is known, newest first. */
  async read(userId: string): Promise<OperationRecord[]> {
    return mergeHistory(parseHistory(await this.#readConfigMap(userId)).records, this.pending(userId))
  }

  /** What the tenant was given, oldest first. What its record holds may not be here yet. */
  async allotments(userId: string): Promise<Allotment[]> {
    return withAllotments(allotmentsIn(await this.#readConfigMap(userId)), this.pending(userId))
  }

  /** What is known of one operation: without a look if this process has seen it to where it is. */
  async recordsOf(userId: string, { id, state }: Operation): Promise<OperationRecord[]> {
    const newest = this.#newest.get(userId)
    if (newest?.id === id && newest.state === state) return [newest]
    const records = await this.read(userId)
    const ended = records.find((record) => record.id === id && record.state === state && state !== 'running')
    // It changes no more.
    if (ended && (newest?.startedAt ?? '') <= ended.startedAt) this.#newest.set(userId, ended)
    return records
  }

  /** Writes all that was put, and waits until it is; used when the service stops. */
  async flush(): Promise<void> {
    await this.#pending.flush()
  }

  async #drain(userId: string): Promise<void> {
    const records = this.pending(userId)
    try {
      const isCreate = records.every(({ type }) => type === 'create')
      await pRetry((attempt) => this.#write(userId, records, isCreate && attempt === 1), {
        retries: WRITE_TRIES,
        minTimeout: 10,
        maxTimeout: 2000,
        randomize: true,
        shouldRetry: ({ error }) => !isNotFound(error),
      })
    } catch (error) {
      // With the namespace gone there is nothing left to write to; else the next change of the tenant brings them again.
      if (!isNotFound(error)) this.#log.error({ userId, reason: reasonOf(error) }, 'operations could not be written')
      this.#pending.drop(userId)
      return
    }
    const recorded = this.#recorded.get(userId) ?? new Set<string>()
    for (const { id, state } of records) if (state !== 'running') recorded.add(id)
    this.#recorded.set(userId, new Set([...recorded].slice(-RECORDED_MOST)))
    this.#pending.done(userId, records)
  }

  /** @param isNew whether there should be no ConfigMap yet; if there is one, nothing is written */
  async #write(userId: string, records: OperationRecord[], isNew: boolean): Promise<void> {
    const {
      history,
      allotments: known,
      resourceVersion,
    } = this.#written.get(userId) ?? (isNew ? NOTHING : await this.#look(userId))
    // Whatever comes of this write, what was remembered does not hold any more.
    this.#written.delete(userId)
    const kept = pruneHistory(mergeHistory(history.records, records), Date.now())
    const allotments = withAllotments(known, records)
    const texts = [[...kept, ...history.unreadable], allotments].map((one) => JSON.stringify(one))
    const body = renderOperations(userId, texts[0]!, resourceVersion, texts[1])
    const { name, namespace } = body.metadata as { name: string; namespace: string }
    const { metadata } = resourceVersion
      ? await this.#apis.core.replaceNamespacedConfigMap({ name, namespace, body })
      : await this.#apis.core.createNamespacedConfigMap({ namespace, body })
    const { resourceVersion: version } = metadata ?? {}
    this.#written.set(userId, { history: { ...history, records: kept }, allotments, resourceVersion: version })
  }

  async #look(userId: string): Promise<Written> {
    const live = await this.#readConfigMap(userId)
    return {
      history: parseHistory(live),
      allotments: allotmentsIn(live),
      resourceVersion: live?.metadata?.resourceVersion,
    }
  }

  async #readConfigMap(userId: string) {
    const { namespace, operations: name } = namesFor(userId)
    return ignoreNotFound(this.#apis.core.readNamespacedConfigMap({ name, namespace }))
  }

  /** Forgets how far operations have come, as another replica goes on with them. */
  forgetNewest(): void {
    this.#newest.clear()
  }

  /** Forgets a tenant whose namespace is gone. */
  drop(userId: string): void {
    for (const known of [this.#recorded, this.#newest, this.#written]) known.delete(userId)
    this.#pending.drop(userId)
  }
}
