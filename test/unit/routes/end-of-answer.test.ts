import { EventEmitter } from 'node:events'
import { mock } from 'node:test'
import t from 'tap'
import { problem } from '../../../src/errors.ts'
import { endOfAnswer } from '../../../src/routes/end-of-answer.ts'

t.beforeEach(() => mock.timers.enable({ apis: ['setInterval'] }))
t.afterEach(() => mock.timers.reset())

/** An answer that lasts, and whose credential is judged like this. */
function lasting(admitAgain: () => Promise<void>) {
  const raw = new EventEmitter()
  const stopping = new AbortController()
  const signal = endOfAnswer({ admitAgain } as never, { raw } as never, stopping.signal)
  const later = async () => {
    mock.timers.tick(15_000)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { raw, stopping, signal, later }
}

t.test('goes on with a credential that is good', async (t) => {
  const { signal, later } = lasting(async () => {})
  for (let n = 0; n < 10; n++) await later()
  t.notOk(signal.aborted)
})

for (const code of ['unauthenticated', 'scope-missing', 'tenant-not-found'] as const) {
  t.test(`ends when the credential is ${code}`, async (t) => {
    let isRevoked = false
    const { signal, later } = lasting(async () => {
      if (isRevoked) throw problem(code)
    })
    await later()
    t.notOk(signal.aborted)
    isRevoked = true
    await later()
    t.ok(signal.aborted)
  })
}

t.test('goes on while nobody can tell whether the credential is good', async (t) => {
  for (const error of [problem('issuer-unavailable'), problem('overloaded'), new Error('no API server')]) {
    const { signal, later } = lasting(() => Promise.reject(error))
    await later()
    t.notOk(signal.aborted)
  }
})

t.test('has ended already where the caller left before', async (t) => {
  const judged: number[] = []
  const admitAgain = async () => void judged.push(1)
  const raw = Object.assign(new EventEmitter(), { closed: true })
  const signal = endOfAnswer({ admitAgain } as never, { raw } as never, new AbortController().signal)
  t.ok(signal.aborted)
  mock.timers.tick(60_000)
  t.same(judged, [], 'and its credential is not judged for ever')
})

t.test('ends when the caller has left, and when the service stops', async (t) => {
  const [left, stopped] = [lasting(async () => {}), lasting(async () => {})]
  left.raw.emit('close')
  stopped.stopping.abort()
  t.strictSame([left.signal.aborted, stopped.signal.aborted], [true, true])
})
