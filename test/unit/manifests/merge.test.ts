import type { KubernetesObject } from '@kubernetes/client-node'
import t from 'tap'
import { FIELD_MANAGER } from '../../../src/manifests/labels.ts'
import { changeOf, writtenIn } from '../../../src/manifests/merge.ts'

/** @param written what this service has written, as the server keeps account of it */
const object = (kind: string, spec: object, annotations: Record<string, string> = {}, written: object = {}) =>
  ({
    kind,
    metadata: { annotations, managedFields: [{ manager: FIELD_MANAGER, operation: 'Update', fieldsV1: written }] },
    spec,
  }) as KubernetesObject
const specOf = (change: KubernetesObject | undefined) => (change as { spec?: object } | undefined)?.spec
const SELECTOR = { app: 'a' }

t.test('leaves in peace what the server has filled in, though the server counts it as ours', async (t) => {
  const live = object(
    'Service',
    { type: 'NodePort', selector: SELECTOR, externalTrafficPolicy: 'Cluster' },
    {},
    { 'f:spec': { 'f:externalTrafficPolicy': {}, 'f:type': {} } },
  )
  t.equal(changeOf(live, object('Service', { type: 'NodePort', selector: SELECTOR })), undefined)
})

t.test("takes away annotations that are ours and asked for no more, and nobody else's", async (t) => {
  const written = { 'f:metadata': { 'f:annotations': { '.': {}, 'f:ours': {} } } }
  const live = object('Service', { selector: SELECTOR }, { ours: '1', theirs: '2' }, written)
  t.strictSame(changeOf(live, object('Service', { selector: SELECTOR }))?.metadata?.annotations, { ours: null })
  const managedFields = [{ ...live.metadata!.managedFields![0], manager: 'others' }]
  const others = { ...live, metadata: { ...live.metadata, managedFields } }
  t.equal(changeOf(others, { kind: 'Service', spec: { selector: SELECTOR } } as KubernetesObject), undefined)
})

t.test('names what has to go from fields that are wholly ours', async (t) => {
  for (const [kind, live, rendered, change] of [
    [
      'Service',
      { selector: { ...SELECTOR, extra: '' } },
      { selector: SELECTOR },
      { selector: { ...SELECTOR, extra: null } },
    ],
    [
      'NetworkPolicy',
      { podSelector: { matchLabels: SELECTOR, matchExpressions: [{ key: 'x', operator: 'Exists' }] }, ingress: [{}] },
      { podSelector: { matchLabels: SELECTOR } },
      { podSelector: { matchLabels: SELECTOR, matchExpressions: null }, ingress: null },
    ],
    ['NetworkPolicy', { ingress: [{ _from: [{ podSelector: {} }] }] }, { ingress: [{}] }, { ingress: [{}] }],
    [
      'Ingress',
      { rules: [], tls: [{ hosts: ['a'], secretName: 's' }] },
      { rules: [], tls: [{ hosts: ['a'] }] },
      { rules: [], tls: [{ hosts: ['a'] }] },
    ],
    ['Ingress', { rules: [], tls: [{ hosts: ['a'] }] }, { rules: [] }, { rules: [], tls: null }],
    [
      'ResourceQuota',
      { hard: { pods: '1', persistentvolumeclaims: '1' } },
      { hard: { pods: '1' }, scopeSelector: { matchExpressions: [] } },
      { hard: { pods: '1', persistentvolumeclaims: null }, scopeSelector: { matchExpressions: [] } },
    ],
  ] as const) {
    t.strictSame(specOf(changeOf(object(kind, live), object(kind, rendered))), change, kind)
  }
})

t.test('leaves what others have put beside our fields', async (t) => {
  const spec = { rules: [], tls: [] }
  t.equal(
    changeOf(object('Ingress', { ...spec, ingressClassName: 'default', defaultBackend: {} }), object('Ingress', spec)),
    undefined,
  )
  const hard = { pods: '1', persistentvolumeclaims: '1' }
  t.equal(
    changeOf(object('ResourceQuota', { hard: { ...hard, secrets: '9' } }), object('ResourceQuota', { hard })),
    undefined,
  )
})

t.test('tells what this service has written', async (t) => {
  const live = object('Ingress', {}, {}, { 'f:spec': { '.': {}, 'f:ingressClassName': {} } })
  t.strictSame(writtenIn(live, ['spec']), ['ingressClassName'])
  t.strictSame(writtenIn({}, ['spec']), [])
})
