import { isTerminating } from '../observe/observed.ts'
import { type Cause, isMeantToRun, secondsSince } from './cause.ts'

/** How long (s) a namespace may take to go. */
const SLOW_SECONDS = 60
const REMAINING = [
  'NamespaceContentRemaining',
  'NamespaceFinalizersRemaining',
  'NamespaceDeletionContentFailure',
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
]

const namespaceStuck: Cause = {
  cause: 'namespace-stuck',
  find(seen) {
    const { namespace } = seen.observed
    if (!isTerminating(namespace)) return undefined
    if (secondsSince(seen, namespace.metadata?.deletionTimestamp) < SLOW_SECONDS) return undefined
    const conditions = (namespace.status?.conditions ?? []).filter(
      ({ type, status }) => status === 'True' && REMAINING.includes(type),
    )
    return {
      message: `The namespace ${namespace.metadata?.name} is being deleted and does not go.`,
      evidence: conditions.map(({ type, message }) => `${type}: ${message}`),
      action:
        'What is named holds it up: an object with a finalizer, whose controller has to remove it, or an API whose server is down.',
    }
  },
}

const paused: Cause = {
  cause: 'paused',
  find(seen) {
    const { spec, observed } = seen
    if (!observed.deployment?.spec?.paused || spec.operation.state === 'running' || !isMeantToRun(seen))
      return undefined
    return {
      message: 'Another hand has paused the Deployment of the database: changes of its pod do not come into force.',
      evidence: [`Deployment ${observed.deployment.metadata?.name}: spec.paused is true`],
      action: `kubectl rollout resume deployment ${observed.deployment.metadata?.name} -n ${observed.namespace.metadata?.name}`,
    }
  },
}

const operationFailed: Cause = {
  cause: 'operation-failed',
  find({ spec: { operation, userId } }) {
    const { failure, type, finishedAt, id } = operation
    if (operation.state !== 'failed' || failure === undefined) return undefined
    return {
      message: `The newest operation, ${type}, has failed.${failure.tenantUsable ? ' The database can be used all the same.' : ''}`,
      evidence: [`operation ${id} ended at ${finishedAt}: ${failure.reason}: ${failure.message}`],
      action: `What it says has to be mended first; then send the request again. Its steps: GET /tenants/${userId}/operations/${id}.`,
    }
  },
}

/** Of the tenant as a whole, whether it is meant to run or not. */
export const TENANT_CAUSES: readonly Cause[] = [namespaceStuck, paused]
/** Said only where nothing says more. */
export const LAST_CAUSES: readonly Cause[] = [operationFailed]
