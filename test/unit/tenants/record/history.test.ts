import fc from 'fast-check'
import t from 'tap'
import { renderOperations } from '../../../../src/manifests/operations.ts'
import {
  atStep,
  endSteps,
  mergeHistory,
  type OperationRecord,
  parseHistory,
  pruneHistory,
  type Step,
  withSteps,
} from '../../../../src/tenants/record/history.ts'
import { anOperation } from '../../../helpers/observed.ts'

const NOW = Date.parse('2026-03-01T12:00:00.000Z')
const HOUR = 3600_000
const at = (hoursAgo: number) => new Date(NOW - hoursAgo * HOUR).toISOString()
const step = (name: string, state: Step['state'] = 'succeeded', message: string | null = null): Step => {
  return { name, state, message, startedAt: at(1), finishedAt: state === 'running' ? null : at(1) }
}
const record = (id: string, hoursAgo: number, changes: Partial<OperationRecord> = {}): OperationRecord => {
  return { ...withSteps(anOperation({ id, startedAt: at(hoursAgo) })), ...changes }
}
const ids = (records: readonly OperationRecord[]) => records.map(({ id }) => id)

const parsed = (content: unknown) => parseHistory(renderOperations('user123', JSON.stringify(content)))

t.test('reads the history that was written, and none from a ConfigMap that is missing or damaged', async (t) => {
  const records = [record('b', 1, { steps: [step('commit')] }), record('a', 2)]
  t.strictSame(parsed(records).records, records)
  for (const text of ['', '{}', '[', 'null']) {
    t.strictSame(parseHistory(renderOperations('user123', text)), { records: [], unreadable: [] }, text)
  }
  t.strictSame(parseHistory(undefined).records, [])
  t.strictSame(parseHistory({}).records, [])
})

t.test('reads each record by itself, and keeps what it cannot read', async (t) => {
  const [first, last] = [record('c', 1), record('a', 3)]
  const bad = { id: 'b', steps: 'none' }
  t.strictSame(parsed([first, bad, last, null]), { records: [first, last], unreadable: [bad, null] })
  t.equal(parsed(Array(50).fill(bad)).unreadable.length, 10)
})

t.test('reads operations of a newer version, whatever words it has for them', async (t) => {
  const newer = { ...record('a', 1), type: 'backup', state: 'cancelled', resize: 'live' }
  t.strictSame(parsed([newer]).records, [newer])
})

t.test('merges two histories to one, newest first, with each operation once', async (t) => {
  t.same(ids(mergeHistory([record('c', 1), record('a', 3)], [record('d', 0), record('b', 2), record('a', 3)])), [
    'd',
    'c',
    'b',
    'a',
  ])
})

t.test('takes an operation as it ended, whichever of the two lists knows that', async (t) => {
  const running = record('a', 1, { state: 'running', finishedAt: null })
  const ended = record('a', 1, { state: 'failed', finishedAt: at(0) })
  t.match(mergeHistory([running], [ended]), [{ state: 'failed', finishedAt: at(0) }])
  t.match(mergeHistory([ended], [running]), [{ state: 'failed', finishedAt: at(0) }])
})

t.test('takes the longer list of steps, and the newer of equal ones', async (t) => {
  const running = (...steps: OperationRecord['steps']) => record('a', 1, { state: 'running', finishedAt: null, steps })
  const short = running(step('commit'))
  const long = running(step('commit'), step('objects', 'running'))
  const later = running(step('commit'), step('objects'))
  t.same(mergeHistory([short], [long])[0]!.steps, long.steps)
  t.same(mergeHistory([long], [short])[0]!.steps, long.steps)
  t.same(mergeHistory([long], [later])[0]!.steps, later.steps)
})

t.test('ends the last step as the operation ended, though only its running was written', async (t) => {
  const running = record('a', 1, {
    state: 'running',
    finishedAt: null,
    steps: [step('commit'), step('pod', 'running')],
  })
  const failure = { reason: 'Deferred', message: 'no room', tenantUsable: true, retryable: true }
  const lastStep = (ended: Partial<OperationRecord>) =>
    mergeHistory([running], [record('a', 1, { finishedAt: at(0), ...ended })])[0]!.steps.at(-1)
  t.match(lastStep({ state: 'succeeded' }), { state: 'succeeded', finishedAt: at(0), message: null })
  t.match(lastStep({ state: 'failed', failure }), { state: 'failed', finishedAt: at(0), message: 'no room' })
  t.match(lastStep({ state: 'superseded' }), { state: 'failed', message: 'a newer change came' })
})

t.test('keeps all operations of 24 hours, however many', async (t) => {
  const records = Array.from({ length: 200 }, (_, index) => record(`${index}`, index * 0.1))
  t.equal(pruneHistory(records, NOW).length, 200)
})

t.test('keeps at least ten, however old', async (t) => {
  const old = Array.from({ length: 15 }, (_, index) => record(`${index}`, 100 + index))
  t.same(ids(pruneHistory(old, NOW)), ids(old.slice(0, 10)))
  const mixed = [record('new', 1), record('newer', 23.9), ...old]
  t.same(ids(pruneHistory(mixed, NOW)), ids(mixed.slice(0, 10)))
})

t.test('lets the oldest go if the rest would not fit into a ConfigMap', async (t) => {
  const large = Array.from({ length: 30 }, (_, index) => {
    return record(`${index}`, index * 0.1, { steps: [step('ready', 'running', 'x'.repeat(60_000))] })
  })
  const kept = pruneHistory(large, NOW)
  t.ok(JSON.stringify(kept).length <= 900_000)
  t.ok(kept.length >= 10)
  t.same(ids(kept), ids(large.slice(0, kept.length)))
})

t.test('keeps the newest operation, whatever its size', async (t) => {
  const huge = record('huge', 0, { steps: [step('ready', 'running', 'x'.repeat(1_000_000))] })
  t.same(ids(pruneHistory([huge, record('old', 1)], NOW)), ['huge'])
})

t.test('loses no operation in a merge, and none of the young ones in a pruning', async () => {
  const hours = fc.uniqueArray(fc.integer({ min: 0, max: 100 }), { maxLength: 30 })
  fc.assert(
    fc.property(hours, hours, (a, b) => {
      const of = (list: number[]) => list.map((hour) => record(`${hour}`, hour))
      const all = [...new Set([...a, ...b])].sort((x, y) => x - y)
      const merged = mergeHistory(of(a), of(b))
      const kept = pruneHistory(merged, NOW)
      const isAllThere = ids(merged).join() === all.join()
      return isAllThere && kept.length === Math.max(Math.min(10, all.length), all.filter((hour) => hour < 24).length)
    }),
  )
})

t.test('ends a step when the next one begins', async (t) => {
  const first = atStep([], 'objects', null, at(2))
  t.strictSame(first, [{ name: 'objects', state: 'running', message: null, startedAt: at(2), finishedAt: null }])
  t.strictSame(atStep(first, 'ready', 'waits', at(1)), [
    { name: 'objects', state: 'succeeded', message: null, startedAt: at(2), finishedAt: at(1) },
    { name: 'ready', state: 'running', message: 'waits', startedAt: at(1), finishedAt: null },
  ])
})

t.test('is the same list while nothing new is to be told of a step', async (t) => {
  const steps = atStep([], 'ready', 'waits', at(2))
  t.equal(atStep(steps, 'ready', 'waits', at(1)), steps)
  t.strictSame(atStep(steps, 'ready', 'waits for something else', at(1)), [
    { ...steps[0], message: 'waits for something else' },
  ])
})

t.test('ends the last step as the operation ended', async (t) => {
  const steps = atStep([], 'ready', 'waits', at(2))
  t.match(endSteps(steps, 'failed', 'not done in time', at(1)), [
    { state: 'failed', message: 'not done in time', finishedAt: at(1) },
  ])
  t.strictSame(endSteps([], 'succeeded', null, at(1)), [])
  const ended = endSteps(steps, 'succeeded', null, at(1))
  t.equal(endSteps(ended, 'failed', 'again', at(0)), ended, 'an ended step stays as it ended')
})
