import type { V1Pod } from '@kubernetes/client-node'
import { type FieldError, Problem, problem } from '../../errors.ts'
import { type Appliable, dryRun } from '../../kubernetes/apply.ts'
import type { Apis } from '../../kubernetes/connection.ts'
import { ignoreNotFound, isRefused, KubernetesError, takesNoDryRun } from '../../kubernetes/errors.ts'
import { renderDeployment } from '../../manifests/deployment.ts'
import type { Desired, Tenant } from '../../manifests/desired.ts'
import { differences } from '../../manifests/differences.ts'
import { renderIngress } from '../../manifests/ingress.ts'
import { renderNetworkPolicy } from '../../manifests/network-policy.ts'
import { renderPodTemplate } from '../../manifests/pod-template.ts'
import { renderService } from '../../manifests/service.ts'
import { essential } from '../decide/admission.ts'
import { pointerFor } from './pointers.ts'
import { inScratch, lacksAccount } from './scratch.ts'

/**
 * Has Kubernetes judge what only it can: the tenant's objects by a dry run in a namespace that holds nothing else, and the
 * classes by looking them up. Nothing is changed.
 * @param scratch the namespace
 * @throws problem `refused-by-cluster` with the causes on the fields of the request, `not-ready` if that namespace cannot be had;
 * KubernetesError if it does not answer
 */
export async function dryRunOptions(apis: Apis, scratch: string, userId: string, desired: Desired): Promise<void> {
  const tenant: Tenant = { userId, generation: 1, running: true, deleted: false, resize: 'inPlace', desired }
  const trial = () => Promise.all([...dryRuns(apis, scratch, tenant), classes(apis, desired)])
  refuse((await inScratch(apis, scratch, trial)).flat())
}

/**
 * Has Kubernetes judge a pod of a tenant that runs or is to run, so that no database is stopped whose next pod would be refused. What
 * cannot be found out, as there is no namespace for dry runs, is left open.
 * @throws as `dryRunOptions`
 */
export async function dryRunPod(apis: Apis, scratch: string, userId: string, desired: Desired): Promise<void> {
  const tenant: Tenant = { userId, generation: 1, running: true, deleted: false, resize: 'inPlace', desired }
  const pod = podOf(tenant)
  const trial = () => judged(pod, dryRun(apis, { ...pod, metadata: { ...pod.metadata, namespace: scratch } }))
  refuse(await inScratch(apis, scratch, trial).catch(leftOpen))
}

function leftOpen(error: unknown): FieldError[] {
  if (error instanceof Problem && error.code === 'not-ready') return []
  throw error
}

function refuse(errors: readonly FieldError[]): void {
  if (errors.length === 0) return
  const detail = errors.map(({ pointer, message }) => `${pointer}: ${message}`).join('; ')
  throw problem('refused-by-cluster', `${detail}.`, { errors: [...errors] })
}

function dryRuns(apis: Apis, namespace: string, tenant: Tenant): Promise<FieldError[]>[] {
  const objects = [
    podOf(tenant),
    renderDeployment(tenant),
    renderService(tenant),
    renderNetworkPolicy(tenant),
    renderIngress(tenant),
  ]
  return objects
    .filter((object) => object !== undefined)
    .map((object) => judged(object, dryRun(apis, { ...object, metadata: { ...object.metadata, namespace } })))
}

function podOf(tenant: Tenant): V1Pod {
  const { metadata, spec } = renderPodTemplate(tenant)
  // The account is the tenant's own, and in its namespace only.
  const { serviceAccountName: _, ...rest } = spec!
  const { name } = renderService(tenant).metadata!
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: name! }, spec: rest }
}

async function judged(object: Appliable | V1Pod, tried: Promise<object>): Promise<FieldError[]> {
  const kind = object.kind!
  try {
    const fields = essential(differences(await tried, object))
    return fields.map((field) => ({
      pointer: '/options',
      message: `a policy of the cluster would change ${kind} ${field}`,
    }))
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error
    if (takesNoDryRun(error)) return []
    const unknown = UNKNOWN_FIELD.exec(error.message)?.[1]
    if (unknown !== undefined) return [{ pointer: pointerFor(kind, unknown), message: 'is not a known field' }]
    if (!isRefused(error) || lacksAccount(error)) throw error
    const causes = error.causes.length > 0 ? error.causes : [{ field: fieldIn(error.message), message: error.message }]
    return causes.map(({ field, message }) => ({ pointer: pointerFor(kind, field), message }))
  }
}

/** How an apply refuses a field that does not exist: with a 500, though nothing is wrong with the server. */
const UNKNOWN_FIELD = /: \.(\S+): field not declared in schema/

/** The field that a refusal without causes is about, as far as its words say. */
function fieldIn(message: string): string {
  return message.includes('PriorityClass') ? 'spec.priorityClassName' : ''
}

async function classes({ storage, networking }: Apis, { options }: Desired): Promise<FieldError[]> {
  const { storageClass } = options.storage
  const { enabled, className } = options.ingress
  const errors: FieldError[] = []
  const missing = (pointer: string, name: string) =>
    errors.push({ pointer, message: `${JSON.stringify(name)} does not exist in the cluster` })
  if (storageClass && !(await ignoreNotFound(storage.readStorageClass({ name: storageClass })))) {
    missing('/options/storage/storageClass', storageClass)
  }
  if (enabled && className !== null && !(await ignoreNotFound(networking.readIngressClass({ name: className })))) {
    missing('/options/ingress/className', className)
  }
  return errors
}
