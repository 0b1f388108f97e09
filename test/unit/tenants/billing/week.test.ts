/** A made-up week, recorded as commands and the reconciler record it; the figures were worked out by hand. */
import type { V1ConfigMap } from '@kubernetes/client-node'
import t from 'tap'
import { createLogger } from '../../../../src/logger.ts'
import { ALLOTMENTS_ENTRY } from '../../../../src/manifests/operations.ts'
import { allotmentsWith } from '../../../../src/tenants/billing/allotted.ts'
import { billFor } from '../../../../src/tenants/billing/bill.ts'
import { parseAllotments } from '../../../../src/tenants/record/allotment.ts'
import { withSteps } from '../../../../src/tenants/record/history.ts'
import type { OperationType } from '../../../../src/tenants/record/operation.ts'
import { OperationLog } from '../../../../src/tenants/record/operation-log.ts'
import type { Spec } from '../../../../src/tenants/record/spec.ts'
import { failed, succeeded, withAllotment, withOperation } from '../../../../src/tenants/record/transitions.ts'
import { FakeCluster } from '../../../helpers/fake-cluster.ts'
import { anOperation, aSpec, RUNNING } from '../../../helpers/observed.ts'

const GIB = 2n ** 30n
const HOUR = 3_600_000
/** Monday 2026-01-05 is day 1. */
const at = (day: number, hour = 0) => new Date(Date.UTC(2026, 0, 4 + day, hour)).toISOString()
const justAfter = (time: string) => new Date(Date.parse(time) + 1).toISOString()
const sized = (ram: number) => ({ ramSize: `${ram}Gi`, storageSize: `${2 * ram}Gi` })

function created(time: string): Spec {
  const operation = anOperation({ ...RUNNING, id: `create-${time}`, type: 'create', startedAt: time })
  const spec = aSpec({ operation, createdAt: time, updatedAt: time, previous: null })
  return withAllotment({ ...spec, desired: { ...spec.desired, ...sized(2) } })
}

/** The tenant after a change that ends an hour later. */
function changed(spec: Spec, type: OperationType, time: string, change: Parameters<typeof withOperation>[2]): Spec {
  return withOperation(spec, anOperation({ ...RUNNING, id: `${type}-${time}`, type, startedAt: time }), change)
}
const resized = (spec: Spec, ram: number, time: string) =>
  changed(spec, 'resize', time, { desired: { ...spec.desired, ...sized(ram) } })

const FAILURE = { reason: 'NodeBusy', message: 'no room', tenantUsable: true, retryable: true }

const WEEK: ((spec: Spec) => Spec)[] = [
  (spec) => succeeded(spec, at(1, 1)),
  (spec) => succeeded(resized(spec, 4, at(2)), at(2, 1)),
  // Refused after two hours: 4 GiB again, and the volume has grown meanwhile.
  (spec) => resized(spec, 8, at(3)),
  (spec) => failed(spec, FAILURE, 16n * GIB, at(3, 2)),
  (spec) => succeeded(changed(spec, 'suspend', at(4), { suspended: true }), at(4, 1)),
  (spec) => succeeded(changed(spec, 'resume', at(5), { suspended: false }), at(5, 1)),
  (spec) => succeeded(changed(spec, 'restart', at(5, 12), {}), at(5, 13)),
  (spec) => succeeded(changed(spec, 'delete', at(6), { deletedAt: at(6) }), at(6, 1)),
  (spec) => changed(spec, 'purge', at(7), { purgeRequestedAt: at(7) }),
]
/** RAM: days 1 at 2 GiB, 2 at 4, two hours at 8 and 22 at 4, day 5 at 4. */
const RAM_GIB_HOURS = 24 * 2 + 24 * 4 + 2 * 8 + 22 * 4 + 24 * 4
/** Storage: days 1 at 4 GiB, 2 at 8, and 16 from day 3 until the purge. */
const STORAGE_GIB_HOURS = 24 * 4 + 24 * 8 + 4 * 24 * 16
const RUNNING_HOURS = 4 * 24

const expected = {
  ramByteMs: BigInt(RAM_GIB_HOURS * HOUR) * GIB,
  storageByteMs: BigInt(STORAGE_GIB_HOURS * HOUR) * GIB,
  runningMs: RUNNING_HOURS * HOUR,
}
const everything = (spec: Spec, kept: Parameters<typeof billFor>[0]) =>
  billFor(allotmentsWith(kept, spec), Date.parse(at(1)) - HOUR, Date.parse(at(9)))

t.test('comes to what it was worked out to be, however often the service was restarted', async (t) => {
  for (let restartAfter = 0; restartAfter <= WEEK.length; restartAfter++) {
    const { apis } = new FakeCluster()
    let log = new OperationLog(apis, createLogger('silent'))
    let spec = created(at(1))
    for (const [index, step] of WEEK.entries()) {
      // A process that is killed has written nothing of its last operation; the record keeps it.
      const isKilled = index === restartAfter
      spec = step(spec)
      if (isKilled) log = new OperationLog(apis, createLogger('silent'))
      else log.put('user123', ...[...spec.ended, spec.operation].map((one) => withSteps(one)))
      await log.flush()
    }
    t.strictSame(everything(spec, await log.allotments('user123')), expected, `killed after ${restartAfter} steps`)
  }
})

t.test('comes to the same by the record alone, as long as that holds all operations', async (t) => {
  const spec = WEEK.reduce((spec, step) => step(spec), created(at(1)))
  t.strictSame(everything(spec, []), expected)
})

t.test('goes by what was recorded last, though clocks of replicas differ', async (t) => {
  const spec = resized(created(at(1)), 4, at(2))
  const suspended = changed(spec, 'suspend', at(1, 23), { suspended: true })
  t.strictSame(allotmentsWith([], suspended), [
    { from: at(1), ram: '2Gi', storage: '4Gi' },
    { from: at(2), ram: '4Gi', storage: '8Gi' },
    { from: justAfter(at(2)), ram: '0', storage: '8Gi' },
  ])
  const refused = failed({ ...spec, previous: created(at(1)).desired }, FAILURE, 8n * GIB, at(1, 22))
  t.strictSame(allotmentsWith([], refused).at(-1), { from: justAfter(at(2)), ram: '2Gi', storage: '8Gi' })
  t.strictSame(billFor(allotmentsWith([], suspended), Date.parse(at(2)), Date.parse(at(3))).runningMs, 1)
})

t.test('takes nothing twice, though some of it changed nothing and all came at one time', async (t) => {
  const restarted = changed(resized(created(at(1)), 4, at(2)), 'restart', at(2), {})
  const suspended = changed(restarted, 'suspend', at(2), { suspended: true })
  const once = allotmentsWith([], suspended)
  t.strictSame(
    once.map(({ ram }) => ram),
    ['2Gi', '4Gi', '0'],
  )
  t.strictSame(allotmentsWith(once, suspended), once)
})

t.test('is billed by the part of a span', async (t) => {
  const spec = WEEK.reduce((spec, step) => step(spec), created(at(1)))
  const bill = billFor(allotmentsWith([], spec), Date.parse(at(3, 1)), Date.parse(at(3, 3)))
  t.strictSame(bill, {
    ramByteMs: BigInt((8 + 4) * HOUR) * GIB,
    storageByteMs: BigInt(2 * 16 * HOUR) * GIB,
    runningMs: 2 * HOUR,
  })
})

t.test('of an earlier version counts from its last change on', async (t) => {
  const { allotted: _, ...operation } = anOperation({ startedAt: at(1) })
  const spec = { ...created(at(1)), updatedAt: at(2), operation }
  t.strictSame(allotmentsWith([], spec), [{ from: at(2), ram: '2Gi', storage: '4Gi' }])
  const next = resized(spec, 4, at(3))
  t.strictSame(allotmentsWith([], next), [
    { from: at(2), ram: '2Gi', storage: '4Gi' },
    { from: at(3), ram: '4Gi', storage: '8Gi' },
  ])
})

t.test('what a hand has left in its place is passed over', async (t) => {
  for (const text of ['{', '5', '[5, null, {"from": 1}]']) t.strictSame(parseAllotments(text), [], text)
  const one = { from: at(1), ram: '2Gi', storage: '4Gi' }
  const { data } = { data: { [ALLOTMENTS_ENTRY]: JSON.stringify([one, 'x']) } } as unknown as V1ConfigMap
  t.strictSame(parseAllotments(data?.[ALLOTMENTS_ENTRY]), [one])
})
