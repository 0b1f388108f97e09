import fc from 'fast-check'
import t from 'tap'
import {
  bytesOf,
  formatBytes,
  formatMillicores,
  millicoresOf,
  parseBytes,
  parseQuantity,
} from '../../../src/sizing/quantity.ts'

const KiB = 2n ** 10n
const MiB = 2n ** 20n
const GiB = 2n ** 30n
const TiB = 2n ** 40n

const SIZES: [text: string, bytes: bigint][] = [
  ['1', 1n],
  ['1000000000', 10n ** 9n],
  ['1Ki', KiB],
  ['512Mi', 512n * MiB],
  ['2Gi', 2n * GiB],
  ['3Ti', 3n * TiB],
  ['1k', 1000n],
  ['1M', 10n ** 6n],
  ['1G', 10n ** 9n],
  ['1T', 10n ** 12n],
  ['1.5Gi', 1536n * MiB],
  ['0.5Ki', 512n],
  ['1.000Gi', GiB],
  ['007Mi', 7n * MiB],
  ['0.001k', 1n],
  ['12345678901234567890123456789012', 12345678901234567890123456789012n],
]

t.test('reads sizes exactly, in every unit', async (t) => {
  for (const [text, bytes] of SIZES) t.equal(parseBytes(text), bytes, text)
})

t.test('refuses what is no size', async (t) => {
  const texts = ['', ' ', 'Gi', '-1Gi', '+1Gi', '2 Gi', ' 2Gi', '2Gi ', '2Gi\n', '512m', '1e3', '1e400', '0x10', '1Pi']
  for (const text of [...texts, '2gi', '2GI', '1.Gi', '.5Gi', '1.5.5Gi', '1,5Gi', '٢Gi', 'NaN', 'Infinity']) {
    t.throws(() => parseBytes(text), { name: 'QuantityError', message: /must be a number with an optional unit/ }, text)
  }
})

t.test('refuses a size that is zero or no whole number of bytes', async (t) => {
  for (const text of ['0', '0Gi', '0.0Gi', '000']) {
    t.throws(() => parseBytes(text), { name: 'QuantityError', message: 'must be more than zero' }, text)
  }
  for (const text of ['0.3', '1.5', '0.0001k', '0.1Ki']) {
    t.throws(() => parseBytes(text), { name: 'QuantityError', message: 'must come to a whole number of bytes' }, text)
  }
})

t.test('refuses a text that is too long to be a size, before it reads it', async (t) => {
  t.throws(() => parseBytes('1'.repeat(33)), { name: 'QuantityError' })
  t.throws(() => parseBytes('9'.repeat(10_000_000)), { name: 'QuantityError' })
})

t.test('writes the largest binary unit that is exact, else bytes', async (t) => {
  const written: [bigint, string][] = [
    [1n, '1'],
    [1023n, '1023'],
    [KiB, '1Ki'],
    [1536n * MiB, '1536Mi'],
    [2n * GiB, '2Gi'],
    [TiB, '1Ti'],
    [1024n * TiB, '1024Ti'],
    [GiB + 1n, '1073741825'],
    [10n ** 9n, '1000000000'],
    [0n, '0'],
  ]
  for (const [bytes, text] of written) t.equal(formatBytes(bytes), text)
  t.equal(formatMillicores(1000), '1000m')
})

const bytes = fc.oneof(
  fc.bigInt({ min: 1n, max: 2n ** 60n }),
  fc
    .tuple(fc.bigInt({ min: 1n, max: 4096n }), fc.constantFrom(1n, KiB, MiB, GiB, TiB))
    .map(([count, unit]) => count * unit),
)

t.test('reads back every size that it writes', async () => {
  fc.assert(fc.property(bytes, (size) => parseBytes(formatBytes(size)) === size))
})

t.test('writes equal sizes in one way, however they were written before', async () => {
  const spellings = fc.tuple(bytes, fc.constantFrom('', '.0', '.000'), fc.constantFrom('', '0', '00'))
  fc.assert(
    fc.property(spellings, ([size, zeros, leading]) => {
      return formatBytes(parseBytes(`${leading}${size}${zeros}`)) === formatBytes(size)
    }),
  )
})

t.test('writes no unit where a larger one would be exact', async () => {
  const larger: Record<string, bigint> = { '': KiB, Ki: KiB, Mi: KiB, Gi: KiB }
  fc.assert(
    fc.property(bytes, (size) => {
      const [, count, unit] = /^(\d+)(.*)$/.exec(formatBytes(size))!
      return unit === 'Ti' || BigInt(count!) % larger[unit!]! !== 0n
    }),
  )
})

t.test('takes every spelling of a quantity that an API server may print as the same value', async (t) => {
  const equal: string[][] = [
    ['1', '1000m', '1000000u', '1000000000n', '1.0', '1e0', '1E0', '+1', '0.001k', '01', '1.', '10e-1'],
    ['0.5', '500m', '.5', '5e-1', '500000u'],
    ['0', '0m', '0Gi', '-0', '0e5'],
    ['2Gi', '2048Mi', '2147483648', '2097152Ki', '2147483648000m'],
    ['1k', '1000', '1e3', '1E3', '1E+03'],
    ['1E', '1e18', '1000P'],
    ['1Ei', '1024Pi', '1048576Ti'],
    ['-1500m', '-1.5'],
    ['1M', '1e6', '1000k'],
    ['1T', '1000G'],
  ]
  for (const [first, ...others] of equal) {
    for (const other of others) t.equal(parseQuantity(other), parseQuantity(first!), `${other} is ${first}`)
  }
  t.same(new Set(equal.map(([first]) => parseQuantity(first!))).size, equal.length, 'different values differ')
})

t.test('takes no other text for a quantity', async (t) => {
  for (const text of [
    '',
    '.',
    '-',
    '+',
    'm',
    'Gi',
    '1K',
    '1 ',
    ' 1',
    '1e',
    '1e1000',
    '1mi',
    '--1',
    '1e3Gi',
    'always',
  ]) {
    t.equal(parseQuantity(text), undefined, JSON.stringify(text))
  }
})

t.test('reads whole bytes and millicores of printed quantities', async (t) => {
  t.equal(bytesOf('1536Mi'), 1536n * MiB)
  t.equal(bytesOf('128974848'), 128974848n)
  t.equal(bytesOf('2147483648000m'), 2n * GiB)
  t.equal(bytesOf('much'), undefined)
  t.equal(bytesOf(undefined), undefined)
  t.equal(millicoresOf('1'), 1000)
  t.equal(millicoresOf('250m'), 250)
  t.equal(millicoresOf('1500000u'), 1500)
  t.equal(millicoresOf('much'), undefined)
  t.equal(millicoresOf(undefined), undefined)
})

t.test('reads its own sizes and millicores as the same quantities', async () => {
  fc.assert(fc.property(bytes, (size) => bytesOf(formatBytes(size)) === size))
  fc.assert(fc.property(fc.nat(), (millicores) => millicoresOf(formatMillicores(millicores)) === millicores))
})
