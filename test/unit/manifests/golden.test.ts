import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { parseAllDocuments, stringify } from 'yaml'
import type { Options } from '../../../src/manifests/options.ts'
import { goldenFile, renderVariant, VARIANTS } from '../../fixtures/tenants.ts'

/** Writes the golden files anew instead of comparing with them. */
const IS_UPDATE = process.env.UPDATE_FIXTURES === '1'
const KINDS = [
  'Namespace',
  'Secret',
  'RoleBinding',
  'ResourceQuota',
  'PersistentVolumeClaim',
  'Service',
  'NetworkPolicy',
  'Ingress',
]
const LAST_KINDS = ['Deployment', 'ConfigMap']

const isThere = (kind: string, { networkPolicy, ingress }: Options) =>
  kind === 'NetworkPolicy' ? networkPolicy.enabled : kind === 'Ingress' ? ingress.enabled : true

for (const variant of VARIANTS) {
  t.test(`renders every object of the tenant "${variant.name}" byte for byte as its golden file`, async (t) => {
    const rendered = renderVariant(variant)
      .map((object) => stringify(object, { sortMapEntries: true, aliasDuplicateObjects: false, lineWidth: 0 }))
      .join('---\n')
    if (IS_UPDATE) writeFileSync(goldenFile(variant), rendered)
    t.equal(rendered, readFileSync(goldenFile(variant), 'utf8'))
  })

  t.test(`keeps in the golden file of "${variant.name}" one object of each kind that the tenant has`, async (t) => {
    const documents = parseAllDocuments(readFileSync(goldenFile(variant), 'utf8')).map((document) => document.toJS())
    const kinds = KINDS.filter((kind) => isThere(kind, variant.spec.desired.options))
    t.same(
      documents.map(({ kind }) => kind),
      [...kinds, ...LAST_KINDS],
    )
  })
}

t.test('renders nothing that the caller could change in the next rendering', async (t) => {
  const variant = VARIANTS[0]!
  const before = JSON.stringify(renderVariant(variant))
  for (const object of renderVariant(variant)) {
    Object.assign(object.metadata!.labels!, { 'app.kubernetes.io/name': 'changed' })
  }
  t.equal(JSON.stringify(renderVariant(variant)), before)
})
