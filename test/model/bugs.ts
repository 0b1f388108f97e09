import type { Seed } from '../helpers/seed.ts'

/** Bugs that could be in the source: the search must find each. `in`: the scenario that shows it. */
export type Bug = Seed & { name: string; in: string }

const ROWS = 'tenants/decide/rows.ts'
const CONFIRM = 'tenants/reconcile/confirm.ts'
const TRANSITIONS = 'tenants/record/transitions.ts'

export const BUGS: readonly Bug[] = [
  {
    name: 'an older record overrules a newer Deployment',
    file: ROWS,
    was: 'when: ({ fence, tenant }) => fence > tenant.generation',
    is: 'when: () => false',
    in: 'suspend, resume',
  },
  {
    name: 'the pause is not waited for',
    file: ROWS,
    was: 'when: ({ deployment }) => !isObserved(deployment)',
    is: 'when: () => false',
    in: 'resize in place, and back',
  },
  {
    name: 'the ReplicaSet keeps its size',
    file: ROWS,
    was: '!isSameSize(sizeIn(current(at)!), sizeIn(at.deployment)) || fenceOf(current(at)!) !== at.tenant.generation',
    is: 'false',
    in: 'resize in place, and back',
  },
  {
    name: 'an older ReplicaSet is left under the pause',
    file: ROWS,
    was: 'when: ({ owned }) => owned.length > 1',
    is: 'when: () => false',
    in: 'resize in place, an older ReplicaSet left',
  },
  {
    name: 'a rollout is disturbed',
    file: ROWS,
    was: 'when: ({ isSettled }) => !isSettled',
    is: 'when: () => false',
    in: 'resize by a restart, then in place',
  },
  {
    name: 'a stop is over while the pod ends',
    file: ROWS,
    was: 'when: ({ tenant, live }) => !tenant.running && live.length > 0',
    is: 'when: () => false',
    in: 'suspend, resume',
  },
  {
    name: 'the templates change before the node has granted the size',
    file: ROWS,
    was: 'when: (at) => resizeOf(at) !== undefined',
    is: 'when: () => false',
    in: 'resize in place, node too small',
  },
  {
    name: 'the templates change without a pause',
    file: 'manifests/deployment.ts',
    was: 'paused: true',
    is: 'paused: false',
    in: 'resize in place, and back',
  },
  {
    name: 'RAM grows before the volume',
    file: 'tenants/decide/decide-volume.ts',
    was: "return wait('volume', 'VolumeGrowing', message ?? 'the volume has not grown yet')",
    is: 'return undefined',
    in: 'resize in place, and back',
  },
  {
    name: 'a volume is asked for less than it has',
    file: 'tenants/decide/decide-volume.ts',
    was: 'const lowest = capacity + 1n',
    is: 'const lowest = capacity - 1n',
    in: 'resize in place, volume does not grow',
  },
  {
    name: 'an operation is over before the kubelet has seen the size',
    file: 'tenants/decide/pod-size.ts',
    was: 'if (reported === undefined ? isAsMade(pod) : covers(reported, wanted)) return HELD',
    is: 'return HELD',
    in: 'resize in place, and back',
  },
  {
    name: 'a pod that does not run yet counts as ready',
    file: 'tenants/decide/decide-pod.ts',
    was: 'if (!isReady(pod)) return notReady(pod)',
    is: '',
    in: 'create, pod taken away',
  },
  {
    name: 'a database starts before its Secret is there',
    file: 'tenants/decide/decide.ts',
    was: 'if (!spec.committed)',
    is: 'if (spec === undefined)',
    in: 'create, resize',
  },
  {
    name: 'the new key never comes into force',
    file: 'tenants/decide/decide.ts',
    was: 'if (spec.pendingKey !== null)',
    is: 'if (spec === undefined)',
    in: 'rotate the key',
  },
  {
    name: 'no quota keeps a second pod away',
    file: 'tenants/decide/decide-surroundings.ts',
    was: "if (part === 'quota' && live === undefined && rendered.claim && observed.claim === undefined) return []",
    is: "if (part === 'quota') return []",
    in: 'create, pod taken away',
  },
  {
    name: 'a pod is resized for a record that nobody has read anew',
    file: CONFIRM,
    was: "return ['deployments', 'pods', 'namespaces']",
    is: 'return []',
    in: 'resize in place, and back',
  },
  {
    name: 'success is told of what the watches said long ago',
    file: CONFIRM,
    was: "if (decision.next === 'done') return operation.type === 'create' && !hasEarlier ? [] : ['deployments', 'pods']",
    is: "if (decision.next === 'done') return []",
    in: 'rotate the key',
  },
  {
    name: 'a ReplicaSet is changed for a pause that is over',
    file: CONFIRM,
    was: "return ['replicaSets', 'deployments']",
    is: 'return []',
    in: 'resize in place, and back',
  },
  {
    name: 'what is known of an earlier tenant counts for its successor',
    file: CONFIRM,
    was: "operation.type === 'create' && !hasEarlier ? []",
    is: "operation.type === 'create' ? []",
    in: 'purge, create the same',
  },
  {
    name: 'objects are made for a tenant that has been purged',
    file: CONFIRM,
    was: "[resourceOf(act.object.kind!)!, 'namespaces']",
    is: '[resourceOf(act.object.kind!)!]',
    in: 'purge, create a smaller one',
  },
  {
    name: 'RAM grows while nobody knows of the volume',
    file: 'tenants/decide/decide-volume.ts',
    was: 'podOnNode(pods) !== undefined && requested < wanted',
    is: 'requested > wanted',
    in: 'create, resize',
  },
  {
    name: 'the record of a purged tenant overrules its successor',
    file: CONFIRM,
    was: 'hasLater && decision.acts.some(isOnExisting)',
    is: 'hasEarlier && hasLater',
    in: 'purge, create a smaller one',
  },
  {
    name: 'a Deployment is made anew by a process that has slept',
    file: CONFIRM,
    was: "return isEmpty ? ['namespaces'] : ['deployments', 'pods', 'namespaces']",
    is: 'return []',
    in: 'purge, create a smaller one',
  },
  {
    name: 'no fence is raised',
    file: TRANSITIONS,
    was: `workloadGeneration: touchesWorkload(operation.type, spec.desired, desired)
      ? generation
      : (spec.workloadGeneration ?? spec.generation),`,
    is: 'workloadGeneration: spec.workloadGeneration ?? spec.generation,',
    in: 'suspend, resume',
  },
  {
    name: 'a failed rotation leaves its key waiting',
    file: TRANSITIONS,
    was: 'desired, pendingKey: null, operation }',
    is: 'desired, operation }',
    in: 'rotate the key, time up',
  },
  {
    name: 'a failed resize goes nowhere',
    file: TRANSITIONS,
    was: "return type === 'resize' || type === 'update' || isRenewed",
    is: "return type === 'update' || isRenewed",
    in: 'resize in place, node too small',
  },
]
