import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import type { Tenant } from '../../clients/typescript/index.ts'
import { namesFor } from '../../src/manifests/names.ts'
import { isReady, livePods } from '../../src/tenants/observe/observed.ts'
import { overlaps } from '../../tools/local-cluster/cluster.ts'
import { openDatabase } from '../../tools/open-database.ts'
import type { Database } from '../../tools/stand-in/client.ts'
import { until } from './api.ts'
import type { TestCluster } from './cluster.ts'
import { FLUSH_SECONDS, type ServiceWithClient } from './serve-client.ts'
import { newUserId } from './tenant-objects.ts'

const COLLECTION = 'test'
const WAIT = { header: { prefer: 'wait=60' } }

/**
 * One tenant of a test, as its caller, its user and the cluster's administrator see it. Its id begins with `prefix`; it is
 * removed at the end of `t`. `wait`: whether to wait for the end of the operation.
 */
export function tenantOf(t: Test, cluster: TestCluster, { client }: Pick<ServiceWithClient, 'client'>, prefix: string) {
  const userId = newUserId(t, cluster, prefix)
  const key = randomBytes(16).toString('hex')
  const names = namesFor(userId)
  const { core } = cluster.admin
  const { namespace } = names
  const object = { name: names.fullname, namespace }
  const path = { id: userId }
  const params = (wait: boolean) => (wait ? { path, ...WAIT } : { path })

  /** Without those that have ended for good, whose objects stay for a moment. */
  const pods = async () => livePods((await core.listNamespacedPod({ namespace })).items)

  async function withDatabase<T>(work: (database: Database) => Promise<T>, withKey = key): Promise<T> {
    const database = await openDatabase(cluster.kubeconfig, userId, withKey)
    try {
      return await work(database)
    } finally {
      await database.close()
    }
  }

  return {
    userId,
    names,

    create: (ramSize: string, wait = true, options: { priorityClassName?: string } = {}) =>
      client.POST('/tenants', { params: wait ? WAIT : {}, body: { userId, ramSize, apiKey: key, options } }),
    get: () => client.GET('/tenants/{id}', { params: { path } }),
    operations: () => client.GET('/tenants/{id}/operations', { params: { path } }),
    async resize(ramSize: string, wait = true) {
      const { data, ...answer } = await client.PATCH('/tenants/{id}/ram', { params: params(wait), body: { ramSize } })
      return { ...answer, data: data as Tenant | undefined } // No dry run, so no plan.
    },
    delete: (wait = true) => client.DELETE('/tenants/{id}', { params: params(wait) }),
    undelete: (wait = true) => client.POST('/tenants/{id}/undelete', { params: params(wait) }),
    purge: () => client.DELETE('/tenants/{id}', { params: { ...params(true), query: { purge: true } } }),

    /** @throws ConnectError, with status 401 for a wrong key */
    withDatabase,
    /** Resolves when the database has acknowledged them; they are on disk after its next flush. */
    insert: (...documents: string[]) =>
      withDatabase((database) =>
        database.insert(documents.map((doc) => ({ col: COLLECTION, doc, ts: Date.now(), data: doc }))),
      ),
    /** The documents that the database holds, sorted. */
    documents: () => withDatabase(async (database) => Object.keys(await database.query({ col: COLLECTION })).sort()),
    /** Waits until all that was acknowledged is on disk. */
    async untilFlushed(): Promise<void> {
      // Only the stand-in can be asked; the real database promises it within one interval.
      if (!cluster.image.includes('stand-in')) return sleep(2 * FLUSH_SECONDS * 1000)
      await withDatabase((database) =>
        until('a flush', async () => (await database.standIn({ info: true })).unsavedRecords === 0),
      )
    },

    pods,
    /** Waits for the pod that is ready, and is not `other`. */
    readyPod: (other?: { metadata?: { uid?: string } }) =>
      until(`a ready pod of ${userId}`, async () =>
        (await pods()).find((pod) => isReady(pod) && pod.metadata?.uid !== other?.metadata?.uid),
      ),
    claim: () => core.readNamespacedPersistentVolumeClaim(object),
    service: () => core.readNamespacedService(object),
    secret: () => core.readNamespacedSecret({ name: names.secret, namespace }),
    /** Records that two databases had its volume at once. */
    overlaps: async () => (await overlaps(cluster)).filter((record) => record.startsWith(`${namespace}/`)),
  }
}

export type TestTenant = ReturnType<typeof tenantOf>
