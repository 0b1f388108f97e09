import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { DATABASE_PORT, namesFor } from '../../src/manifests/names.ts'
import { UnreadableSpecError } from '../../src/tenants/record/spec.ts'
import { connect } from '../../tools/stand-in/client.ts'
import { type Answer, type Api, until } from '../helpers/api.ts'
import type { TestCluster } from '../helpers/cluster.ts'
import { originalOf } from '../helpers/original-chart.ts'
import { type DatabaseRun, tenantAt } from '../helpers/resized-tenant.ts'
import { newUserId, recordOf, whatIsIncomplete } from '../helpers/tenant-objects.ts'
import { NEXT_KEY, OPERATIONS, type OperationName, type Step } from './operations.ts'

const DOCS = 20
const SECONDS = 150
const VERB: Record<Exclude<Step, 'create' | 'install'>, readonly [method: string, at: string]> = {
  suspend: ['POST', '/suspend'],
  resume: ['POST', '/resume'],
  delete: ['DELETE', ''],
  undelete: ['POST', '/undelete'],
}

export type Subject = Awaited<ReturnType<typeof subjectOf>>

/**
 * A tenant that goes through one operation.
 * @param api that of the service that runs now: it is another one after a restart
 */
export async function subjectOf(t: Test, cluster: TestCluster, api: () => Api, name: OperationName) {
  const operation = OPERATIONS[name]
  const original = (operation.before as readonly Step[]).includes('install')
    ? originalOf(t, cluster, 'fault')
    : undefined
  const userId = original?.userId ?? newUserId(t, cluster, 'fault')
  const { namespace } = namesFor(userId)
  const path = `/tenants/${userId}`
  const key = original?.key ?? userId.padEnd(20, '.')
  const send: Api = (...request) => api()(...request)
  const tenant = tenantAt(cluster, send, userId)
  const purges = name === 'purge'
  let before: DatabaseRun[] = []

  /** As a caller does: the same request again until it is answered. */
  async function insist(method: string, at: string, body?: object): Promise<Answer> {
    const headers = { 'idempotency-key': `${userId} ${method} ${at}` }
    for (const end = Date.now() + SECONDS * 1000; ; await sleep(500)) {
      const answer = await send(method, at, body, headers).catch(() => undefined)
      const isToRepeat = answer && (answer.status >= 500 || answer.status === 429 || answer.body?.retryable === true)
      if (answer && !isToRepeat) return answer
      if (Date.now() > end) throw new Error(`${method} ${at} is never answered: ${JSON.stringify(answer?.body)}`)
    }
  }

  async function step(what: Step): Promise<void> {
    if (what === 'install') {
      await original!.install({ 'readinessProbe.initialDelaySeconds': '0' })
      await original!.give()
    } else if (what === 'create') await insist('POST', '/tenants', { userId, ramSize: '128Mi', apiKey: key })
    else await insist(VERB[what][0], path + VERB[what][1])
    if (what !== 'install') await over()
    if (what === 'create' || what === 'install') await insert()
  }

  const isOver = async () => {
    const record = await recordOf(cluster, userId).catch((error) => {
      // There is no namespace any more, or no record yet.
      if (error.code === 404 || error instanceof UnreadableSpecError) return undefined
      throw error
    })
    return record === undefined ? purges : record.operation.state !== 'running'
  }
  const over = () => until(`${name} of ${userId} is over`, isOver, SECONDS)

  async function inDatabase<T>(apiKey: string, work: (database: Awaited<ReturnType<typeof connect>>) => Promise<T>) {
    const { status } = await tenant.pod()
    const database = await connect({ url: `ws://${status!.podIP}:${DATABASE_PORT}`, key: apiKey })
    try {
      return await work(database)
    } finally {
      await database.close()
    }
  }
  const doc = (number: number) => ({ col: 'kept', doc: `${number}`, ts: number + 1, data: `${number * 7}` })
  const insert = () => inDatabase(key, (database) => database.insert(Array.from({ length: DOCS }, (_, n) => doc(n))))
  const read = async () => {
    const found = await inDatabase(name === 'rotate key' ? NEXT_KEY : key, (database) =>
      database.query({ col: 'kept' }),
    )
    return JSON.stringify(found)
  }

  return {
    name,
    namespace,
    isOver,
    over,
    async prepare(): Promise<void> {
      for (const what of operation.before) await step(what)
      before = await tenant.runs()
    },
    request: () => insist(...(operation.request(path, key) as [string, string, object?])),
    /** All that can be told of how it ended, but for what is another one each time: ids, times, addresses. */
    async end(answer: Answer): Promise<object> {
      await over()
      const code = answer.status < 300 ? 'taken' : answer.body.code
      if (purges) return { code, tenant: (await until('it is gone', gone, SECONDS)) && 'gone' }
      const wrong = () => whatIsIncomplete(cluster, userId)
      const { state, operation: last, desired, actual } = await settled()
      const runs = await tenant.runs()
      const told = {
        code,
        state,
        operation: { type: last.type, state: last.state, reason: last.failure?.reason ?? null },
        operations: (await tenant.operations()).length,
        desired,
        actual,
        isSameRun: before.length > 0 && JSON.stringify(runs) === JSON.stringify(before),
        restarts: runs.map(({ restartCount }) => restartCount),
        wrong: await wrong(),
      }
      for (const what of operation.after) await step(what)
      return { ...told, documents: name === 'create' ? null : await read() }
    },
  }

  async function gone(): Promise<boolean> {
    return (await send('GET', path)).status === 404
  }

  /** Until nothing more comes of it. */
  async function settled() {
    let last = ''
    return until(
      `${userId} settles`,
      async () => {
        const { status, body } = await send('GET', path)
        if (status !== 200) return undefined
        const now = JSON.stringify([
          body.state,
          body.operation.state,
          body.actual,
          await whatIsIncomplete(cluster, userId),
        ])
        const isSettled = now === last && !/ing$/.test(body.state)
        last = now
        await sleep(500)
        return isSettled && body
      },
      SECONDS,
    )
  }
}
