import t from 'tap'
import type { Appliable } from '../../../../src/kubernetes/apply.ts'
import { isMarked, takenFromHelm } from '../../../../src/tenants/adopt/ownership.ts'

const MARK = 'f:meta.helm.sh/release-name'
const entry = (manager: string, fieldsV1: object, more = {}) => ({
  manager,
  operation: 'Update',
  apiVersion: 'apps/v1',
  fieldsType: 'FieldsV1',
  fieldsV1,
  ...more,
})
const STATUS = entry('kube-controller-manager', { 'f:status': {} }, { subresource: 'status' })
const REVISION = entry('kube-controller-manager', { 'f:metadata': { 'f:annotations': { 'f:revision': {} } } })
const SCALED = entry('kubectl', { 'f:spec': { 'f:replicas': {} } }, { subresource: 'scale' })
const object = (kind: string, ...managedFields: object[]) =>
  ({ kind, apiVersion: 'apps/v1', metadata: { managedFields } }) as unknown as Appliable

t.test('counts what Helm and people have set as ours, and leaves to controllers what is theirs', async (t) => {
  const live = object(
    'Deployment',
    entry('helm', { 'f:metadata': { 'f:annotations': { [MARK]: {}, 'f:a': {} } }, 'f:spec': { 'f:replicas': {} } }),
    STATUS,
    REVISION,
    SCALED,
    entry('kubectl-edit', { 'f:spec': { 'f:template': { 'f:spec': {} } } }, { operation: 'Apply' }),
  )
  t.strictSame(takenFromHelm(live), {
    annotations: { 'meta.helm.sh/release-name': null, 'meta.helm.sh/release-namespace': null },
    labels: { 'helm.sh/chart': null },
    managedFields: [
      STATUS,
      REVISION,
      SCALED,
      {
        manager: 'fluxiondb-provisioner',
        operation: 'Apply',
        apiVersion: 'apps/v1',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': { 'f:annotations': { 'f:a': {} } },
          'f:spec': { 'f:replicas': {}, 'f:template': { 'f:spec': {} } },
        },
      },
    ],
  })
})

t.test('knows Helm by its mark, whatever the program was called, and leaves alone what others wait for', async (t) => {
  const ours = { 'f:annotations': { [MARK]: {}, 'f:a': {} }, 'f:finalizers': {}, 'f:ownerReferences': {} }
  const controller = entry('load-balancer', { 'f:metadata': { 'f:annotations': { 'f:b': {} }, 'f:finalizers': {} } })
  const live = object('Ingress', entry('our-own-provisioner', { 'f:metadata': ours }), controller)
  const { managedFields } = takenFromHelm(live) as { managedFields: { fieldsV1: object }[] }
  t.strictSame(managedFields[0], controller)
  t.strictSame(managedFields[1]?.fieldsV1, { 'f:metadata': { 'f:annotations': { 'f:a': {} } } })
})

t.test('takes of a Service the annotations only, as its fields are not applied', async (t) => {
  const live = object(
    'Service',
    entry('helm', { 'f:metadata': { 'f:annotations': { [MARK]: {}, 'f:a': {} } }, 'f:spec': { 'f:type': {} } }),
  )
  const { managedFields } = takenFromHelm(live) as { managedFields: { fieldsV1: object }[] }
  t.strictSame(
    managedFields.map(({ fieldsV1 }) => fieldsV1),
    [{ 'f:metadata': { 'f:annotations': { 'f:a': {} } } }],
  )
})

t.test('knows marks of Helm from other annotations and labels', async (t) => {
  t.ok(isMarked({ annotations: { 'meta.helm.sh/release-namespace': 'a' } }))
  t.ok(isMarked({ labels: { 'helm.sh/chart': 'fluxiondb-0.1.0' } }))
  t.notOk(isMarked({ annotations: { 'helm.sh/resource-policy': 'keep' }, labels: { 'app.kubernetes.io/name': 'a' } }))
})
