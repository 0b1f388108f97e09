import t from 'tap'
import { annotations, DATABASE_SELECTOR, labelsFor, selectorLabels } from '../../../src/manifests/labels.ts'
import { renderVariant, VARIANTS } from '../../fixtures/tenants.ts'

const MANAGED = { 'app.kubernetes.io/managed-by': 'fluxiondb-provisioner' }

// This test may never change. The selector of a Deployment cannot be changed: with other labels here every Deployment that
// exists would refuse to be applied, and every database of every customer would have to be deleted and made anew.
t.test('selects the pods of a Deployment by these two labels for ever: this test may never change', async (t) => {
  t.strictSame(selectorLabels('user123'), {
    'app.kubernetes.io/name': 'fluxiondb',
    'app.kubernetes.io/instance': 'db-user123',
  })
  t.strictSame(selectorLabels('my-fluxiondb'), {
    'app.kubernetes.io/name': 'fluxiondb',
    'app.kubernetes.io/instance': 'db-my-fluxiondb',
  })
})

t.test('labels every object with its tenant and with who manages it', async (t) => {
  for (const { spec, ...variant } of VARIANTS) {
    for (const { kind, metadata } of renderVariant({ spec, ...variant })) {
      t.match(metadata?.labels, { ...MANAGED, 'fluxiondb.com/tenant': spec.userId }, `${kind} of ${spec.userId}`)
    }
  }
})

t.test('labels every object with the labels of the selector, and with nothing that contradicts them', async (t) => {
  t.match(labelsFor('user123'), selectorLabels('user123'))
  const [name, value] = DATABASE_SELECTOR.split('=')
  t.equal(labelsFor('user123')[name!], value, 'what watches all databases finds this one')
})

t.test('gives labels that Kubernetes allows, at the longest id too', async (t) => {
  for (const [key, value] of Object.entries(labelsFor('x'.repeat(40)))) {
    t.match(key, /^([a-z.]+\/)?[a-z-]{1,63}$/)
    t.match(value, /^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/)
  }
})

t.test('keeps its annotations under its own domain, each for one purpose', async (t) => {
  const names = Object.values(annotations)
  for (const name of names) t.match(name, /^fluxiondb\.com\/[a-z-]+$/)
  t.equal(new Set(names).size, names.length)
})
