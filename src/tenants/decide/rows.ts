/**
 * The sequence of a RAM change without a restart, as a table: the first row that holds wins, and after any act everything is
 * read again. It is the only place that changes a Deployment, which is the only object whose change can restart a database.
 */

import { renderDeployment, renderPaused, renderScaledBack } from '../../manifests/deployment.ts'
import { renderResources } from '../../manifests/pod-template.ts'
import { admissionOf, essential, isKept, noted, unexplained } from './admission.ts'
import type { Decision } from './decide.ts'
import { decidePod, noPod, resizePod, rollout } from './decide-pod.ts'
import { act, applied, notAccepted, tried, wait, writeOf } from './decisions.ts'
import { wakeController } from './refused-pod.ts'
import { currentReplicaSet, fenceOf, isObserved, isSameSize, sizeChange, sizeIn } from './replica-sets.ts'
import type { Situation } from './situation.ts'

export type Row = { name: string; when: (at: Situation) => boolean; do: (at: Situation) => Decision }

/** What stops and starts pods anyway. */
const STOP_AND_START: readonly Row[] = [
  {
    name: 'a newer fence than the record',
    when: ({ fence, tenant }) => fence > tenant.generation,
    do: ({ fence }) => ({ step: 'deployment', next: 'reread', fence }),
  },
  {
    name: 'shall not run, and says something else',
    when: (at) => !at.tenant.running && write(at) !== undefined,
    do: (at) => written('stop', at),
  },
  {
    name: 'shall not run, not observed',
    when: ({ tenant, deployment }) => !tenant.running && !isObserved(deployment),
    do: () => wait('stop', 'NotObserved', 'the Deployment controller has not seen the change'),
  },
  {
    name: 'shall not run, pod ending',
    when: ({ tenant, live }) => !tenant.running && live.length > 0,
    do: () => wait('stop', 'PodTerminating', 'the pod is ending'),
  },
  { name: 'does not run', when: ({ tenant }) => !tenant.running, do: () => ({ step: 'stop', next: 'done' }) },
  {
    name: 'shall run, old pod ending',
    when: ({ isStopped, live }) => isStopped && live.length > 0,
    do: () => wait('stop', 'PodTerminating', 'the old pod is still ending'),
  },
  {
    name: 'shall run, or have a new template',
    when: ({ isStopped, isTemplateDue }) => isStopped || isTemplateDue,
    do: ({ tenant, deployment }) => act('deployment', applied(renderDeployment(tenant), deployment)),
  },
  {
    name: 'sizes by a restart',
    when: (at) => (at.tenant.resize === 'restart' || at.isWithoutNode) && write(at) !== undefined,
    do: (at) => written('deployment', at),
  },
]

/** Is it as it shall be, and if not, may it be changed without a restart? Pod first: the node must grant the size. */
const UNPAUSED: readonly Row[] = [
  {
    name: 'refused by a quota that has room again',
    when: (at) => wakeController(at) !== undefined,
    do: (at) => wakeController(at)!,
  },
  {
    // Another hand, or an autoscaler. The quota lets no second pod come, so that a rollout would seem to be under way for ever.
    name: 'scaled, not tried',
    when: ({ isScaled, isTried }) => isScaled && !isTried,
    do: ({ wanted, deployment }) => act('deployment', tried(wanted, deployment)),
  },
  {
    name: 'scaled',
    when: ({ isScaled, templateChanges }) => isScaled && templateChanges.length === 0,
    do: ({ tenant, deployment }) => act('deployment', applied(renderScaledBack(tenant, deployment), deployment)),
  },
  { name: 'rolling out', when: ({ isSettled }) => !isSettled, do: rollout },
  { name: 'as it shall be', when: ({ differing }) => differing.length === 0, do: decidePod },
  { name: 'differs, no pod', when: ({ pod }) => pod === undefined, do: ({ live }) => noPod(live) },
  {
    // A policy that rewrites templates would make any write a roll: that must be known before.
    name: 'differs, not tried',
    when: ({ isTried }) => !isTried,
    do: ({ wanted, deployment }) => act('deployment', tried(wanted, deployment)),
  },
  {
    name: 'a policy changes what must be',
    when: ({ rewritten }) => essential(rewritten).length > 0,
    do: ({ rewritten }) => notAccepted('deployment', essential(rewritten)),
  },
  {
    name: 'a policy keeps it as it is',
    when: ({ deployment, stored }) => stored !== undefined && isKept(deployment, stored),
    do: ({ wanted, rewritten, deployment }) => act('deployment', applied(noted(wanted, rewritten), deployment)),
  },
  {
    // A fence alone is not worth a restart.
    name: 'a policy changes the template, sizes right',
    when: ({ templateChanges, deployment, stored }) =>
      templateChanges.length > 0 && isSameSize(sizeIn(deployment), sizeIn(stored!)),
    do: decidePod,
  },
  {
    name: 'a policy changes the template',
    when: ({ templateChanges }) => templateChanges.length > 0,
    do: ({ templateChanges }) => {
      const message = `a policy of the cluster changes ${templateChanges.join(', ')}`
      return { step: 'deployment', next: 'rewritten', message }
    },
  },
  {
    name: 'differs, pod of another size',
    when: (at) => resizeOf(at) !== undefined,
    do: (at) => resizeOf(at)!,
  },
  {
    name: 'differs, pod granted',
    when: () => true,
    do: ({ tenant, deployment, rewritten }) =>
      act('deployment', applied(noted(renderPaused(tenant, deployment), rewritten), deployment)),
  },
]

/** Under a pause the controller starts no pods of another template: here the templates are made equal. */
const PAUSED: readonly Row[] = [
  {
    name: 'paused, differs',
    when: (at) => !isPausedAsWanted(at),
    do: ({ tenant, deployment }) => act('deployment', applied(renderPaused(tenant, deployment), deployment)),
  },
  {
    // An unobserved pause is overtaken by a roll.
    name: 'paused, not observed',
    when: ({ deployment }) => !isObserved(deployment),
    do: () => wait('deployment', 'NotObserved', 'the pause has not been seen by the Deployment controller'),
  },
  {
    name: 'paused, no ReplicaSet to follow: a roll is due',
    when: (at) => current(at) === undefined,
    do: unpause,
  },
  {
    name: 'paused, another ReplicaSet',
    when: ({ owned }) => owned.length > 1,
    do: (at) => {
      const other = at.owned.find((one) => one !== current(at))!
      const { name, uid, resourceVersion } = other.metadata as { name: string; uid: string; resourceVersion: string }
      return act('deployment', { do: 'delete-replica-set', name, uid, resourceVersion })
    },
  },
  {
    name: 'paused, ReplicaSet differs',
    when: (at) =>
      !isSameSize(sizeIn(current(at)!), sizeIn(at.deployment)) || fenceOf(current(at)!) !== at.tenant.generation,
    do: (at) => {
      const { name, resourceVersion } = current(at)!.metadata as { name: string; resourceVersion: string }
      const size = sizeChange(sizeIn(current(at)!), sizeIn(at.deployment))
      return act('deployment', { do: 'patch-replica-set', name, resourceVersion, size, fence: at.tenant.generation })
    },
  },
  {
    name: 'paused, ReplicaSet not observed',
    when: (at) => !isObserved(current(at)!),
    do: () => wait('deployment', 'NotObserved', 'the ReplicaSet controller has not seen the new size'),
  },
  { name: 'paused, all equal', when: () => true, do: unpause },
]

const when = (isPaused: boolean, rows: readonly Row[]) =>
  rows.map((row): Row => ({ ...row, when: (at) => at.isPaused === isPaused && row.when(at) }))

export const ROWS: readonly Row[] = [...STOP_AND_START, ...when(false, UNPAUSED), ...when(true, PAUSED)]

const write = ({ admissions, deployment, wanted }: Situation) => writeOf(admissions, deployment, wanted)

function written(step: 'stop' | 'deployment', at: Situation): Decision {
  const change = write(at)!
  return 'write' in change ? act(step, change.write) : notAccepted(step, change.refused)
}

const resizeOf = ({ stored, tenant, pod }: Situation) =>
  resizePod(stored ? sizeIn(stored) : renderResources(tenant.desired), pod!)

/** What a policy has made of it is what the ReplicaSet must follow, or it would roll. */
function isPausedAsWanted({ tenant, deployment, admissions }: Situation): boolean {
  const paused = renderPaused(tenant, deployment)
  if (unexplained(deployment, paused).length === 0) return true
  const stored = admissionOf(admissions, deployment, paused)?.stored
  return stored !== undefined && isKept(deployment, stored)
}

const current = ({ deployment, owned }: Situation) => currentReplicaSet(deployment, owned)

function unpause({ wanted, deployment }: Situation): Decision {
  return act('deployment', applied(wanted, deployment))
}
