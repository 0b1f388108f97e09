import type { V1Service } from '@kubernetes/client-node'
import t from 'tap'
import { annotations, FIELD_MANAGER } from '../../../../src/manifests/labels.ts'
import { renderService } from '../../../../src/manifests/service.ts'
import { type Admissions, NONE_TRIED } from '../../../../src/tenants/decide/admission.ts'
import { writeOf } from '../../../../src/tenants/decide/decisions.ts'
import { tenantOf } from '../../../../src/tenants/record/spec.ts'
import { CAPABILITIES } from '../../../fixtures/tenants.ts'
import { aSpec, served } from '../../../helpers/observed.ts'

const rendered = renderService(tenantOf(aSpec(), CAPABILITIES))
/** As a policy has made it that lets nobody have another type than NodePort. */
const live: V1Service = served({ ...rendered, spec: { ...rendered.spec, type: 'NodePort' } })
const noted: V1Service = {
  ...live,
  metadata: { ...live.metadata, annotations: { ...live.metadata?.annotations, [annotations.rewritten]: 'spec.type' } },
}

/** The same, after it was tried and the object stayed as it was. */
function kept(object: V1Service, trustsNotes = true): ReturnType<typeof writeOf> {
  const first = writeOf(NONE_TRIED, object, rendered, trustsNotes)
  const manifest = first && 'write' in first && first.write.do === 'apply' ? JSON.stringify(first.write.object) : ''
  const { uid, resourceVersion } = object.metadata as { uid: string; resourceVersion: string }
  const admissions: Admissions = new Map([[uid, { resourceVersion, manifest, stored: object }]])
  return writeOf(admissions, object, rendered, trustsNotes)
}

t.test('what a policy keeps as it is is noted on the object, once', async (t) => {
  t.match(writeOf(NONE_TRIED, live, rendered), { write: { object: { spec: { type: 'ClusterIP' } } } })
  t.match(kept(live), { write: { object: { metadata: { annotations: { [annotations.rewritten]: 'spec.type' } } } } })
  t.equal(writeOf(NONE_TRIED, noted, rendered), undefined)
})

/** As the server keeps account of what this service has written. */
function withManager(service: V1Service): V1Service {
  const fieldsV1 = { 'f:metadata': { 'f:annotations': { [`f:${annotations.rewritten}`]: {} } } }
  return { ...service, metadata: { ...service.metadata, managedFields: [{ manager: FIELD_MANAGER, fieldsV1 }] } }
}

t.test(
  'while an operation runs what is noted is tried again, as it may be another value that is asked for',
  async (t) => {
    t.match(writeOf(NONE_TRIED, noted, rendered, false), { write: { object: { spec: { type: 'ClusterIP' } } } })
    t.equal(kept(noted, false), undefined, 'and nothing is written if it is kept again')
    const freed = { ...noted, spec: { ...noted.spec, type: 'ClusterIP' } }
    const note = { write: { object: { metadata: { annotations: { [annotations.rewritten]: null } } } } }
    t.equal(writeOf(NONE_TRIED, freed, rendered), undefined)
    t.match(writeOf(NONE_TRIED, withManager(freed), rendered, false), note, 'the note goes with the policy')
  },
)
