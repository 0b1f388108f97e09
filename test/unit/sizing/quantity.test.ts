import t from 'tap'
import { formatBytes, parseBytes } from '../../../src/sizing/quantity.ts'

t.test('reads sizes exactly', async (t) => {
  t.equal(parseBytes('512Mi'), 512n * 2n ** 20n)
  t.equal(parseBytes('1.5Gi'), 1536n * 2n ** 20n)
  t.equal(parseBytes('1G'), 10n ** 9n)
  t.equal(formatBytes(parseBytes('1.5Gi')), '1536Mi')
})

t.test('refuses what is no size, not whole or zero', async (t) => {
  for (const text of ['0', '-1Gi', '512m', '1e400', '2 Gi', '', '0.3', 'Gi', '1'.repeat(33)]) {
    t.throws(() => parseBytes(text), { name: 'QuantityError' }, text)
  }
})
