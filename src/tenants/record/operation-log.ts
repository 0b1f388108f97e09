import type { FastifyBaseLogger } from 'fastify'
import pRetry from 'p-retry'
import type { Apis } from '../../kubernetes/connection.ts'
import { isNotFound, reasonOf } from '../../kubernetes/errors.ts'
import { namesFor } from '../../manifests/names.ts'
import { renderOperations } from '../../manifests/operations.ts'
import { ignoreNotFound } from '../observe/gather.ts'
import { mergeHistory, type OperationRecord, parseHistory, pruneHistory } from './history.ts'

const WRITE_TRIES = 10

/**
 * Writes operations with their steps to each tenant's ConfigMap, off the hot path: callers hand a record over and go on; of
 * several records of one operation only the last is written. What it has not written yet is lost with the process, and then
 * taken from the namespace again, steps excepted.
 */
export class OperationLog {
  readonly #apis: Apis
  readonly #log: FastifyBaseLogger
  readonly #pending = new Map<string, Map<string, OperationRecord>>()
  readonly #writing = new Map<string, Promise<void>>()
  /** Ids of ended operations that are known to be in the ConfigMap, by tenant. */
  readonly #recorded = new Map<string, Set<string>>()

  constructor(apis: Apis, log: FastifyBaseLogger) {
    this.#apis = apis
    this.#log = log
  }

  /** Takes records to be written soon. */
  put(userId: string, ...records: OperationRecord[]): void {
    const pending = this.#pending.get(userId) ?? new Map<string, OperationRecord>()
    for (const record of records) if (!this.isRecorded(userId, record.id)) pending.set(record.id, record)
    if (pending.size === 0) return
    this.#pending.set(userId, pending)
    if (!this.#writing.has(userId)) {
      const writing = this.#drain(userId).finally(() => this.#writing.delete(userId))
      this.#writing.set(userId, writing)
    }
  }

  /** The records that this process knows better than the ConfigMap. */
  pending(userId: string): OperationRecord[] {
    return [...(this.#pending.get(userId)?.values() ?? [])]
  }

  /** Whether the ConfigMap is known to hold this operation as it ended. */
  isRecorded(userId: string, operationId: string): boolean {
    return this.#recorded.get(userId)?.has(operationId) ?? false
  }

  /** All that is known, newest first. */
  async read(userId: string): Promise<OperationRecord[]> {
    return mergeHistory(parseHistory(await this.#readConfigMap(userId)).records, this.pending(userId))
  }

  /** Waits until all that was put is written; used when the service stops. */
  async flush(): Promise<void> {
    await Promise.allSettled(this.#writing.values())
  }

  async #drain(userId: string): Promise<void> {
    for (let records = this.pending(userId); records.length > 0; records = this.pending(userId)) {
      try {
        await pRetry(() => this.#write(userId, records), {
          retries: WRITE_TRIES,
          minTimeout: 10,
          maxTimeout: 2000,
          randomize: true,
          shouldRetry: ({ error }) => !isNotFound(error),
        })
      } catch (error) {
        // With the namespace gone there is nothing left to write to; else the next change of the tenant brings them again.
        if (!isNotFound(error)) this.#log.error({ userId, reason: reasonOf(error) }, 'operations could not be written')
        this.#pending.delete(userId)
        return
      }
      this.#forget(userId, records)
    }
  }

  async #write(userId: string, records: OperationRecord[]): Promise<void> {
    const live = await this.#readConfigMap(userId)
    const known = parseHistory(live)
    const history = pruneHistory(mergeHistory(known.records, records), Date.now())
    const text = JSON.stringify([...history, ...known.unreadable])
    const body = renderOperations(userId, text, live?.metadata?.resourceVersion)
    const { name, namespace } = body.metadata as { name: string; namespace: string }
    if (live) await this.#apis.core.replaceNamespacedConfigMap({ name, namespace, body })
    else await this.#apis.core.createNamespacedConfigMap({ namespace, body })
  }

  #forget(userId: string, written: OperationRecord[]): void {
    const pending = this.#pending.get(userId)
    const recorded = this.#recorded.get(userId) ?? new Set<string>()
    for (const record of written) {
      if (pending?.get(record.id) === record) pending.delete(record.id)
      if (record.state !== 'running') recorded.add(record.id)
    }
    if (pending?.size === 0) this.#pending.delete(userId)
    this.#recorded.set(userId, recorded)
  }

  async #readConfigMap(userId: string) {
    const { namespace, operations: name } = namesFor(userId)
    return ignoreNotFound(this.#apis.core.readNamespacedConfigMap({ name, namespace }))
  }

  /** Forgets a tenant whose namespace is gone. */
  drop(userId: string): void {
    this.#recorded.delete(userId)
    this.#pending.delete(userId)
  }
}
