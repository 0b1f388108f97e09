import fc from 'fast-check'
import t from 'tap'
import { cpuFor, leastStorageFor, outsideBounds, storageFor } from '../../../src/sizing/policy.ts'
import { formatBytes, parseBytes } from '../../../src/sizing/quantity.ts'

/** RAM, CPU request and limit (millicores). */
const CPU: [ram: string, request: number, limit: number][] = [
  ['1', 250, 1000],
  ['128Mi', 250, 1000],
  ['512Mi', 250, 1000],
  ['536870913', 500, 1000],
  ['513Mi', 500, 1000],
  ['1Gi', 500, 1000],
  ['1073741825', 750, 1500],
  ['1536Mi', 750, 1500],
  ['2Gi', 750, 1500],
  ['2147483649', 1000, 2000],
  ['3Gi', 1000, 2000],
  ['4Gi', 1000, 2000],
  ['4294967297', 2000, 4000],
  ['8Gi', 2000, 4000],
  ['8589934593', 2250, 4500],
  ['9Gi', 2250, 4500],
  ['9217Mi', 2500, 5000],
  ['10Gi', 2500, 5000],
  ['16Gi', 4000, 8000],
  ['64Gi', 16000, 32000],
]
/** RAM, percent, CPU request (millicores). */
const PERCENT: [ram: string, percent: number, request: number][] = [
  ['2Gi', 100, 750],
  ['2Gi', 50, 375],
  ['512Mi', 29, 73],
  ['512Mi', 1, 3],
  ['2Gi', 33, 248],
  ['1Gi', 7, 35],
  ['9Gi', 10, 225],
]
const MIN = parseBytes('128Mi')
const MAX = parseBytes('64Gi')
const size = fc.bigInt({ min: 1n, max: 2n ** 50n })

t.test('gives each RAM size the CPU of the next row up, and beyond the table so much per GiB', async (t) => {
  for (const [ram, request, limit] of CPU) t.same(cpuFor(parseBytes(ram)), { request, limit }, ram)
})

t.test('asks for the given percentage of the CPU request, rounded up, and leaves the limit', async (t) => {
  for (const [ram, percent, request] of PERCENT) {
    t.equal(cpuFor(parseBytes(ram), percent).request, request, `${percent} % of ${ram}`)
    t.equal(cpuFor(parseBytes(ram), percent).limit, cpuFor(parseBytes(ram)).limit)
  }
})

t.test('never gives more RAM less CPU, nor a request above its limit', async () => {
  fc.assert(
    fc.property(size, size, fc.integer({ min: 1, max: 100 }), (a, b, percent) => {
      const less = cpuFor(a < b ? a : b, percent)
      const more = cpuFor(a < b ? b : a, percent)
      return less.request <= more.request && less.limit <= more.limit && 1 <= less.request && less.request <= less.limit
    }),
  )
})

t.test('gives storage of twice the RAM, what was asked for, or what there is: the largest', async (t) => {
  const table: [ram: string, asked: string | undefined, current: string | undefined, storage: string][] = [
    ['2Gi', undefined, undefined, '4Gi'],
    ['2Gi', '3Gi', undefined, '4Gi'],
    ['2Gi', '10Gi', undefined, '10Gi'],
    ['2Gi', undefined, '20Gi', '20Gi'],
    ['2Gi', '10Gi', '5Gi', '10Gi'],
    ['16Gi', '10Gi', '20Gi', '32Gi'],
  ]
  for (const [ram, asked, current, storage] of table) {
    const sizes = [ram, asked, current].map((text) => (text === undefined ? undefined : parseBytes(text)))
    t.equal(formatBytes(storageFor(sizes[0]!, sizes[1], sizes[2])), storage, `${ram} ${asked} ${current}`)
  }
})

t.test('never gives less storage than twice the RAM, nor than there is', async () => {
  fc.assert(
    fc.property(size, size, size, (ram, asked, current) => {
      const storage = storageFor(ram, asked, current)
      return storage >= leastStorageFor(ram) && storage >= current && storage >= asked
    }),
  )
})

t.test('does not grow storage that is enough', async () => {
  fc.assert(fc.property(size, (ram) => storageFor(ram, 0n, storageFor(ram)) === storageFor(ram)))
})

t.test('says on which side of the bounds a RAM size is', async (t) => {
  const bounds = { min: MIN, max: MAX }
  t.equal(outsideBounds(MIN - 1n, bounds), 'must be at least 128Mi')
  t.equal(outsideBounds(MIN, bounds), undefined)
  t.equal(outsideBounds(MAX, bounds), undefined)
  t.equal(outsideBounds(MAX + 1n, bounds), 'must be at most 64Gi')
})
