import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node'
import t from 'tap'
import type { Case, CauseName } from '../../../../src/tenants/diagnosis/cause.ts'
import { diagnose } from '../../../../src/tenants/diagnosis/diagnose.ts'
import type { TenantEvent } from '../../../../src/tenants/insight/events.ts'
import type { Observed } from '../../../../src/tenants/observe/observed.ts'
import type { Spec } from '../../../../src/tenants/record/spec.ts'
import {
  anOperation,
  aSpec,
  DELETED_AT,
  liveClaim,
  liveDeployment,
  liveNamespace,
  observed,
  RUNNING,
  readyPod,
  startingPod,
  terminating,
} from '../../../helpers/observed.ts'

const NOW = DELETED_AT.getTime() + 3600_000
const secondsAgo = (seconds: number) => new Date(NOW - seconds * 1000)

/** A tenant in which all is as it shall be, but for this. */
function aCase(changes: Omit<Partial<Case>, 'observed'> & { seen?: Partial<Observed> } = {}): Case {
  const { spec = aSpec(), seen = {}, ...others } = changes
  return { spec, observed: observed(spec, seen), events: [], log: [], now: NOW, ...others }
}
const waiting = (reason: string, message = 'because', status: Partial<V1ContainerStatus> = {}): V1Pod => {
  const pod = startingPod(aSpec(), { state: { waiting: { reason, message } } })
  Object.assign(pod.status!.containerStatuses![0]!, status)
  return pod
}
const ended = (reason: string, exitCode: number, seconds: number) => ({
  terminated: { reason, exitCode, finishedAt: secondsAgo(seconds) },
})
const oomKilled = (pod: V1Pod, seconds: number): V1Pod => {
  Object.assign(pod.status!.containerStatuses![0]!, { restartCount: 1, lastState: ended('OOMKilled', 137, seconds) })
  return pod
}
const refused = (message: string, seconds = 100) =>
  liveDeployment(aSpec(), ({ status }) => {
    const lastTransitionTime = secondsAgo(seconds)
    status!.conditions = [
      { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message, lastTransitionTime },
    ]
  })
const unplaced = (message: string) =>
  startingPod(aSpec(), {
    conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
  })
const pendingClaim = (seconds: number) => {
  const claim = liveClaim(aSpec(), { phase: 'Pending' })
  return { ...claim, metadata: { ...claim.metadata, creationTimestamp: secondsAgo(seconds) } }
}
const warning = (reason: string, message: string): TenantEvent => {
  const at = secondsAgo(5).toISOString()
  return { type: 'Warning', reason, message, object: 'Any one', count: 1, firstAt: at, lastAt: at }
}
const failed = anOperation({
  type: 'resize',
  state: 'failed',
  failure: { reason: 'NodeBusy', message: 'no room', tenantUsable: true, retryable: true },
})
const stuck = {
  ...terminating(liveNamespace(aSpec())),
  status: { conditions: [{ type: 'NamespaceFinalizersRemaining', status: 'True', message: 'a.example.com in 1' }] },
}
const started = startingPod(aSpec(), { state: { running: { startedAt: secondsAgo(120) } }, started: true })
const denial = 'admission webhook "images.example.com" denied the request: no'
const quota = 'pods "x" is forbidden: exceeded quota: team, requested: pods=1'
const { quota: ownQuota } = observed(aSpec())
const ofOwnQuota = `pods "x" is forbidden: exceeded quota: ${ownQuota!.metadata!.name}, requested: pods=1`
/** Of a database whose pod has been evicted. */
const refusedByItsOwn = {
  pods: [],
  deployment: refused(ofOwnQuota, 60),
  quota: { ...ownQuota, status: { used: { pods: '0' } } },
}

const FAULTS: [what: string, cause: CauseName, seen: Case, evidence: RegExp][] = [
  ['a Secret that is gone', 'secret-missing', aCase({ seen: { secretExists: false } }), /not found/],
  [
    'a Secret without its entry',
    'secret-missing',
    aCase({ seen: { pods: [waiting('CreateContainerConfigError')] } }),
    /because/,
  ],
  ['a kill for memory', 'out-of-memory', aCase({ seen: { pods: [oomKilled(waiting('CrashLoopBackOff'), 5)] } }), /137/],
  [
    'one that it has come back from',
    'out-of-memory',
    aCase({ seen: { pods: [oomKilled(readyPod(aSpec()), 60)] } }),
    /1 restart/,
  ],
  ['an image that is not there', 'image-pull', aCase({ seen: { pods: [waiting('ErrImagePull')] } }), /ErrImagePull/],
  ['an image that is waited for', 'image-pull', aCase({ seen: { pods: [waiting('ImagePullBackOff')] } }), /BackOff/],
  [
    'a class that does not exist',
    'claim-pending',
    aCase({
      seen: { claim: pendingClaim(5), pods: [unplaced('pod has unbound immediate PersistentVolumeClaims')] },
      events: [warning('ProvisioningFailed', 'class "x" not found')],
    }),
    /not found/,
  ],
  ['a volume that is not made', 'claim-pending', aCase({ seen: { claim: pendingClaim(100), pods: [] } }), /Pending/],
  [
    'a volume that is not made, which the scheduler waits for',
    'claim-pending',
    aCase({
      seen: { claim: pendingClaim(100), pods: [unplaced('pod has unbound immediate PersistentVolumeClaims')] },
    }),
    /Pending/,
  ],
  ['a volume that is gone', 'volume-lost', aCase({ seen: { claim: liveClaim(aSpec(), { phase: 'Lost' }) } }), /Lost/],
  ['no room', 'unschedulable', aCase({ seen: { pods: [unplaced('0/1 nodes: Insufficient memory')] } }), /Insufficient/],
  [
    'no node, and a volume that waits for one',
    'unschedulable',
    aCase({ seen: { claim: pendingClaim(100), pods: [unplaced('0/1 nodes: untolerated taint')] } }),
    /taint/,
  ],
  ['a quota', 'quota-exceeded', aCase({ seen: { pods: [], deployment: refused(quota) } }), /team/],
  [
    'a limit range',
    'quota-exceeded',
    aCase({ seen: { pods: [], deployment: refused('maximum memory usage per Container is 1Gi') } }),
    /1Gi/,
  ],
  [
    'a quota that has refused the pod after its own did',
    'quota-exceeded',
    aCase({ seen: refusedByItsOwn, events: [warning('FailedCreate', ofOwnQuota), warning('FailedCreate', quota)] }),
    /team/,
  ],
  ['a webhook', 'admission-denied', aCase({ seen: { pods: [], deployment: refused(denial) } }), /images.example/],
  [
    'a policy',
    'admission-denied',
    aCase({
      seen: { pods: [], deployment: refused("ValidatingAdmissionPolicy 'x' with binding 'x' denied request: no") },
    }),
    /binding/,
  ],
  [
    'an account that does not exist',
    'pod-refused',
    aCase({ seen: { pods: [], deployment: refused('serviceaccount "x" not found') } }),
    /account/,
  ],
  [
    'a container that ends',
    'crash-loop',
    aCase({
      seen: { pods: [waiting('CrashLoopBackOff', 'back-off', { lastState: ended('Error', 1, 5) })] },
      log: ['what it said'],
    }),
    /what it said|back-off/,
  ],
  [
    'one that has just started again',
    'crash-loop',
    aCase({
      seen: { pods: [waiting('', '', { restartCount: 4, lastState: ended('Error', 2, 30), state: { running: {} } })] },
    }),
    /exit code 2/,
  ],
  [
    'a full disk',
    'disk-full',
    aCase({
      seen: { pods: [waiting('CrashLoopBackOff', 'back-off', { lastState: ended('Error', 1, 5) })] },
      log: ['database or disk is full'],
    }),
    /disk is full/,
  ],
  [
    'a full disk, in other words',
    'disk-full',
    aCase({ seen: { pods: [started] }, log: ['write: no space left on device'] }),
    /no space/,
  ],
  [
    'a pause',
    'paused',
    aCase({
      seen: {
        deployment: liveDeployment(aSpec(), ({ spec }) => {
          spec!.paused = true
        }),
      },
    }),
    /paused/,
  ],
  ['a finalizer', 'namespace-stuck', aCase({ seen: { namespace: stuck, pods: [] } }), /a\.example\.com/],
  [
    'a finalizer of a deleted tenant',
    'namespace-stuck',
    aCase({ spec: aSpec({ deletedAt: '2026-01-02T00:00:00.000Z' }), seen: { namespace: stuck } }),
    /a\.example\.com/,
  ],
  [
    'silence',
    'not-listening',
    aCase({ seen: { pods: [started] }, events: [warning('Unhealthy', 'probe failed')] }),
    /probe failed/,
  ],
  ['nothing but a failed change', 'operation-failed', aCase({ spec: aSpec({ operation: failed }) }), /NodeBusy/],
]

for (const [what, cause, seen, evidence] of FAULTS) {
  t.test(`finds ${what}, and nothing else`, async (t) => {
    const findings = diagnose(seen)
    t.strictSame(
      findings.map((one) => one.cause),
      [cause],
    )
    t.match(findings[0]?.evidence.join('\n'), evidence)
    t.ok(findings[0]!.message && findings[0]!.action)
  })
}

const starting = startingPod(aSpec(), { state: { waiting: { reason: 'ContainerCreating' } } })
const loading = startingPod(aSpec(), { state: { running: { startedAt: secondsAgo(600) } } })
const slow = startingPod(aSpec(), { state: { running: { startedAt: secondsAgo(5) } }, started: true })
const suspended: Spec = aSpec({ suspended: true })
const HEALTHY: [what: string, seen: Case][] = [
  [
    'comes back after an eviction that took long',
    aCase({ seen: refusedByItsOwn, events: [warning('FailedCreate', ofOwnQuota)] }),
  ],
  ['runs', aCase()],
  ['is being made', aCase({ seen: { pods: [], claim: pendingClaim(5), deployment: undefined } })],
  ['starts', aCase({ seen: { pods: [starting] } })],
  ['loads its data', aCase({ seen: { pods: [loading] } })],
  ['has just loaded it', aCase({ seen: { pods: [slow] } })],
  ['is suspended', aCase({ spec: suspended })],
  ['is deleted and kept', aCase({ spec: aSpec({ deletedAt: '2026-01-02T00:00:00.000Z' }) })],
  [
    'is being purged',
    aCase({ seen: { namespace: terminating(liveNamespace(aSpec())) }, now: DELETED_AT.getTime() + 5000 }),
  ],
  [
    'is being resized',
    aCase({
      spec: aSpec({ operation: anOperation(RUNNING) }),
      seen: {
        deployment: liveDeployment(aSpec(), ({ spec }) => {
          spec!.paused = true
        }),
      },
    }),
  ],
  [
    'restarts, while its quota counts the pod that has just gone',
    aCase({ seen: { pods: [], deployment: refused(quota, 3) } }),
  ],
  ['was killed for memory long ago', aCase({ seen: { pods: [oomKilled(readyPod(aSpec()), 7200)] } })],
  ['has events of yesterday', aCase({ events: [warning('ProvisioningFailed', 'x'), warning('FailedCreate', quota)] })],
  ['can be seen without events and log only', aCase({ events: undefined, log: undefined })],
]

for (const [what, seen] of HEALTHY) {
  t.test(`says nothing of a tenant that ${what}`, async (t) => t.strictSame(diagnose(seen), []))
}
