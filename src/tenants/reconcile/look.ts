import type { Resource } from '../../kubernetes/watch/resources.ts'
import { namesFor } from '../../manifests/names.ts'
import { type Decision, decide } from '../decide/decide.ts'
import { mayHideDeployment, observeCached } from '../observe/cached.ts'
import { hasEarlier, hasLater, type Observed } from '../observe/observed.ts'
import { isOurs, specOf } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import { restsOn } from './confirm.ts'
import { isOverdue as isRunOverdue, type Run } from './run.ts'

/** A tenant as it is known, and what is to be done about it. */
export type Seen = { spec: Spec; observed: Observed; decision: Decision }

/**
 * Decides on what the watches have told. What the decision rests on is then read anew, and decided on again.
 * @returns undefined if there is no such tenant
 */
export async function look(run: Run): Promise<Seen | undefined> {
  let fresh: readonly Resource[] = []
  while (true) {
    const seen = await decided(run)
    if (seen === undefined) return undefined
    const { spec, observed, decision } = seen
    const isOverdue = spec.operation.state === 'running' && isRunOverdue(run, spec, decision)
    const stale = restsOn(decision, spec, {
      isOverdue,
      hasEarlier: hasEarlier(observed),
      hasLater: hasLater(observed, spec.operation.startedAt),
    })
    // What was read anew may lead to another decision, which may rest on more.
    if (stale.every((resource) => fresh.includes(resource))) return seen
    for (const resource of stale) await readAnew(run, resource)
    fresh = stale
  }
}

async function readAnew({ deps, userId }: Run, resource: Resource): Promise<void> {
  const { namespace, fullname } = namesFor(userId)
  const names: { [R in Resource]?: string } = { namespaces: namespace, deployments: fullname }
  await deps.cache.refresh(resource, namespace, names[resource])
}

async function decided({ deps, userId, admissions }: Run): Promise<Seen | undefined> {
  const cached = observeCached(deps.cache, userId)
  if (cached === undefined || !isOurs(cached.namespace, userId)) return undefined
  if (mayHideDeployment(cached)) await deps.cache.refresh('deployments', namesFor(userId).namespace)
  const observed = observeCached(deps.cache, userId) ?? cached
  const spec = specOf(observed.namespace)
  const [serviceIdentity, capabilities] = [await deps.serviceIdentity(), await deps.capabilities()]
  return { spec, observed, decision: decide(spec, observed, { serviceIdentity, capabilities, admissions }) }
}
