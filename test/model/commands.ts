import { withPendingKey } from '../../src/manifests/pending-key.ts'
import { renderSecret } from '../../src/manifests/secret.ts'
import type { OperationType } from '../../src/tenants/record/operation.ts'
import type { Spec } from '../../src/tenants/record/spec.ts'
import { withOperation } from '../../src/tenants/record/transitions.ts'
import { anOperation, aSpec, liveNamespace } from '../helpers/observed.ts'
import { FakeWorkloads, timeOf } from '../unit/tenants/fake-workloads.ts'
import { NOW } from './api-server.ts'
import type { Step } from './controllers.ts'
import { withRecord } from './state.ts'

/** What callers ask for, as the routes write it down: each is one write, after which the replicas see to it. */

const SIZES = {
  1: { ramSize: '1Gi', storageSize: '2Gi', cpu: { request: '500m', limit: '1000m' } },
  2: { ramSize: '2Gi', storageSize: '4Gi', cpu: { request: '750m', limit: '1500m' } },
  4: { ramSize: '4Gi', storageSize: '8Gi', cpu: { request: '1000m', limit: '2000m' } },
} as const

/** The record of a tenant of that RAM (Gi) whose create has succeeded. */
export const specOf = (ram: keyof typeof SIZES) =>
  aSpec({ generation: 4, desired: SIZES[ram], previous: { ...aSpec().desired, ...SIZES[ram] } })

export function resize(ram: keyof typeof SIZES, how: 'inPlace' | 'restart' = 'inPlace'): Step {
  return command(`resize to ${ram}Gi, ${how}`, 'resize', ({ desired }) => {
    // A volume never shrinks.
    const storageSize = Number.parseInt(desired.storageSize, 10) > 2 * ram ? desired.storageSize : `${2 * ram}Gi`
    const change = { desired: { ...desired, ...SIZES[ram], storageSize } }
    return how === 'restart' ? { ...change, resize: 'restart' } : change
  })
}

export const suspend = command('suspend', 'suspend', () => ({ suspended: true }))
export const resume = command('resume', 'resume', () => ({ suspended: false }))
export const restart = command('restart', 'restart', renewed)
export const softDelete = command('delete', 'delete', () => ({ deletedAt: NOW }))
export const undelete = command('undelete', 'undelete', () => ({ deletedAt: null }))
export const purge = command('purge', 'purge', () => ({ deletedAt: NOW, purgeRequestedAt: NOW }))

/** The key waits in the Secret before the record says that it shall come into force. */
export const stageKey: Step = {
  name: 'stage a key',
  run: (state) => {
    const { secret, live } = state
    if (secret === undefined || live.record === undefined) return state
    const { operation } = started(live.record.spec, 'rotate-key', state.made)
    return { ...state, secret: withPendingKey(secret, operation.id, JSON.stringify(operation), `key-${operation.id}`) }
  },
}
export const rotateKey = command('rotate the key', 'rotate-key', (spec) => {
  return { ...renewed(spec), pendingKey: started(spec, 'rotate-key', 0).operation.id }
})

/** Only where there is no namespace of that name. */
export const claimNamespace = (ram: keyof typeof SIZES): Step => ({
  name: `claim the namespace for ${ram}Gi`,
  run: (state) => {
    if (state.live.record) return state
    const { operation } = started(aSpec({ generation: state.made }), 'create', state.made)
    const spec = aSpec({ generation: 1, committed: false, desired: SIZES[ram], previous: null, operation })
    const namespace = liveNamespace(spec)
    const creationTimestamp = timeOf(state.made)
    const metadata = {
      ...namespace.metadata,
      creationTimestamp,
      uid: `uid-of-Namespace-${state.made}`,
      annotations: {},
    }
    const record = { namespace: { ...namespace, metadata }, spec }
    return { ...state, made: state.made + 1, live: { replicaSets: [], pods: [], record } }
  },
})
export const postSecret: Step = {
  name: 'post the Secret',
  run: (state) => {
    const { record } = state.live
    if (record === undefined || state.secret !== undefined) return state
    return { ...state, secret: secretOf(record.spec) }
  },
}

export const secretOf = ({ userId, operation }: Spec) =>
  renderSecret(userId, `key-${operation.id}`, JSON.stringify(operation))

/** A hand, or the cluster, takes the pod away. */
export const evict: Step = {
  name: 'evict',
  run: (state) => {
    const workloads = new FakeWorkloads(undefined, [], state.live.pods)
    for (const pod of state.live.pods) workloads.deletePod(pod)
    return { ...state, live: { ...state.live, pods: workloads.pods } }
  },
}
export const timeUp: Step = {
  name: 'time is up',
  run: (state) => {
    const operation = state.live.record?.spec.operation
    return operation?.state === 'running' ? { ...state, overdue: operation.id } : state
  },
}
export const removeQuota: Step = {
  name: 'a hand removes the quota',
  run: (state) => ({ ...state, live: { ...state.live, quota: undefined } }),
}

/** With all that it controls; and what its controller makes of it meanwhile goes too. */
export const removeDeployment: Step = {
  name: 'a hand removes the Deployment',
  run: (state) => {
    const workloads = new FakeWorkloads(undefined, [], state.live.pods)
    for (const pod of state.live.pods) workloads.deletePod(pod)
    const live = { ...state.live, deployment: undefined, replicaSets: [], pods: workloads.pods }
    return { ...state, live, stops: state.stops + 1 }
  },
}

function renewed({ desired }: Spec) {
  return { desired: { ...desired, templateRevision: desired.templateRevision + 1 } }
}

/** Operations by the generation that they make: any text of 26 characters of that alphabet will do. */
function started({ generation }: Spec, type: OperationType, made: number) {
  const id = `01JGFJJZ00000000000000${String(1000 + generation)}`
  const operation = anOperation({ id, type, state: 'running', startedAt: justBefore(made), finishedAt: null })
  return { operation }
}

/** After all that was made, and before all that will be. */
const justBefore = (made: number) => new Date(timeOf(made).getTime() - 500).toISOString()

function command(
  name: string,
  type: OperationType,
  change: (spec: Spec) => Partial<Spec> & { resize?: 'restart' },
): Step {
  return {
    name,
    run: (state) => {
      const spec = state.live.record?.spec
      if (spec === undefined || !spec.committed || spec.purgeRequestedAt !== null) return state
      const { resize, ...changes } = change(spec)
      const { operation } = started(spec, type, state.made)
      const next = withOperation(spec, resize ? { ...operation, resize } : operation, changes)
      const stopped = STOPS.has(type) || resize !== undefined ? 1 : 0
      return { ...withRecord(state, next), stops: state.stops + stopped }
    },
  }
}

const STOPS = new Set<OperationType>(['suspend', 'restart', 'rotate-key', 'delete', 'purge'])
