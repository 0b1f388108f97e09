import { isTerminating } from '../observe/observed.ts'
import { type Case, type Cause, type CauseName, eventsAbout, podOf, secondsSince } from './cause.ts'

/** How long (s) a volume may take to be made before that is a fault. */
const SLOW_SECONDS = 60
/** How long (s) a pod may be refused while the one before it is still counted. */
const PASSING_SECONDS = 20
const PROVISIONING = /^(ProvisioningFailed|FailedBinding|FailedMount|FailedAttachVolume)$/
/** In what words the scheduler says that it waits for a volume. */
const NO_VOLUME = /unbound immediate PersistentVolumeClaims|binding volumes|persistentvolumeclaim .* not found/
/** By what a webhook or a policy says that it was one. */
const JUDGES =
  /admission webhook|failed calling webhook|ValidatingAdmissionPolicy|violates PodSecurity|denied (the )?request/i
const LIMITS = /exceeded quota|maximum .* usage per|minimum .* usage per|LimitRange|limit to request ratio/i

const volumeLost: Cause = {
  cause: 'volume-lost',
  find({ observed, spec }) {
    if (observed.claim?.status?.phase !== 'Lost') return undefined
    return {
      message: 'The volume of the database does not exist any more.',
      evidence: [`claim ${observed.claim.metadata?.name}: Lost, was volume ${observed.claim.spec?.volumeName}`],
      action: `Restore the volume from its storage system, or purge the tenant and create it anew: DELETE /tenants/${spec.userId}?purge=true.`,
    }
  },
}

const claimPending: Cause = {
  cause: 'claim-pending',
  find(seen) {
    const { claim } = seen.observed
    if (claim?.status?.phase !== 'Pending') return undefined
    const failures = eventsAbout(seen, PROVISIONING)
    const isSlow = secondsSince(seen, claim.metadata?.creationTimestamp) > SLOW_SECONDS
    // A volume that is made where the pod comes to lie waits for the pod.
    if (failures.length === 0 && (!isSlow || waitsForNode(seen))) return undefined
    const className = claim.spec?.storageClassName ?? 'the default'
    return {
      message: `No volume has been made for the claim ${claim.metadata?.name}.`,
      evidence: [`claim ${claim.metadata?.name}: Pending, class ${className}`, ...failures],
      action: `Look whether the storage class ${className} exists and its driver runs. The class of a tenant cannot be changed: with another one it has to be created anew.`,
    }
  },
}

const unschedulable: Cause = {
  cause: 'unschedulable',
  find(seen) {
    const condition = unplaced(seen)
    if (condition === undefined) return undefined
    // Of a claim whose volume cannot be made: that is the cause.
    if (!waitsForNode(seen)) return undefined
    return {
      message: 'No node takes the database.',
      evidence: [`pod ${podOf(seen)?.metadata?.name}: ${condition.reason}: ${condition.message}`],
      action:
        'Make room on a node or add one, or change the options nodeSelector, tolerations and affinity. The scheduler tries again by itself.',
    }
  },
}

const judged = (cause: CauseName, words: RegExp, message: string, action: string): Cause => ({
  cause,
  find(seen) {
    const said = refusal(seen)
    if (said === undefined || !words.test(said)) return undefined
    return { message, evidence: [said], action }
  },
})

const admission = judged(
  'admission-denied',
  JUDGES,
  'A webhook or a policy of the cluster refuses the pod of the database.',
  'The message names who refuses. Exempt the namespaces of tenants (label fluxiondb.com/tenant) from it, or change the options that it does not like.',
)
const quota = judged(
  'quota-exceeded',
  LIMITS,
  "A quota or a limit of the tenant's namespace refuses the pod of the database.",
  'The message names it. Raise it, or remove what takes its room in the namespace.',
)

const refused: Cause = {
  cause: 'pod-refused',
  find(seen) {
    const said = refusal(seen)
    if (said === undefined || JUDGES.test(said) || LIMITS.test(said)) return undefined
    return {
      message: 'The API server refuses the pod of the database.',
      evidence: [said],
      action:
        'The message says why. An option may name an object that does not exist, such as a service account or a priority class.',
    }
  },
}

/** What keeps a pod from being made, or from finding a node and a volume. */
export const PLACING_CAUSES: readonly Cause[] = [volumeLost, claimPending, admission, quota, refused, unschedulable]

function unplaced(seen: Case) {
  const pod = podOf(seen)
  if (pod === undefined || isTerminating(pod)) return undefined
  return pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False')
}
/** Whether it waits for a node, and not for its volume. */
function waitsForNode(seen: Case): boolean {
  const condition = unplaced(seen)
  return condition !== undefined && !NO_VOLUME.test(condition.message ?? '')
}

/** In what words the pod was refused last, if there is none and that does not pass by itself. */
function refusal(seen: Case): string | undefined {
  const { deployment, pods, quota } = seen.observed
  const failure = deployment?.status?.conditions?.find(
    ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
  )
  if (pods.length > 0 || failure === undefined || secondsSince(seen, failure.lastTransitionTime) < PASSING_SECONDS)
    return undefined
  // The tenant's own quota refuses a pod while the one before it ends. What is said of that stays until the next try.
  const isOver = (message = '') =>
    quota?.status?.used?.pods === '0' && message.includes(`exceeded quota: ${quota.metadata?.name},`)
  // The condition keeps the words of the first refusal; later ones are told by events.
  const last = seen.events?.find(
    ({ reason, message, lastAt }) =>
      reason === 'FailedCreate' && !isOver(message) && new Date(lastAt) >= new Date(failure.lastTransitionTime ?? 0),
  )
  if (last !== undefined) return `${last.object}: ${last.reason}: ${last.message}`
  if (isOver(failure.message)) return undefined
  return `Deployment ${deployment?.metadata?.name}: ${failure.reason}: ${failure.message}`
}
