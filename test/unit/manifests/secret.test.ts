import fc from 'fast-check'
import t from 'tap'
import { keyOf, renderSecret } from '../../../src/manifests/secret.ts'

const key = fc.stringMatching(/^[A-Za-z0-9._~-]{8,256}$/)

t.test('keeps every key as it is', async () => {
  fc.assert(fc.property(key, (one) => keyOf(renderSecret('user123', one, '{}')) === one))
})

t.test('holds the key in its data and nowhere else', async (t) => {
  const { data, ...rest } = renderSecret('user123', 'key-of-a-database', '{"id":"1"}')
  t.strictSame(data, { 'secret-key': btoa('key-of-a-database') })
  t.notMatch(JSON.stringify(rest), /key-of-a-database|stringData/)
})

t.test('has no key if the entry is not there', async (t) => {
  t.equal(keyOf({}), undefined)
  t.equal(keyOf({ data: { other: 'eA==' } }), undefined)
  t.equal(keyOf({ data: { 'secret-key': '' } }), '')
})
