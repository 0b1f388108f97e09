import t from 'tap'
import { conditionsOf } from '../../../src/routes/preconditions.ts'

const HEADERS = [
  ['if-match', 'ifMatch'],
  ['if-none-match', 'ifNoneMatch'],
] as const

t.test('reads a list of tags, or anything at all', async (t) => {
  const table: [value: string, tags: string | string[]][] = [
    ['*', '*'],
    [' * ', '*'],
    ['"a-1"', ['"a-1"']],
    ['W/"a-1"', ['W/"a-1"']],
    ['"a", "b","c"', ['"a"', '"b"', '"c"']],
    ['"a" , W/"b"', ['"a"', 'W/"b"']],
    ['""', ['""']],
    ['"a,b", "c"', ['"a,b"', '"c"']],
    ['"*"', ['"*"']],
    [', "a",, ,"b",', ['"a"', '"b"']],
    ['"\xfc"', ['"\xfc"']],
  ]
  for (const [value, tags] of table) {
    for (const [header, name] of HEADERS) t.strictSame(conditionsOf({ [header]: value }), { [name]: tags }, value)
  }
  t.strictSame(conditionsOf({}), {})
})

t.test('refuses what is neither, by the name of the header', async (t) => {
  const malformed = [
    '',
    ',',
    'a-1',
    '"a',
    'a"',
    '"a" "b"',
    '*, "a"',
    '"a", *',
    '**',
    'w/"a"',
    'W/ "a"',
    'W/a',
    '"a b"',
    '"a"x',
  ]
  for (const value of malformed) {
    for (const [header] of HEADERS) {
      const expected = { name: 'Problem', code: 'invalid-request', errors: [{ pointer: header }] }
      t.throws(() => conditionsOf({ [header]: value }), expected, JSON.stringify(value))
    }
  }
})

t.test('takes no longer for a long header', async (t) => {
  const start = Date.now()
  for (const value of [`${','.repeat(15_000)}x`, `${' ,"a"'.repeat(3_000)} x`, `"a"${' '.repeat(15_000)}x`]) {
    t.throws(() => conditionsOf({ 'if-match': value }))
  }
  t.ok(Date.now() - start < 1000)
})
