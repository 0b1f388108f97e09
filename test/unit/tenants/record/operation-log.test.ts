import type { V1ConfigMap } from '@kubernetes/client-node'
import t from 'tap'
import { createLogger } from '../../../../src/logger.ts'
import { namesFor } from '../../../../src/manifests/names.ts'
import { type OperationRecord, parseHistory, type Step, withSteps } from '../../../../src/tenants/record/history.ts'
import { OperationLog } from '../../../../src/tenants/record/operation-log.ts'
import { until } from '../../../helpers/api.ts'
import { FakeCluster } from '../../../helpers/fake-cluster.ts'
import { anOperation, RUNNING } from '../../../helpers/observed.ts'

function aLog() {
  const cluster = new FakeCluster()
  const calls: string[] = []
  cluster.fails = (verb, kind) => void calls.push(`${verb} ${kind}`)
  const log = new OperationLog(cluster.apis, createLogger('silent'))
  const { operations, namespace } = namesFor('user123')
  const stored = () => parseHistory(cluster.get('ConfigMap', operations, namespace) as V1ConfigMap | undefined).records
  return { cluster, calls, log, stored }
}

const step = (name: string, message: string | null = null): Step => {
  return { name, state: 'running', message, startedAt: '2026-01-01T00:00:00.000Z', finishedAt: null }
}
const running = (...steps: Step[]): OperationRecord => withSteps(anOperation({ ...RUNNING, id: 'one' }), steps)
const ended = (id = 'one'): OperationRecord => withSteps(anOperation({ id, state: 'succeeded' }))

t.test('an operation that ends soon is written once, and read by nobody before', async (t) => {
  const resized = { ...ended(), type: 'resize' as const }
  const { log, calls, stored } = aLog()
  log.put('user123', running(step('objects')))
  log.put('user123', running(step('objects'), step('ready')))
  log.put('user123', resized)
  await until('it is written', async () => stored().length === 1)
  t.same(calls, ['read ConfigMap', 'create ConfigMap'])
  t.equal(stored()[0]!.state, 'succeeded')
  t.ok(log.isRecorded('user123', 'one'))
  t.same(await log.recordsOf('user123', anOperation({ id: 'one', state: 'succeeded' })), [resized])
  t.equal(calls.length, 2, 'and it is known without a look')
  log.put('user123', ended('two'))
  await until('it is written', async () => stored().length === 2)
  t.same(calls.slice(2), ['replace ConfigMap'], 'what was written last is known')
})

t.test('of a tenant that is being created nothing is read, unless there is something all the same', async (t) => {
  const { cluster, log, calls, stored } = aLog()
  log.put('user123', ended())
  await until('it is written', async () => stored().length === 1)
  t.same(calls, ['create ConfigMap'])
  const other = new OperationLog(cluster.apis, createLogger('silent'))
  other.put('user123', ended('two'))
  await until('it is written', async () => stored().length === 2)
  t.same(calls.slice(1), ['create ConfigMap', 'read ConfigMap', 'replace ConfigMap'])
})

t.test('what a step waits for is known here, and written only with the next step', async (t) => {
  const { log, calls, stored } = aLog()
  log.put('user123', running(step('ready', 'no node')))
  await log.flush()
  t.equal(stored()[0]!.steps[0]!.message, 'no node')
  const before = calls.length
  log.put('user123', running(step('ready', 'no image')))
  await log.flush()
  t.equal(calls.length, before)
  const [shown] = await log.recordsOf('user123', anOperation({ ...RUNNING, id: 'one' }))
  t.equal(shown!.steps[0]!.message, 'no image')
})

t.test('what another process has written meanwhile is kept', async (t) => {
  const { cluster, log, stored } = aLog()
  const other = new OperationLog(cluster.apis, createLogger('silent'))
  log.put('user123', ended('one'))
  await log.flush()
  other.put('user123', ended('two'))
  await other.flush()
  log.put('user123', ended('three'))
  await log.flush()
  t.same(
    stored()
      .map(({ id }) => id)
      .sort(),
    ['one', 'three', 'two'],
  )
})

t.test('an operation of another process is looked up', async (t) => {
  const { cluster, log } = aLog()
  const other = new OperationLog(cluster.apis, createLogger('silent'))
  log.put('user123', running(step('objects')))
  other.put('user123', ended())
  await other.flush()
  const [found] = await log.recordsOf('user123', anOperation({ id: 'one', state: 'succeeded' }))
  t.equal(found!.state, 'succeeded')
  log.drop('user123')
  await log.flush()
})
