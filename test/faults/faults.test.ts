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
import { type CALL_FAULTS, startFaultyProxy, WATCH_FAULTS } from '../helpers/faulty-proxy.ts'
import { serveResizes } from '../helpers/resized-tenant.ts'
import { batchesOf, casesOf } from './cases.ts'
import { OPERATION_NAMES, type OperationName } from './operations.ts'
import { EVENTS, type Event, happen, withClock } from './parts.ts'
import { type Subject, subjectOf } from './subject.ts'
import { keep, type Row, tableOf } from './table.ts'

const HIT_SECONDS = 25
/** So long after its request an operation is at work. */
const BEGUN_MS = 700

let cluster = await testCluster()
const { key, entry } = newCredential({ name: 'test', scopes: ['admin'] })

t.test('whatever happens to a call, the end is the same', { skip: withoutResize(cluster) }, async (t) => {
  const proxy = await startFaultyProxy(cluster.serviceKubeconfig)
  t.teardown(() => proxy.close())
  const policy = join(t.testdir({ 'policy.json': JSON.stringify({ options: { write: ['*'] } }) }), 'policy.json')
  let service = await begin(t)
  const api = () => apiOf(service, key)
  async function begin(t: Test, event?: Event): Promise<Awaited<ReturnType<typeof serveResizes>> & { api: Api }> {
    const settings = { KUBECONFIG: proxy.kubeconfig, POLICY_FILE: policy, ...withClock(event), ...seeded() }
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
  // A run that ends early must not be told by the table of one before it.
  keep(rows)
  for (const batch of batchesOf(casesOf((name) => wanted.get(name)!.calls))) {
    await t.test(`${batch.length} faults, ${batch[0]!.fault} and so on`, async (t) => {
      const subjects = await Promise.all(batch.map(({ operation }) => subjectOf(t, cluster, api, operation)))
      await Promise.all(subjects.map((subject) => subject.prepare()))
      const { fault: first, point: isOfCalls } = batch[0]!
      const ofWatches = WATCH_FAULTS.find((fault) => `watch ${fault}` === first)
      const event = EVENTS.find((event) => event === first)
      if (Object.keys(withClock(event)).length > 0) {
        await service.stop()
        service = await begin(t, event)
      }
      proxy.harmWatches(ofWatches)
      const answers = subjects.map((subject, index) => {
        const { fault, point } = batch[index]!
        if (isOfCalls) proxy.arm(subject.namespace, fault as (typeof CALL_FAULTS)[number], point)
        return subject.request()
      })
      if (event) {
        await sleep(BEGUN_MS)
        cluster = await happen(cluster, service, event)
      } else await Promise.all(subjects.map((subject, index) => untilHit(subject, answers[index]!)))
      await service.stop('SIGKILL')
      proxy.harmWatches(undefined)
      service = await begin(t.parent as Test)
      await Promise.all(
        subjects.map(async (subject, index) => {
          const one = batch[index]!
          const hit = isOfCalls ? (proxy.seen(subject.namespace).hit ?? null) : 'all of them'
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

  async function untilHit(subject: Subject, answer: Promise<unknown>): Promise<void> {
    let isAnswered = false
    const noted = () => {
      isAnswered = true
    }
    answer.then(noted, noted)
    for (const end = Date.now() + HIT_SECONDS * 1000; Date.now() < end; await sleep(200)) {
      if (proxy.seen(subject.namespace).hit !== undefined || (isAnswered && (await subject.isOver()))) break
    }
  }
})

/** With the bug that `defects.test.ts` has asked for. */
function seeded(): Record<string, string> {
  const { SEED } = process.env
  return SEED ? { SEED, NODE_OPTIONS: `--import=${new URL('../helpers/seed.ts', import.meta.url).href}` } : {}
}

function differenceOf(found: object, wanted: object): string {
  const parts = Object.entries(found).filter(([name, value]) => !isDeepStrictEqual(value, wanted[name as keyof object]))
  return parts
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}, not ${JSON.stringify(wanted[name as keyof object])}`)
    .join('; ')
}
