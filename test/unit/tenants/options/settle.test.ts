import t from 'tap'
import { DEFAULT_OPTIONS } from '../../../../src/manifests/options.ts'
import { mergePatch, overlay, settle, withoutAbsent } from '../../../../src/tenants/options/settle.ts'

const newer = overlay(DEFAULT_OPTIONS, { image: { tag: '2' }, flushInterval: 30 })

t.test('merges groups and maps, and replaces lists and what only Kubernetes knows', async (t) => {
  const base = overlay(DEFAULT_OPTIONS, {
    service: { annotations: { a: '1' } },
    tolerations: [{ key: 'a' }],
    affinity: { podAffinity: {} },
  })
  const settled = overlay(base, {
    service: { annotations: { b: '2' }, port: 9090 },
    tolerations: [{ key: 'b' }],
    affinity: { nodeAffinity: {} },
  })
  t.strictSame(settled.service, { type: 'ClusterIP', port: 9090, annotations: { a: '1', b: '2' } })
  t.strictSame(settled.tolerations, [{ key: 'b' }])
  t.strictSame(settled.affinity, { nodeAffinity: {} })
  t.strictSame(overlay(DEFAULT_OPTIONS, { storage: { storageClass: null } }), DEFAULT_OPTIONS)
})

t.test('leaves what nobody asked for as it was settled, whatever the defaults are by now', async (t) => {
  const options = settle(newer, [{ description: 'x' }], { options: DEFAULT_OPTIONS, released: [{}] })
  t.strictSame(options, { ...DEFAULT_OPTIONS, description: 'x' })
})

t.test(
  'gives back to the default of today what was asked for and is not any more, and nothing beside it',
  async (t) => {
    const asked = { image: { tag: '1' } }
    const before = { options: overlay(DEFAULT_OPTIONS, asked), released: [asked] }
    const options = settle(newer, [], before)
    t.equal(options.image.tag, '2')
    t.equal(options.flushInterval, 15)
    t.equal(
      settle(newer, [], { options: before.options, released: [{ image: null }] }).image.tag,
      '2',
      'a whole group too',
    )
  },
)

t.test('patches as RFC 7386 says', async (t) => {
  t.strictSame(mergePatch({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: null, e: { f: null } }, d: [2] }), {
    a: { c: 2, e: {} },
    d: [2],
  })
})

t.test('leaves out what is null where only Kubernetes knows the fields, and nowhere else', async (t) => {
  const asked = {
    storage: { storageClass: null },
    affinity: { nodeAffinity: null, podAffinity: {} },
    tolerations: [{ key: 'a', value: null }],
    networkPolicy: { ingress: [{ from: null, ports: [{ port: 1, protocol: null }] }] },
  } as never
  const clean = {
    storage: { storageClass: null },
    affinity: { podAffinity: {} },
    tolerations: [{ key: 'a' }],
    networkPolicy: { ingress: [{ ports: [{ port: 1 }] }] },
  }
  t.strictSame(withoutAbsent(asked), clean)
  t.match(overlay(DEFAULT_OPTIONS, asked), clean)
})
