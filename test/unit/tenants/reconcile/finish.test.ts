import t from 'tap'
import type { Decision } from '../../../../src/tenants/decide/decide.ts'
import { finish } from '../../../../src/tenants/reconcile/finish.ts'
import { Progress } from '../../../../src/tenants/reconcile/progress.ts'
import type { OperationRecord } from '../../../../src/tenants/record/history.ts'
import type { Failure, Operation } from '../../../../src/tenants/record/operation.ts'
import type { OperationLog } from '../../../../src/tenants/record/operation-log.ts'
import type { Recorded, TenantRepository } from '../../../../src/tenants/record/repository.ts'
import type { Spec } from '../../../../src/tenants/record/spec.ts'
import { anOperation, aSpec, liveClaim, liveNamespace, observed } from '../../../helpers/observed.ts'

const FAILURE: Failure = { reason: 'Timeout', message: 'not done in time', tenantUsable: true, retryable: true }
const waiting: Decision = { step: 'ready', next: 'wait', reason: 'Loading', message: 'the database loads its data' }
const running = anOperation({ id: 'current', type: 'resize', state: 'running', finishedAt: null })
const resizing = aSpec({ generation: 2, desired: { ramSize: '4Gi', storageSize: '8Gi' }, operation: running })

/** Stand in for the record of one tenant and for its history. */
function fakes(live: Spec, recorded: string[] = []) {
  const records: OperationRecord[] = []
  const finished: Operation[] = []
  const state = { spec: live }
  const repository = {
    change: async (_: string, change: (recorded: Recorded) => Spec) => {
      state.spec = change({ spec: state.spec, namespace: liveNamespace(state.spec) })
      return { spec: state.spec, namespace: liveNamespace(state.spec) }
    },
  } as unknown as TenantRepository
  const operations = {
    put: (_: string, ...some: OperationRecord[]) => records.push(...some),
    isRecorded: (_: string, id: string) => recorded.includes(id),
  } as unknown as OperationLog
  const onFinished = (operation: Operation) => finished.push(operation)
  return { deps: { repository, operations, onFinished }, records, finished, state, progress: new Progress(operations) }
}

t.test('records a success with the steps that led to it', async (t) => {
  const { deps, records, finished, state, progress } = fakes(resizing)
  progress.track(resizing, observed(resizing), { step: 'volume', next: 'act', acts: [] })
  progress.track(resizing, observed(resizing), waiting)
  await finish(deps, progress, resizing, observed(resizing))
  t.match(state.spec, { previous: resizing.desired, operation: { id: 'current', state: 'succeeded' } })
  t.match(records.at(-1), {
    id: 'current',
    state: 'succeeded',
    steps: [
      { name: 'volume', state: 'succeeded' },
      { name: 'ready', state: 'succeeded' },
    ],
  })
  t.match(finished, [{ id: 'current', state: 'succeeded' }])
})

t.test('records a failure at the step that it came to, and goes back', async (t) => {
  const { deps, records, state, progress } = fakes(resizing)
  progress.track(resizing, observed(resizing), waiting)
  await finish(deps, progress, resizing, observed(resizing), FAILURE)
  t.match(state.spec, { generation: 3, desired: { ramSize: '2Gi', storageSize: '8Gi' } })
  t.match(records.at(-1), { state: 'failed', steps: [{ name: 'ready', state: 'failed', message: 'not done in time' }] })
})

t.test(
  'goes back to no less storage than the volume has grown to, or than there was, if there is no claim',
  async (t) => {
    for (const [claim, storageSize] of [
      [liveClaim(resizing, { capacity: '6Gi' }), '6Gi'],
      [liveClaim(resizing, { capacity: '4Gi' }), '4Gi'],
      [undefined, '4Gi'],
    ] as const) {
      const { deps, state, progress } = fakes(resizing)
      await finish(deps, progress, resizing, observed(resizing, { claim }), FAILURE)
      t.equal(state.spec.desired.storageSize, storageSize)
    }
  },
)

t.test('leaves a newer record as it is, and tells nobody of an end', async (t) => {
  const newer = anOperation({ id: 'newer', type: 'delete', state: 'running' })
  const lives: Spec[] = [
    { ...resizing, generation: 3, operation: newer },
    { ...resizing, operation: newer },
    { ...resizing, generation: 3 },
    { ...resizing, operation: { ...running, state: 'failed' } },
  ]
  for (const live of lives) {
    const { deps, state, progress } = fakes(live)
    await finish(deps, progress, resizing, observed(resizing))
    t.equal(state.spec, live)
  }
  const { deps, finished, progress } = fakes(lives[0]!)
  await finish(deps, progress, resizing, observed(resizing))
  t.same(finished, [])
})

t.test('keeps in the record only those ended operations that are not in the history yet', async (t) => {
  const spec = { ...resizing, ended: [anOperation({ id: 'in history' }), anOperation({ id: 'not yet' })] }
  const { deps, state, progress } = fakes(spec, ['in history'])
  await finish(deps, progress, spec, observed(spec))
  t.same(
    state.spec.ended.map(({ id }) => id),
    ['not yet'],
  )
})

t.test('hands every ended operation of the record to the history', async (t) => {
  const { records, progress } = fakes(resizing)
  progress.track({ ...resizing, ended: [anOperation({ id: 'ended' })] }, observed(resizing), {
    step: 'ready',
    next: 'done',
  })
  t.match(records, [{ id: 'ended', steps: [] }])
})
