import fc from 'fast-check'
import t from 'tap'
import { cursorOf, userIdOfCursor } from '../../../src/routes/pages.ts'
import { optionsOf, waitOf } from '../../../src/routes/request.ts'

t.test('waits as long as the caller prefers, a minute at most', async (t) => {
  const table: [prefer: string | undefined, seconds: number][] = [
    [undefined, 0],
    ['', 0],
    ['wait=0', 0],
    ['wait=1', 1],
    ['wait=60', 60],
    ['wait=61', 60],
    ['wait=99999', 60],
    ['respond-async, wait=10', 10],
    ['wait=10, respond-async', 10],
    ['wait=10; foo', 10],
    ['respond-async', 0],
    ['wait=', 0],
    ['wait=-5', 0],
    ['wait=1.5', 0],
    ['wait=soon', 0],
    ['nowait=10', 0],
  ]
  for (const [prefer, seconds] of table)
    t.equal(waitOf(prefer === undefined ? {} : { prefer }), seconds, prefer ?? 'none')
})

t.test('takes from the headers of a write only what they say', async (t) => {
  t.strictSame(optionsOf({}, ['x']), { force: false })
  t.match(optionsOf({ 'idempotency-key': 'k' }, ['x']), { idempotent: { key: 'k', request: ['x'] } })
  const forced = optionsOf({ 'idempotency-key': 'k' }, ['x'], true)
  t.match(forced, { force: true, idempotent: { key: 'k', request: [['x'], 'force'] } }, 'another request')
  t.match(optionsOf({ 'if-match': '"a-1"' }, ['x']), { ifMatch: ['"a-1"'] })
})

t.test('goes on in a list after the user id of the cursor', async () => {
  const userId = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/)
  fc.assert(fc.property(userId, (id) => userIdOfCursor(cursorOf(id)) === id))
})

t.test('takes no cursor that it has not given', async (t) => {
  for (const cursor of ['', 'x', 'user123', Buffer.from('../x').toString('base64url'), cursorOf('x'.repeat(41))]) {
    t.throws(() => userIdOfCursor(cursor), { name: 'Problem', code: 'invalid-request' }, cursor)
  }
})
