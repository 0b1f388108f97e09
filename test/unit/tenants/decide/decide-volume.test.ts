import type { V1PersistentVolumeClaim } from '@kubernetes/client-node'
import t from 'tap'
import { type Admissions, NONE_TRIED } from '../../../../src/tenants/decide/admission.ts'
import { decideVolume } from '../../../../src/tenants/decide/decide-volume.ts'
import { tenantOf } from '../../../../src/tenants/record/spec.ts'
import { CAPABILITIES } from '../../../fixtures/tenants.ts'
import { aSpec, endedPod, liveClaim, observed, readyPod, terminating } from '../../../helpers/observed.ts'

const SPEC = aSpec({ desired: { ramSize: '4Gi', storageSize: '8Gi' } })
const OLD_KUBERNETES = { ...CAPABILITIES, lowerClaims: false }

const decideFor = (
  claim: V1PersistentVolumeClaim | undefined,
  pods = [readyPod(SPEC)],
  capabilities = CAPABILITIES,
  admissions: Admissions = NONE_TRIED,
) => decideVolume(tenantOf(SPEC, capabilities), observed(SPEC, { claim, pods }), capabilities, admissions)

/** A claim whose volume has not grown to the 8Gi yet. @param status what its driver says */
function growing(status: V1PersistentVolumeClaim['status'] = {}): V1PersistentVolumeClaim {
  const claim = liveClaim(SPEC, { capacity: '4Gi' })
  return { ...claim, status: { ...claim.status, ...status } }
}
const condition = (type: string, message = '', status = 'True') => ({ conditions: [{ type, status, message }] })
const allocated = (storage: string) => ({ allocatedResourceStatuses: { storage } })

/** What is asked for, as `size@resourceVersion`. */
function requested(decision: ReturnType<typeof decideFor>): string | undefined {
  const [one] = decision?.next === 'act' ? decision.acts : []
  if (one?.do !== 'apply') return undefined
  const { spec } = one.object as V1PersistentVolumeClaim
  return `${spec?.resources?.requests?.storage}@${one.resourceVersion}`
}

t.test('says so once where a policy keeps the claim as it is, and asks no more', async (t) => {
  const claim = liveClaim(SPEC, { requested: '4Gi', capacity: '4Gi' })
  const asked = decideFor(claim)
  const [write] = asked?.next === 'act' ? asked.acts : []
  const manifest = JSON.stringify(write?.do === 'apply' ? write.object : undefined)
  const { uid, resourceVersion } = claim.metadata as { uid: string; resourceVersion: string }
  const kept = new Map([[uid, { resourceVersion, manifest, stored: claim }]])
  t.match(decideFor(claim, undefined, undefined, kept), {
    step: 'volume',
    next: 'failed',
    reason: 'NotAccepted',
    message: /PersistentVolumeClaim spec\.resources\.requests\.storage/,
  })
})

t.test('asks for more storage, at the version that was read', async (t) => {
  t.equal(requested(decideFor(liveClaim(SPEC, { requested: '4Gi' }))), '8Gi@100')
})

t.test(
  'asks an unbound claim for nothing, which Kubernetes would refuse, and goes on: a pod may be what binds it',
  async (t) => {
    const claim = liveClaim(SPEC, { requested: '4Gi', phase: 'Pending' })
    t.equal(decideFor(claim, []), undefined)
    t.match(decideFor(claim), { next: 'wait', reason: 'ClaimNotBound' }, 'no pod comes to a node before it is bound')
  },
)

t.test('fails to grow a volume that is lost', async (t) => {
  const lost = liveClaim(SPEC, { requested: '4Gi', phase: 'Lost' })
  t.match(decideFor(lost), { next: 'failed', reason: 'VolumeLost' })
  t.equal(decideFor(liveClaim(SPEC, { phase: 'Lost' })), undefined, 'which is no matter of a change that leaves it')
})

t.test('has nothing to do for a volume that is large enough, or waits for its first pod', async (t) => {
  t.equal(decideFor(liveClaim(SPEC)), undefined)
  t.equal(decideFor(liveClaim(SPEC, { requested: '100Gi' })), undefined, 'it never shrinks')
  t.equal(decideFor(liveClaim(SPEC, { capacity: '9Gi' })), undefined, 'some drivers round up')
  t.equal(decideFor(liveClaim(SPEC, { phase: 'Pending' })), undefined)
})

t.test('waits for a claim that is missing or going', async (t) => {
  for (const claim of [undefined, terminating(liveClaim(SPEC))]) {
    t.match(decideFor(claim), { step: 'volume', next: 'wait', reason: 'ClaimTerminating' })
  }
})

t.test('waits until the volume has grown, with what its driver says', async (t) => {
  const waiting = { step: 'volume', next: 'wait', reason: 'VolumeGrowing' }
  t.match(decideFor(growing()), { ...waiting, message: /not grown/ })
  t.match(decideFor(growing(condition('Resizing', 'the driver is busy'))), {
    ...waiting,
    message: 'the driver is busy',
  })
  t.match(decideFor(growing(allocated('ControllerResizeInProgress'))), waiting)
  t.match(decideFor(growing(condition('ControllerResizeError', 'over by now', 'False'))), waiting)
})

for (const status of [
  'ControllerResizeInfeasible',
  'NodeResizeInfeasible',
  'ControllerResizeFailed',
  'NodeResizeFailed',
]) {
  t.test(`gives up when the driver has: ${status}`, async (t) => {
    const failed = { step: 'volume', next: 'failed', reason: 'VolumeNotGrown' }
    t.match(decideFor(growing(allocated(status))), { ...failed, message: /cannot grow/ })
    t.match(decideFor(growing({ ...allocated(status), ...condition('Resizing', 'the disk is full') })), {
      ...failed,
      message: 'the disk is full',
    })
  })
}

for (const type of ['ControllerResizeError', 'NodeResizeError']) {
  t.test(`gives up when the driver reports an error: ${type}`, async (t) => {
    const decision = decideFor(growing(condition(type, 'refused')))
    t.match(decision, { step: 'volume', next: 'failed', reason: 'VolumeNotGrown', message: 'refused' })
  })
}

t.test('waits for the node to grow the file system while a pod has it mounted', async (t) => {
  const pending = growing(condition('FileSystemResizePending', 'waiting for the node'))
  t.match(decideFor(pending), { next: 'wait', message: 'waiting for the node' })
  t.match(decideFor(pending, [terminating(readyPod(SPEC))]), { next: 'wait' })
})

t.test(
  'goes on while no pod has the volume mounted, as the node grows its file system at the next mount',
  async (t) => {
    const pending = growing(condition('FileSystemResizePending'))
    t.equal(decideFor(pending, []), undefined)
    t.equal(decideFor(pending, [endedPod(SPEC)]), undefined)
    t.match(decideFor(growing(condition('FileSystemResizePending', '', 'False')), []), { next: 'wait' })
  },
)

t.test('takes a growth back that was given up, down to just above what the volume has', async (t) => {
  const left = liveClaim(SPEC, { requested: '16Gi', capacity: '8Gi' })
  t.equal(requested(decideFor(left)), `${8n * 2n ** 30n + 1n}@100`)
  t.equal(decideFor(liveClaim(SPEC, { requested: `${8n * 2n ** 30n + 1n}`, capacity: '8Gi' })), undefined, 'only once')
})

t.test('leaves a growth that was given up where Kubernetes cannot take it back', async (t) => {
  t.equal(decideFor(liveClaim(SPEC, { requested: '16Gi', capacity: '8Gi' }), [], OLD_KUBERNETES), undefined)
})
