import fc from 'fast-check'
import t from 'tap'
import { hostConflict } from '../../../src/policy/host-patterns.ts'
import { matches } from '../../../src/policy/policy.ts'

const ACCEPTED: readonly (readonly string[])[] = [
  ['{id}.db.example.com'],
  ['{id}.db.example.com', '*.{id}.db.example.com', '{id}.eu.example.com'],
  ['db-{id}.example.com', '{id}-db.example.org'],
  ['{id}-rw.db.example.com', '{id}-ro.db.example.com'],
  ['*.{id}.eu.example.com', '*.{id}.us.example.com', '{id}.example.com'],
  ['{id}.*', '{id}.db.example.com'],
  ['{id}-*.{id}.example.com'],
  [],
]
const REFUSED: readonly (readonly [index: number, patterns: readonly string[], rule: RegExp])[] = [
  [0, ['{id}-*.db.example.com'], /\{id\} must be in a label without "\*"/],
  [0, ['*{id}.example.com'], /same host/],
  [0, ['*.{id}.*'], /same host/],
  [1, ['{id}.example.com', 'x-{id}.example.com'], /another has by "\{id\}\.example\.com"/],
  [1, ['{id}.db.example.com', '{id}-admin.db.example.com'], /another has by/],
  [1, ['*.{id}.example.com', '{id}.db.example.com'], /another has by/],
  [1, ['*.{id}.example.com', '*.{id}.db.example.com'], /another has by/],
  [0, ['{id}.Example.com'], /lower-case/],
  [0, ['{id}.example.com.'], /lower-case/],
]

t.test('accepts patterns that tell of every host whose it is', async (t) => {
  for (const patterns of ACCEPTED) t.equal(hostConflict(patterns), undefined, patterns.join(' '))
})

t.test('names the pattern by which two tenants could have one host, and the rule', async (t) => {
  for (const [index, patterns, message] of REFUSED)
    t.match(hostConflict(patterns), { index, message }, patterns.join(' '))
})

const word = fc.constantFrom('a', 'b', 'x', 'a-b', 'x-a', 'db')
const id = fc.oneof(word, fc.stringMatching(/^[ab]([-ab]{0,4}[ab])?$/))
const label = fc
  .array(fc.constantFrom('{id}', '*', 'a', 'b', 'x-', '-a', 'db', '-'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''))
const pattern = fc.oneof(
  fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.')),
  fc.constantFrom('{id}.a.b', '*.{id}.a.b', 'x-{id}.a.b', '{id}-a.a.b', '{id}.*', '*.{id}', '{id}.db.a.b'),
)
const text = fc.array(fc.constantFrom('a', 'b', 'x', '-', '.', 'db'), { maxLength: 5 }).map((parts) => parts.join(''))

t.test('never lets two tenants have one host by patterns that it accepts', async (t) => {
  let accepted = 0
  const property = fc.property(
    fc.array(
      pattern.filter((one) => one.includes('{id}')),
      { minLength: 1, maxLength: 3 },
    ),
    fc.nat(2),
    id,
    id,
    fc.array(text, { minLength: 4, maxLength: 4 }),
    (patterns, of, owner, other, texts) => {
      if (owner === other || hostConflict(patterns) !== undefined) return true
      accepted++
      const allowedTo = (tenant: string) => patterns.map((one) => one.replaceAll('{id}', tenant))
      const [first, ...rest] = allowedTo(owner)[of % patterns.length]!.split('*')
      const host = first + rest.map((part, index) => texts[index % texts.length] + part).join('')
      return matches(allowedTo(owner), host) && !matches(allowedTo(other), host)
    },
  )
  fc.assert(property, { numRuns: 20_000 })
  t.ok(accepted > 1000, `${accepted} were accepted`)
})
