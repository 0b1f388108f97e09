import { promoted } from '../../src/manifests/pending-key.ts'
import type { Admission } from '../../src/tenants/decide/admission.ts'
import type { Act } from '../../src/tenants/decide/decide.ts'
import { claimSizes, isTerminating } from '../../src/tenants/observe/observed.ts'
import { committedBy } from '../../src/tenants/record/ownership.ts'
import { committed, failed, succeeded } from '../../src/tenants/record/transitions.ts'
import { terminating } from '../helpers/observed.ts'
import { FakeTenant } from '../unit/tenants/fake-tenant.ts'
import { ConflictError } from '../unit/tenants/fake-workloads.ts'
import { type Objects, observedOf, type State, type Write, withRecord } from './state.ts'

export const NOW = '2026-01-01T01:00:00.000Z'

/** What came of a write: the resource that its answer tells of, and what is known of a manifest now. */
type Written = { state: State; resource?: string; admission?: Record<string, Admission> }

/** @throws ConflictError if the object has changed since it was seen; Error if the write changes nothing, which none may */
export function write(state: State, seen: Objects, next: Write): Written {
  switch (next.do) {
    case 'finish':
      return { state: finish(state, next), resource: 'namespaces' }
    case 'raise':
      return { state: raise(state, next.fence), resource: 'namespaces' }
    case 'commit':
      return { state: commit(state), resource: 'namespaces' }
    case 'promote-key':
      return { state: promote(state, next.operationId), resource: 'namespaces' }
    case 'delete-namespace':
      return { state: deleteNamespace(state, next.uid), resource: 'namespaces' }
    default:
      return onObjects(state, seen, next)
  }
}

function finish(state: State, { spec, failure }: Write & { do: 'finish' }): State {
  const live = state.live.record?.spec
  const isStill = live?.generation === spec.generation && live.operation.id === spec.operation.id
  if (live === undefined || !isStill || live.operation.state !== 'running') return state
  if (failure === undefined) return withRecord(state, succeeded(live, NOW))
  const after = failed(live, failure, claimSizes(state.live.claim).capacity, NOW)
  // What has come by a restart goes back by another one.
  const isBack = after.desired.templateRevision !== live.desired.templateRevision || live.operation.resize === 'restart'
  return { ...withRecord(state, after), stops: state.stops + (isBack ? 1 : 0) }
}

function raise(state: State, fence: number): State {
  const spec = state.live.record?.spec
  if (spec === undefined || spec.generation >= fence) return state
  return withRecord(state, { ...spec, generation: fence, workloadGeneration: fence })
}

function commit(state: State): State {
  const owner = committedBy(state.secret?.metadata?.annotations)
  const { record } = state.live
  if (owner === undefined || record === undefined || record.spec.committed) return state
  return withRecord(state, committed(record.spec, owner))
}

function promote(state: State, operationId: string): State {
  const { secret, live } = state
  if (secret === undefined || live.record === undefined) throw new ConflictError('it is gone')
  const isDone = committedBy(secret.metadata?.annotations)?.id === operationId
  const next = isDone ? secret : promoted(secret, operationId, () => false)
  const { spec } = live.record
  if (next === undefined) {
    if (spec.operation.id === operationId) throw new Error('the key of a rotation was lost')
    return spec.pendingKey === operationId ? withRecord(state, { ...spec, pendingKey: null }) : state
  }
  const written = { ...state, secret: next }
  return spec.pendingKey === operationId ? withRecord(written, { ...spec, pendingKey: null }) : written
}

function deleteNamespace(state: State, uid: string): State {
  const { record } = state.live
  if (record?.namespace.metadata?.uid !== uid) throw new ConflictError('another namespace was meant')
  if (isTerminating(record.namespace)) return state
  return { ...state, live: { ...state.live, record: { ...record, namespace: terminating(record.namespace) } } }
}

function onObjects(state: State, seen: Objects, act: Act): Written {
  const observed = observedOf(state.live)
  const isMade = act.do === 'apply' && act.resourceVersion === undefined
  if (observed === undefined || (isMade && isTerminating(observed.namespace))) throw new ConflictError('namespace')
  if (act.do === 'dry-run') return { state, admission: tried(state, act) }
  const { record } = state.live
  const fake = new FakeTenant(record!.spec, observed, state.made)
  fake.do(act)
  const { namespace: _, secretExists: _known, ...objects } = fake.observed
  const written = { ...state, made: fake.made, live: { ...objects, record: record! } as Objects }
  if (act.do !== 'apply') return { state: written, ...resourceOf(act) }
  const stored = act.object.kind === 'Deployment' && fake.observed.deployment
  const isKept = stored && stored.metadata?.resourceVersion === seen.deployment?.metadata?.resourceVersion
  const admission = isKept ? { admission: known(stored, act.object, stored) } : {}
  return { state: written, ...resourceOf(act), ...admission }
}

/** No policy changes anything here. */
function tried({ live }: State, { object, resourceVersion, uid }: Act & { do: 'dry-run' }) {
  const { deployment } = live
  if (deployment?.metadata?.uid !== uid || deployment.metadata.resourceVersion !== resourceVersion) {
    throw new ConflictError('Deployment')
  }
  const fake = new FakeTenant({} as never, observedOf(live)!)
  fake.do({ do: 'dry-run', object, uid, resourceVersion })
  return Object.fromEntries(fake.admissions)
}

function known({ metadata }: NonNullable<Objects['deployment']>, manifest: object, stored: object) {
  const { uid, resourceVersion } = metadata as { uid: string; resourceVersion: string }
  return { [uid]: { resourceVersion, manifest: JSON.stringify(manifest), stored } }
}

function resourceOf(act: Act): { resource?: string } {
  if (act.do === 'resize-pod' || act.do === 'delete-pod') return { resource: 'pods' }
  if (act.do === 'patch-replica-set' || act.do === 'delete-replica-set') return { resource: 'replicaSets' }
  if (act.do !== 'apply') return {}
  const { kind } = act.object
  return {
    resource: kind === 'Deployment' ? 'deployments' : kind === 'PersistentVolumeClaim' ? 'claims' : 'surroundings',
  }
}
