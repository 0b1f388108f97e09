import t from 'tap'
import type { Failure } from '../../../../src/tenants/record/operation.ts'
import { parseSpec, type Spec, tenantOf, UnreadableSpecError } from '../../../../src/tenants/record/spec.ts'
import { failed, succeeded, withOperation } from '../../../../src/tenants/record/transitions.ts'
import { CAPABILITIES } from '../../../fixtures/tenants.ts'
import { anOperation, aSpec } from '../../../helpers/observed.ts'

const GiB = 2n ** 30n
const LATER = '2026-02-01T00:00:00.000Z'
const FAILURE: Failure = { reason: 'Timeout', message: 'not done in time', tenantUsable: true, retryable: true }
const LARGER = { ...aSpec().desired, ramSize: '4Gi', storageSize: '8Gi' }

const newer = anOperation({ id: 'newer', type: 'resize', state: 'running', startedAt: LATER, finishedAt: null })
const running = anOperation({ id: 'current', type: 'resize', state: 'running', finishedAt: null })
/** A resize to 4Gi under way. */
const resizing = aSpec({ generation: 2, desired: LARGER, operation: running })

t.test('raises the generation with each operation, and changes only what the operation is about', async (t) => {
  const before = aSpec({ generation: 3 })
  const after = withOperation(before, newer, { desired: LARGER })
  t.strictSame(after, {
    ...before,
    generation: 4,
    workloadGeneration: 4,
    updatedAt: LATER,
    desired: LARGER,
    operation: {
      ...newer,
      // The operation before says nothing of what it gave.
      allotted: [
        { from: before.updatedAt, ram: '2Gi', storage: '4Gi' },
        { from: LATER, ram: LARGER.ramSize, storage: LARGER.storageSize },
      ],
    },
    ended: [before.operation],
  })
})

t.test('supersedes a running operation at the moment that the newer one starts', async (t) => {
  const { ended, operation } = withOperation(resizing, newer, {})
  t.strictSame(ended, [{ ...running, state: 'superseded', finishedAt: LATER }])
  t.equal(operation.id, 'newer')
})

t.test('keeps how an ended operation ended', async (t) => {
  for (const state of ['succeeded', 'failed'] as const) {
    const ended = anOperation({ id: 'current', state, finishedAt: LATER })
    t.strictSame(withOperation(aSpec({ operation: ended }), newer, {}).ended, [ended])
  }
})

t.test('keeps every ended operation until the history has it, each once', async (t) => {
  const first = anOperation({ id: 'first' })
  const spec = aSpec({ ended: [first, { ...running, state: 'failed' }], operation: running })
  const { ended } = withOperation(spec, newer, {})
  t.same(
    ended.map(({ id, state }) => [id, state]),
    [
      ['first', 'succeeded'],
      ['current', 'superseded'],
    ],
  )
})

t.test('lets the oldest ended operations go before the record outgrows its annotation', async (t) => {
  let spec = aSpec()
  for (let number = 0; number < 1000; number++) spec = withOperation(spec, { ...newer, id: `${number}` }, {})
  t.ok(JSON.stringify(spec).length < 128 * 1024)
  t.equal(spec.ended.at(-1)?.id, '998', 'the newest stay')
  t.equal(spec.generation, 1001)
})

t.test('remembers what is desired once an operation has succeeded, under the same generation', async (t) => {
  const after = succeeded(resizing, LATER)
  t.strictSame(after, {
    ...resizing,
    previous: LARGER,
    operation: { ...running, state: 'succeeded', finishedAt: LATER },
  })
})

t.test('remembers no size that was given up before it worked', async (t) => {
  const deleting = withOperation(resizing, { ...newer, type: 'delete' }, { deletedAt: LATER })
  t.strictSame(succeeded(deleting, LATER).previous, resizing.previous)
})

t.test('goes back to what last worked when a resize fails, with the storage as far as it has grown', async (t) => {
  const after = failed(resizing, FAILURE, 8n * GiB, LATER)
  t.strictSame(after.desired, { ...resizing.previous, storageSize: '8Gi' })
  t.equal(after.generation, 3)
  t.equal(after.updatedAt, LATER)
  const allotted = [
    { from: running.startedAt, ram: LARGER.ramSize, storage: LARGER.storageSize },
    { from: LATER, ram: resizing.previous!.ramSize, storage: '8Gi' },
  ]
  t.strictSame(after.operation, { ...running, state: 'failed', finishedAt: LATER, failure: FAILURE, allotted })
})

t.test('gives up no storage when a resize fails, even if there is no claim to be seen', async (t) => {
  for (const [claim, storageSize] of [
    [0n, '4Gi'],
    [GiB, '4Gi'],
    [5n * GiB, '5Gi'],
  ] as const) {
    t.equal(failed(resizing, FAILURE, claim, LATER).desired.storageSize, storageSize)
  }
})

t.test('keeps what a failed create shall become, and goes on with it', async (t) => {
  const creating = aSpec({ previous: null, operation: anOperation({ state: 'running', finishedAt: null }) })
  const after = failed(creating, FAILURE, 4n * GiB, LATER)
  t.strictSame(after.desired, creating.desired)
  t.equal(after.generation, creating.generation)
  t.match(after.operation, { state: 'failed', failure: FAILURE })
})

t.test('keeps what is desired when a resize fails and nothing has ever worked', async (t) => {
  const after = failed({ ...resizing, previous: null }, FAILURE, 8n * GiB, LATER)
  t.strictSame(after.desired, LARGER)
  t.equal(after.operation.state, 'failed')
})

t.test('does not bring a tenant back whose delete failed', async (t) => {
  const deleting = aSpec({ deletedAt: LATER, operation: { ...running, type: 'delete' } })
  const after = failed(deleting, FAILURE, 4n * GiB, LATER)
  t.equal(after.deletedAt, LATER)
  t.equal(after.generation, deleting.generation)
})

t.test('changes no record in place', async (t) => {
  const before = JSON.stringify(resizing)
  withOperation(resizing, newer, { desired: LARGER })
  succeeded(resizing, LATER)
  failed(resizing, FAILURE, 8n * GiB, LATER)
  t.equal(JSON.stringify(resizing), before)
})

t.test('runs the database of every tenant but of a deleted, suspended or purged one', async (t) => {
  t.equal(tenantOf(aSpec(), CAPABILITIES).running, true)
  t.equal(tenantOf(aSpec({ deletedAt: LATER }), CAPABILITIES).running, false)
  t.equal(tenantOf(aSpec({ purgeRequestedAt: LATER }), CAPABILITIES).running, false)
  t.equal(tenantOf(aSpec({ suspended: true }), CAPABILITIES).running, false)
})

t.test('changes sizes in place, but where the cluster cannot, or the operation goes by a restart', async (t) => {
  const byRestart = { ...running, resize: 'restart' } as const
  const resizeOf = (operation: Spec['operation'], resizePods = true) =>
    tenantOf(aSpec({ operation }), { resizePods }).resize
  t.equal(resizeOf(running), 'inPlace')
  t.equal(resizeOf(running, false), 'restart')
  t.equal(resizeOf(byRestart), 'restart')
  t.equal(resizeOf({ ...byRestart, state: 'failed' }), 'restart', 'the way back goes by a restart too')
  t.equal(resizeOf({ ...byRestart, state: 'succeeded' }), 'inPlace', 'it is over')
})

t.test('goes back in size alone when a resize of a suspended tenant fails, and stays suspended', async (t) => {
  const after = failed({ ...resizing, suspended: true }, FAILURE, 4n * GiB, LATER)
  t.match(after, { suspended: true, desired: { ramSize: '2Gi', storageSize: '4Gi' } })
})

t.test('keeps what is desired when a restart or a rotation fails: the next restart takes it', async (t) => {
  for (const type of ['restart', 'rotate-key', 'suspend', 'resume'] as const) {
    const before = { ...resizing, operation: { ...running, type } }
    const after = failed(before, FAILURE, 8n * GiB, LATER)
    t.strictSame(after.desired, before.desired)
    t.equal(after.generation, before.generation)
  }
})

t.test('reads a record of a time when no tenant could be suspended', async (t) => {
  const { suspended: _, ...earlier } = aSpec()
  t.equal(parseSpec(JSON.stringify(earlier)).suspended, false)
})

t.test('reads the record that it wrote', async (t) => {
  const withAll: Spec = {
    ...resizing,
    operation: { ...running, generatedKey: true, idempotency: { key: 'k', request: 'r' }, failure: FAILURE },
    ended: [anOperation()],
  }
  for (const spec of [aSpec(), aSpec({ previous: null }), withAll]) {
    t.strictSame(parseSpec(JSON.stringify(spec)), spec)
  }
})

t.test('refuses a record that is missing or damaged', async (t) => {
  const { generation: _, ...withoutGeneration } = aSpec()
  const { ramSize: __, ...withoutRam } = aSpec().desired
  const damaged: [string, string | undefined][] = [
    ['missing', undefined],
    ['empty', ''],
    ['cut off', JSON.stringify(aSpec()).slice(0, -1)],
    ['no object', '[]'],
    ['null', 'null'],
    ['a field missing', JSON.stringify(withoutGeneration)],
    ['a size missing', JSON.stringify({ ...aSpec(), desired: withoutRam })],
    ['a field of another type', JSON.stringify({ ...aSpec(), generation: '1' })],
    ['an operation without a type', JSON.stringify({ ...aSpec(), operation: { ...anOperation(), type: 1 } })],
  ]
  for (const [what, annotation] of damaged) t.throws(() => parseSpec(annotation), UnreadableSpecError, what)
})

t.test('reads a record with an operation of a newer version, and keeps its words', async (t) => {
  const newer = { ...anOperation(), type: 'backup', resize: 'live', finished: 'soon' }
  const record = { ...aSpec(), operation: newer, ended: [newer] }
  t.strictSame(parseSpec(JSON.stringify(record)) as unknown, record)
})

t.test('raises the fence of the Deployment with the changes that it has to follow, and with no other', async (t) => {
  const update = { ...newer, type: 'update' as const }
  const before = aSpec({ generation: 3 })
  const labelled = aSpec({ options: { labels: { team: 'blue' } } }).desired
  const fenceOf = (spec: Spec) => tenantOf(spec, CAPABILITIES).generation
  t.equal(fenceOf(before), 3)
  const after = withOperation(before, update, { desired: labelled })
  t.match([after.generation, fenceOf(after)], [4, 3])
  t.equal(fenceOf(withOperation(after, update, { desired: LARGER })), 5)
  t.equal(fenceOf(withOperation(after, { ...newer, type: 'restart' }, { desired: labelled })), 5)
  t.equal(fenceOf(failed(withOperation(after, update, { desired: LARGER }), FAILURE, 0n, LATER)), 6)
})

t.test('takes a restart back that came with another image, and no other', async (t) => {
  const restart = { ...newer, type: 'restart' as const }
  const before = aSpec()
  const { desired } = aSpec({ options: { image: { tag: 'no-such' } }, desired: { templateRevision: 2 } })
  const tried = failed(withOperation(before, restart, { desired }), FAILURE, 0n, LATER)
  t.match(tried, { generation: 3, operation: { state: 'failed' } })
  t.strictSame(tried.desired, { ...before.desired, templateRevision: 3 })
  const renewed = { ...before.desired, templateRevision: 2 }
  t.strictSame(failed(withOperation(before, restart, { desired: renewed }), FAILURE, 0n, LATER).desired, renewed)
})
