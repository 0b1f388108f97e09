import pRetry from 'p-retry'
import { problem } from '../../errors.ts'
import type { Apis } from '../../kubernetes/connection.ts'
import { ignoreNotFound, isAlreadyExists, isNotAllowed, isNotFound, isRefused } from '../../kubernetes/errors.ts'
import { MANAGED_BY } from '../../manifests/labels.ts'

/** What the controllers put into a new namespace takes less than that to be there: with these waits about three seconds. */
const TRIES = 8
const LABELS = { 'app.kubernetes.io/managed-by': MANAGED_BY, 'pod-security.kubernetes.io/enforce': 'restricted' }

/**
 * Runs a trial in the namespace for dry runs, and makes that namespace should it be missing, which costs nothing while it is there.
 * @param trial throws the API server's errors as they are
 * @throws problem `not-ready` with what an operator has to do, if this service may not make it
 */
export async function inScratch<T>(apis: Apis, namespace: string, trial: () => Promise<T>): Promise<T> {
  try {
    return await trial()
  } catch (error) {
    if (isNotFound(error) || (isNotAllowed(error) && (await isMissing(apis, namespace)))) await make(apis, namespace)
    else if (!lacksAccount(error)) throw error
  }
  try {
    const shouldRetry = ({ error }: { error: unknown }) => lacksAccount(error)
    return await pRetry(trial, { retries: TRIES, minTimeout: 20, maxTimeout: 1000, shouldRetry })
  } catch (error) {
    if (!lacksAccount(error) && !isNotFound(error)) throw error
    throw problem('not-ready', 'The namespace for dry runs is not ready yet; try again.')
  }
}

/** Rights may come with the namespace, so which of both is missing depends on what is asked first. */
async function isMissing({ core }: Apis, name: string): Promise<boolean> {
  return (await ignoreNotFound(core.readNamespace({ name }))) === undefined
}

async function make({ core }: Apis, name: string): Promise<void> {
  try {
    await core.createNamespace({ body: { metadata: { name, labels: LABELS } } })
  } catch (error) {
    if (isAlreadyExists(error)) return // Another replica was faster.
    if (!isNotAllowed(error) && !isRefused(error)) throw error
    const todo = `An operator has to: kubectl create namespace ${name}`
    throw problem(
      'not-ready',
      `Options are tried out in a namespace that is missing, and not this service's to make. ${todo}`,
    )
  }
}

/** A pod is admitted into a namespace only when its default account is there, which a controller makes. */
export function lacksAccount(error: unknown): boolean {
  return isRefused(error) && error.message.includes('error looking up service account')
}
