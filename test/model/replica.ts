import { decide } from '../../src/tenants/decide/decide.ts'
import { hasEarlier, hasLater } from '../../src/tenants/observe/observed.ts'
import { restsOn } from '../../src/tenants/reconcile/confirm.ts'
import { SURVEYED } from '../fixtures/tenants.ts'
import { ConflictError } from '../unit/tenants/fake-workloads.ts'
import { write } from './api-server.ts'
import { keyOfReplica, type Objects, observedOf, type Replica, type State, type Write, withReplica } from './state.ts'

/** More than the longest pass has. */
export const CALLS_OF_A_PASS = 24

/** What a watch tells of by itself. Those of the surroundings come together. */
export const WATCHES = ['namespaces', 'deployments', 'replicaSets', 'pods', 'claims', 'surroundings'] as const

/** A watch tells of one resource; or it is read. */
export function see(state: State, index: 0 | 1, resource: string): State {
  return withReplica(state, index, { seen: seenAnew(state.replicas[index].seen, state.live, resource) })
}

export function seenAnew(seen: Objects, live: Objects, resource: string): Objects {
  const { record, deployment, replicaSets, pods, claim, ...surroundings } = live
  const { quota, service, roleBinding, networkPolicy, ingress } = surroundings
  switch (resource) {
    case 'namespaces':
      return { ...seen, record }
    case 'deployments':
      return { ...seen, deployment }
    case 'replicaSets':
      return { ...seen, replicaSets }
    case 'pods':
      return { ...seen, pods }
    case 'claims':
      return { ...seen, claim }
    default:
      return { ...seen, quota, service, roleBinding, networkPolicy, ingress }
  }
}

export function seeAll(state: State, index: 0 | 1): State {
  return withReplica(state, index, { seen: state.live })
}

/** The process ends at once; the next one begins with a list of everything. */
export function crash(state: State, index: 0 | 1): State {
  return withReplica(state, index, { seen: state.live, toRead: [], fresh: [], writes: [], admissions: {} })
}

/** As `reconcile` does it, one call to the API server at a time. Nothing changes where there is nothing to do. */
export function step(state: State, index: 0 | 1): State {
  const replica = state.replicas[index]
  if (replica.writes.length === 0 && replica.toRead.length === 0) {
    const decided = look(state, index)
    return decided === state ? state : call(decided, index)
  }
  return call(state, index)
}

/** As long as the pass lasts that it is in, or begins. */
export function work(state: State, index: 0 | 1): State {
  let last = state
  for (let calls = 0; calls < CALLS_OF_A_PASS; calls++) {
    const next = step(last, index)
    if (next === last) break
    last = next
    if (!isInPass(last.replicas[index])) break
  }
  return last
}

/** Whether a replica stands between two calls of one pass. */
export const isInPass = ({ writes, toRead }: Replica) => writes.length > 0 || toRead.length > 0

function call(state: State, index: 0 | 1): State {
  const { writes, toRead } = state.replicas[index]
  const [next, ...later] = writes
  if (next) return writeNext(withReplica(state, index, { writes: later }), index, next)
  const [resource, ...others] = toRead
  const read = withReplica(see(state, index, resource!), index, { toRead: others })
  return others.length > 0 ? read : look(read, index)
}

/** Decides on what was seen, and says what must be read anew or be written for it. */
function look(before: State, index: 0 | 1): State {
  const state = mayHideDeployment(before.replicas[index].seen) ? see(before, index, 'deployments') : before
  const replica = state.replicas[index]
  const { fresh } = replica
  if (replica.seen.record === undefined) return fresh.length > 0 ? withReplica(state, index, { fresh: [] }) : state
  const { stale, writes } = decided(replica, state.overdue)
  if (!stale.every((resource) => fresh.includes(resource))) {
    return withReplica(state, index, { toRead: stale, fresh: stale })
  }
  return writes.length > 0 || fresh.length > 0 ? withReplica(state, index, { fresh: [], writes }) : state
}

const ANY_FAILURE = { reason: 'Any', message: 'any', tenantUsable: true, retryable: true }

type Decided = { stale: readonly string[]; writes: readonly Write[] }
const known = new Map<string, Decided>()

/** What follows from what was seen follows from it each time. */
function decided(replica: Replica, overdue: string | undefined): Decided {
  const key = keyOfReplica({ seen: replica.seen, admissions: replica.admissions }, overdue)
  const found = known.get(key) ?? decideAnew(replica, overdue)
  known.set(key, found)
  return found
}

/** As `advance` and `settle` do it. */
function decideAnew({ seen, admissions }: Replica, overdue: string | undefined): Decided {
  const { spec } = seen.record!
  const observed = observedOf(seen)!
  const decision = decide(spec, observed, { ...SURVEYED, admissions: new Map(Object.entries(admissions)) })
  const isRunning = spec.operation.state === 'running'
  const isOverdue = isRunning && spec.operation.id === overdue
  const stale = restsOn(decision, spec, {
    isOverdue,
    hasEarlier: hasEarlier(observed),
    hasLater: hasLater(observed, spec.operation.startedAt),
  })
  return { stale, writes: writesFor() }

  function writesFor(): Write[] {
    if (isRunning && decision.next === 'done') return [{ do: 'finish', spec }]
    if (isRunning && (isOverdue || decision.next === 'failed' || decision.next === 'infeasible')) {
      return [{ do: 'finish', spec, failure: ANY_FAILURE }]
    }
    if (decision.next === 'reread') return [{ do: 'raise', fence: decision.fence }]
    return decision.next === 'act' ? decision.acts : []
  }
}

const mayHideDeployment = ({ deployment, replicaSets, pods }: Objects) =>
  deployment === undefined && replicaSets.length + pods.length > 0

/** What was written is known to the replica that wrote it, and to no other. */
function writeNext(state: State, index: 0 | 1, next: Write): State {
  try {
    const { state: written, admission, resource } = write(state, state.replicas[index].seen, next)
    const { admissions } = written.replicas[index]
    const told = admission ? withReplica(written, index, { admissions: { ...admissions, ...admission } }) : written
    return resource ? see(told, index, resource) : told
  } catch (error) {
    // Somebody was faster, which the watches will tell.
    if (error instanceof ConflictError) return state
    throw error
  }
}
