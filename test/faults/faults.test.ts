/**
 * One fault at one call of one operation; then the service is killed and another one goes on. How the tenant ends is held against how
 * it ends without a fault: sizes, objects, restarts, data. `npm run test:faults` does all, `npm test` some of each.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import t, { type Test } from 'tap'
import { newCredential } from '../../src/credentials/credential.ts'
import { type Api, apiOf, until } from '../helpers/api.ts'
import { testCluster, withoutResize } from '../helpers/cluster.ts'
import { CALL_FAULTS, startFaultyProxy, WATCH_FAULTS } from '../helpers/faulty-proxy.ts'
import { serveResizes } from '../helpers/resized-tenant.ts'
import { WHOLE } from '../helpers/whole.ts'
import { OPERATION_NAMES, type OperationName } from './operations.ts'
import { type Subject, subjectOf } from './subject.ts'
import { keep, type Row, tableOf } from './table.ts'

/** Tenants at one time, whose service is killed for all of them together. */
const AT_ONCE = WHOLE ? 40 : 24
/** So many batches in `npm test`. */
const BATCHES = 1
const HIT_SECONDS = 25
/** Only these of all, as `FAULTS='resize in place: .* PATCH'`: operation, fault, the number of the call and the call. */
const ONLY = new RegExp(process.env.FAULTS ?? '')

const cluster = await testCluster()
const { key, entry } = newCredential({ name: 'test', scopes: ['admin'] })

type Case = { operation: OperationName; fault: Row['fault']; point: number }

t.test('whatever happens to a call, the end is the same', { skip: withoutResize(cluster) }, async (t) => {
  const proxy = await startFaultyProxy(cluster.serviceKubeconfig)
  t.teardown(() => proxy.close())
  const policy = join(t.testdir({ 'policy.json': JSON.stringify({ options: { write: ['*'] } }) }), 'policy.json')
  let service = await begin(t)
  const api = () => apiOf(service, key)
  async function begin(t: Test): Promise<Awaited<ReturnType<typeof serveResizes>> & { api: Api }> {
    const settings = { KUBECONFIG: proxy.kubeconfig, POLICY_FILE: policy }
    const begun = await serveResizes(t, cluster, settings, { credentials: [entry] })
    await until('it knows the cluster', async () => (await begun.api('GET', '/readyz')).status === 200)
    return begun
  }

  const wanted = new Map<OperationName, { end: object; calls: readonly string[] }>()
  await t.test('without a fault', async (t) => {
    await Promise.all(
      OPERATION_NAMES.map(async (name) => {
        const subject = await subjectOf(t, cluster, api, name)
        await subject.prepare()
        proxy.arm(subject.namespace, '500', Number.POSITIVE_INFINITY)
        const answer = await subject.request()
        await subject.over()
        const { calls } = proxy.seen(subject.namespace)
        proxy.disarm(subject.namespace)
        const end = await subject.end(answer)
        wanted.set(name, { end, calls })
        t.pass(`${name}: ${calls.length} calls, ${JSON.stringify(end)}`)
      }),
    )
  })

  const rows: Row[] = []
  for (const batch of batchesOf(casesOf(wanted))) {
    await t.test(`${batch.length} faults, ${batch[0]!.fault} and so on`, async (t) => {
      const subjects = await Promise.all(batch.map(({ operation }) => subjectOf(t, cluster, api, operation)))
      await Promise.all(subjects.map((subject) => subject.prepare()))
      const ofWatches = WATCH_FAULTS.find((fault) => `watch ${fault}` === batch[0]!.fault)
      proxy.harmWatches(ofWatches)
      const answers = subjects.map((subject, index) => {
        const { fault, point } = batch[index]!
        if (ofWatches === undefined) proxy.arm(subject.namespace, fault as (typeof CALL_FAULTS)[number], point)
        return subject.request()
      })
      await Promise.all(subjects.map((subject, index) => untilHit(subject, answers[index]!, ofWatches !== undefined)))
      await service.stop('SIGKILL')
      proxy.harmWatches(undefined)
      service = await begin(t.parent as Test)
      await Promise.all(
        subjects.map(async (subject, index) => {
          const one = batch[index]!
          const hit = ofWatches === undefined ? (proxy.seen(subject.namespace).hit ?? null) : 'all watches'
          const { end } = wanted.get(one.operation)!
          const differs = await answers[index]!.then((answer) => subject.end(answer))
            .then((found) => (isDeepStrictEqual(found, end) ? null : differenceOf(found, end)))
            .catch((error: Error) => error.message)
          rows.push({ ...one, hit, differs })
          const what = `${one.operation}: ${one.fault} at call ${one.point}, ${hit ?? 'which it did not come to'}`
          t.equal(differs, null, what)
        }),
      )
    })
    keep(rows)
  }
  t.ok(rows.filter(({ hit }) => hit !== null).length > rows.length * 0.8, 'most of them came to pass')
  for (const line of tableOf(rows).split('\n')) t.comment(line)

  async function untilHit(subject: Subject, answer: Promise<unknown>, ofWatches: boolean): Promise<void> {
    let isAnswered = false
    const noted = () => {
      isAnswered = true
    }
    answer.then(noted, noted)
    for (const end = Date.now() + HIT_SECONDS * 1000; Date.now() < end; await sleep(200)) {
      if (proxy.seen(subject.namespace).hit !== undefined || (isAnswered && (await subject.isOver()))) break
    }
    if (ofWatches) await sleep(3000)
  }
})

/** Every call of every operation with every fault; or in turn some of them, of each operation and fault. */
function casesOf(wanted: ReadonlyMap<OperationName, { calls: readonly string[] }>): Case[] {
  const ofCalls = OPERATION_NAMES.flatMap((operation) =>
    wanted
      .get(operation)!
      .calls.flatMap((call, index) => CALL_FAULTS.map((fault) => ({ operation, fault, point: index + 1, call }))),
  )
  const ofWatches = WATCH_FAULTS.flatMap((fault) =>
    OPERATION_NAMES.map((operation) => ({ operation, fault: `watch ${fault}`, point: 0, call: '' })),
  )
  if (WHOLE) {
    const all = [...ofCalls, ...ofWatches]
    return all.filter(({ operation, fault, point, call }) => ONLY.test(`${operation}: ${fault} at ${point} ${call}`))
  }
  return Array.from({ length: AT_ONCE * BATCHES }, (_, index) => {
    const operation = OPERATION_NAMES[index % OPERATION_NAMES.length]!
    const point = ((index * 5) % wanted.get(operation)!.calls.length) + 1
    return { operation, fault: CALL_FAULTS[index % CALL_FAULTS.length]!, point }
  })
}

/** A fault of watches is that of all tenants of its batch. */
function batchesOf(cases: readonly Case[]): Case[][] {
  const batches: Case[][] = []
  for (const one of cases) {
    const last = batches.at(-1)
    const kindOf = ({ fault }: Case) => (fault.startsWith('watch') ? fault : 'call')
    if (last && last.length < AT_ONCE && kindOf(last[0]!) === kindOf(one)) last.push(one)
    else batches.push([one])
  }
  return batches
}

function differenceOf(found: object, wanted: object): string {
  const parts = Object.entries(found).filter(([name, value]) => !isDeepStrictEqual(value, wanted[name as keyof object]))
  return parts
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}, not ${JSON.stringify(wanted[name as keyof object])}`)
    .join('; ')
}
