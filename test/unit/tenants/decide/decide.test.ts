import type { V1ResourceQuota } from '@kubernetes/client-node'
import t from 'tap'
import { FIELD_MANAGER } from '../../../../src/manifests/labels.ts'
import { type Decision, decide } from '../../../../src/tenants/decide/decide.ts'
import type { Observed } from '../../../../src/tenants/observe/observed.ts'
import type { Spec } from '../../../../src/tenants/record/spec.ts'
import { SURVEYED } from '../../../fixtures/tenants.ts'
import {
  anOperation,
  aSpec,
  endedPod,
  liveClaim,
  liveDeployment,
  liveNamespace,
  liveReplicaSet,
  observed,
  readyPod,
  startingPod,
  terminating,
} from '../../../helpers/observed.ts'

const THEN = '2026-01-02T00:00:00.000Z'
const NAMESPACE_UID = '0a1b2c3d-0000-4000-8000-000000000000'
const LARGER = aSpec({ desired: { ramSize: '4Gi', storageSize: '8Gi' } })
const PURGED = aSpec({ generation: 2, deletedAt: THEN, purgeRequestedAt: THEN })

const decideFor = (spec: Spec, seen?: Partial<Observed>) => decide(spec, observed(spec, seen), SURVEYED)
const acts = (decision: Decision) => (decision.next === 'act' ? decision.acts : [])
/** What is applied, as `Kind@resourceVersion`. */
const applied = (decision: Decision) =>
  acts(decision).map((act) => (act.do === 'apply' ? `${act.object.kind}@${act.resourceVersion ?? 'none'}` : act.do))

const quotaSpec = (object: { kind?: string }) => (object as V1ResourceQuota).spec!

t.test('is done with a tenant that is as it shall be', async (t) => {
  t.same(decideFor(aSpec()), { step: 'ready', next: 'done' })
  t.same(decideFor(aSpec({ deletedAt: THEN })), { step: 'stop', next: 'done' })
})

t.test('commits a create before anything else is made', async (t) => {
  const nothing = { deployment: undefined, claim: undefined, service: undefined, quota: undefined, pods: [] }
  t.same(decideFor(aSpec({ committed: false }), nothing), { step: 'commit', next: 'act', acts: [{ do: 'commit' }] })
})

t.test('takes a tenant out of the hands of Helm before anything else, once, unless it is purged', async (t) => {
  const helm = { release: 'db-user123', taken: false }
  const takeover = { step: 'takeover', next: 'act', acts: [{ do: 'take-over' }] }
  t.same(decideFor(aSpec({ helm }), { service: undefined, roleBinding: undefined }), takeover)
  t.same(decideFor(aSpec({ helm, deletedAt: THEN })), takeover, 'deleted: Helm could still remove the volume')
  t.equal(decideFor(aSpec({ helm: { ...helm, taken: true } })).next, 'done')
  t.equal(decideFor({ ...PURGED, helm }).step, 'namespace')
})

t.test('makes sure that there can be one pod only before it touches what Helm has made', async (t) => {
  const spec = aSpec({ helm: { release: 'db-user123', taken: false } })
  const rolling = liveDeployment(spec, (live) => {
    live.spec!.strategy = { type: 'RollingUpdate' }
  })
  const all = { deployment: rolling, quota: undefined }
  t.match(decideFor(spec, all), { step: 'takeover', acts: [{ do: 'set-recreate' }] })
  t.same(applied(decideFor(spec, { quota: undefined })), ['ResourceQuota@none'])
  const lax = observed(spec).quota!
  lax.spec!.hard!.pods = '2'
  t.same(applied(decideFor(spec, { quota: lax })), ['ResourceQuota@100'])
})

t.test(
  'stops what shall stop before anything else, whatever is missing, refused or waited for around it',
  async (t) => {
    const runs = { deployment: liveDeployment(aSpec()), pods: [readyPod(aSpec())] }
    const ruins = { ...runs, quota: undefined, service: undefined, networkPolicy: undefined, claim: undefined }
    const waits = { ...runs, claim: liveClaim(aSpec(), { phase: 'Pending' }) }
    const helm = { release: 'db-user123', taken: false }
    for (const spec of [
      { suspended: true },
      { deletedAt: THEN },
      { deletedAt: THEN, helm },
      { deletedAt: THEN, pendingKey: 'x' },
    ]) {
      for (const seen of [runs, ruins, waits]) {
        const decision = decideFor(aSpec({ generation: 2, ...spec }), seen)
        t.equal(decision.step, 'stop')
        t.match(acts(decision), [{ do: 'apply', object: { kind: 'Deployment', spec: { replicas: 0 } } }])
      }
    }
  },
)

t.test('waits for a namespace that is being deleted, whatever else is so', async (t) => {
  for (const spec of [aSpec(), aSpec({ committed: false }), PURGED]) {
    const seen = { namespace: terminating(liveNamespace(spec)), claim: undefined, pods: [] }
    t.match(decideFor(spec, seen), { step: 'namespace', next: 'wait', reason: 'NamespaceTerminating' })
  }
})

t.test('applies all missing objects at once, the Deployment and the quota not among them', async (t) => {
  const missing = { roleBinding: undefined, quota: undefined, claim: undefined, service: undefined }
  const decision = decideFor(aSpec(), { ...missing, networkPolicy: undefined, deployment: undefined, pods: [] })
  t.equal(decision.step, 'objects')
  t.same(applied(decision), ['RoleBinding@none', 'PersistentVolumeClaim@none', 'Service@none', 'NetworkPolicy@none'])
})

t.test('makes the quota after the claim, which a cut-off create would use up, and before the Deployment', async (t) => {
  const missing = { quota: undefined, deployment: undefined, pods: [] }
  t.same(applied(decideFor(aSpec(), { ...missing, claim: undefined })), ['PersistentVolumeClaim@none'])
  t.same(applied(decideFor(aSpec(), missing)), ['ResourceQuota@none'])
})

t.test('applies an object that says something else, at the version that was read', async (t) => {
  const quota = observed(aSpec()).quota!
  quota.spec!.hard!.pods = '2'
  quota.metadata!.resourceVersion = '77'
  t.same(applied(decideFor(aSpec(), { quota })), ['ResourceQuota@77'])
})

t.test('leaves alone what the server and others add to an object', async (t) => {
  const service = observed(aSpec()).service!
  service.spec = { ...service.spec, clusterIP: '10.0.0.7', ipFamilies: ['IPv4'], sessionAffinity: 'None' }
  service.metadata!.labels!['example.com/team'] = 'blue'
  t.equal(decideFor(aSpec(), { service }).next, 'done')
})

t.test('makes an Ingress anew that shall have the default class again, which only a new one is given', async (t) => {
  const hosts = [{ host: 'a.example.com', paths: [{ path: '/', pathType: 'Prefix' as const }] }]
  const spec = aSpec({ options: { ingress: { enabled: true, hosts } }, operation: anOperation({ type: 'update' }) })
  const { ingress } = observed(spec)
  ingress!.spec!.ingressClassName = 'by-default'
  t.equal(decideFor(spec, { ingress }).next, 'done', 'the class that the cluster has given it')
  const written = { 'f:spec': { 'f:ingressClassName': {} } }
  ingress!.metadata!.managedFields = [{ manager: FIELD_MANAGER, operation: 'Update', fieldsV1: written }]
  t.match(acts(decideFor(spec, { ingress })), [{ do: 'delete', kind: 'Ingress' }], 'the class that was asked for')
  t.match(decideFor(spec, { ingress: terminating(ingress!) }), { next: 'wait', reason: 'IngressTerminating' })
  const resized = { ...spec, operation: anOperation({ type: 'resize' }) }
  t.equal(decideFor(resized, { ingress: terminating(ingress!) }).next, 'done', 'no other operation waits for it')
})

t.test('says of a pod that waits for its claim that it does', async (t) => {
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no volume' }]
  const pods = [startingPod(aSpec(), { conditions })]
  const seen = { pods, claim: liveClaim(aSpec(), { phase: 'Pending' }) }
  t.match(decideFor(aSpec(), seen), {
    next: 'wait',
    reason: 'ClaimNotBound',
    message: 'the claim is Pending; no volume',
  })
})

t.test('is not done while a claim that was not bound when it was read has to grow', async (t) => {
  const claim = liveClaim(LARGER, { requested: '4Gi', phase: 'Pending' })
  t.match(decideFor(LARGER, { claim }), { next: 'wait', reason: 'ClaimNotBound' })
  t.equal(decideFor({ ...LARGER, suspended: true }, { claim }).next, 'done', 'nothing binds it while nothing runs')
})

t.test('has the quota count pods with a priority class only, once no other can be a database', async (t) => {
  const spec = aSpec({ options: { priorityClassName: 'customers' } })
  const without = aSpec()
  const scopeOf = (seen: Partial<Observed>, wanted = spec) => {
    const [act] = acts(decideFor(wanted, { quota: undefined, ...seen }))
    const { hard, scopeSelector } =
      act?.do === 'apply' && act.object.kind === 'ResourceQuota' ? quotaSpec(act.object) : {}
    return [scopeSelector?.matchExpressions?.[0]?.operator, hard]
  }
  const scoped = ['Exists', { pods: '1' }]
  const unscoped = [undefined, { pods: '1', persistentvolumeclaims: '1' }]
  t.strictSame(scopeOf({}), scoped)
  t.strictSame(scopeOf({ deployment: undefined, replicaSets: [], pods: [] }), scoped, 'a new tenant')
  t.strictSame(scopeOf({ pods: [readyPod(spec), endedPod(without)] }), scoped, 'what has ended writes no more')
  t.strictSame(scopeOf({ pods: [terminating(readyPod(without))] }), unscoped, 'a pod without')
  t.strictSame(scopeOf({ deployment: liveDeployment(without) }), unscoped, 'a Deployment that would make one')
  t.strictSame(scopeOf({ replicaSets: [liveReplicaSet(without)] }), unscoped, 'a ReplicaSet that would make one')
  t.strictSame(scopeOf({}, without), unscoped, 'none is wanted any more')

  const quota = observed(without).quota!
  t.same(applied(decideFor(spec, { quota })), ['ResourceQuota@100'])
  quota.spec!.hard!.secrets = '5'
  t.equal(decideFor(spec, { quota }).next, 'done', 'a row of others may not go with the scope')
})

t.test('makes no NetworkPolicy for a tenant that does without, and removes the one that is there', async (t) => {
  const without = aSpec({ options: { networkPolicy: { enabled: false } } })
  t.equal(decideFor(without, { networkPolicy: undefined }).next, 'done')
  const { networkPolicy } = observed(aSpec())
  t.match(acts(decideFor(without, { networkPolicy })), [
    { do: 'delete', kind: 'NetworkPolicy', name: networkPolicy?.metadata?.name },
  ])
  delete networkPolicy!.metadata!.labels
  t.equal(decideFor(without, { networkPolicy }).next, 'done', 'but not one that somebody else has made')
})

t.test('makes a binding to the role of a service of another name anew, as its role cannot be changed', async (t) => {
  const { roleBinding } = observed(aSpec())
  roleBinding!.roleRef.name = 'another-tenant'
  const { name, uid } = roleBinding!.metadata!
  t.same(acts(decideFor(aSpec(), { roleBinding })), [{ do: 'delete', kind: 'RoleBinding', name, uid }])
})

t.test('takes the Ingress away from a deleted tenant', async (t) => {
  const hosts = [{ host: 'a.example.com', paths: [{ path: '/', pathType: 'Prefix' as const }] }]
  const spec = aSpec({ options: { ingress: { enabled: true, hosts } } })
  const { ingress } = observed(spec)
  t.ok(ingress)
  const deleted = { ...spec, deletedAt: '2026-01-02T00:00:00.000Z' }
  t.match(acts(decideFor(deleted, { ingress })), [{ do: 'delete', kind: 'Ingress' }])
})

t.test(
  'neither makes nor grows a claim for a tenant without storage, and waits for one that an operator prepares',
  async (t) => {
    const without = aSpec({ options: { storage: { enabled: false } } })
    t.equal(decideFor(without, { claim: undefined, deployment: liveDeployment(without) }).next, 'done')
    const prepared = aSpec({ options: { storage: { existingClaim: 'theirs' } } })
    t.match(decideFor(prepared, { claim: undefined, deployment: liveDeployment(prepared) }), {
      next: 'wait',
      reason: 'ClaimMissing',
    })
  },
)

t.test('does not touch an object that is going, and makes it anew when it is gone', async (t) => {
  const { service } = observed(aSpec())
  service!.spec!.type = 'NodePort'
  t.equal(decideFor(aSpec(), { service: terminating(service!) }).next, 'done')
  t.same(applied(decideFor(aSpec(), { service: undefined })), ['Service@none'])
})

t.test('grows a claim that is too small, at the version that was read, before the RAM', async (t) => {
  const decision = decideFor(LARGER, { claim: liveClaim(aSpec()), deployment: liveDeployment(aSpec()) })
  t.equal(decision.step, 'volume')
  t.same(applied(decision), ['PersistentVolumeClaim@100'])
  t.match(acts(decision), [{ object: { spec: { resources: { requests: { storage: '8Gi' } } } } }])
})

t.test('purges the namespace first, so that nothing new is made in it, whatever would be refused there', async (t) => {
  const pods = [readyPod(aSpec())]
  const seen = { deployment: liveDeployment(aSpec()), pods, service: undefined }
  t.same(acts(decideFor(PURGED, seen)), [{ do: 'delete-namespace', uid: NAMESPACE_UID }])
})

t.test('then shortens the grace of its pods, of those that are ending already too', async (t) => {
  const namespace = terminating(liveNamespace(PURGED))
  const pods = [readyPod(aSpec()), endedPod(aSpec())]
  const shorten = [{ do: 'delete-pod', name: 'pod-1', uid: 'uid-of-pod-1', graceSeconds: 1 }]
  t.same(decideFor(PURGED, { namespace, pods }), { step: 'namespace', next: 'act', acts: shorten })
  const ending = terminating(readyPod(aSpec()))
  ending.metadata!.deletionGracePeriodSeconds = 20
  t.same(acts(decideFor(PURGED, { namespace, pods: [ending] })), shorten)
  ending.metadata!.deletionGracePeriodSeconds = 1
  t.equal(decideFor(PURGED, { namespace, pods: [ending] }).next, 'wait')
})

t.test('purges whatever is left of a tenant', async (t) => {
  const ruins = { deployment: undefined, claim: undefined, service: undefined, pods: [] }
  for (const spec of [PURGED, { ...PURGED, committed: false }]) {
    t.same(acts(decideFor(spec, ruins)), [{ do: 'delete-namespace', uid: NAMESPACE_UID }])
  }
  t.same(acts(decideFor(PURGED, { deployment: terminating(liveDeployment(aSpec())) })), [
    { do: 'delete-namespace', uid: NAMESPACE_UID },
  ])
})
