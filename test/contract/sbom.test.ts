import t from 'tap'
import { neededPackages } from '../../tools/images/packages.ts'
import { refsOf, sbom } from '../../tools/sbom.ts'

t.test('the bill of materials names every package of the image, Node, and nothing else', async (t) => {
  const [first, second] = [await sbom(), await sbom()]
  t.strictSame(first, second, 'the same at each time')
  const told = first.components as unknown as { purl: string; version: string; licenses?: unknown[] }[]
  t.equal(told.length, new Set(await refsOf(await neededPackages())).size + 1)
  t.ok(told.some(({ purl }) => purl.startsWith('pkg:npm/fastify@')))
  t.ok(told.some(({ purl, version }) => purl === `pkg:generic/node@${version}` && /^24\./.test(version)))
  t.notOk(
    told.some(({ purl }) => /biome|testcontainers|npm\/tap@|cli-table3/.test(purl)),
    'no tool, and no client',
  )
  t.same(
    told.filter(({ licenses }) => !licenses?.length).map(({ purl }) => purl),
    [],
    'each says its licence',
  )
})
