import { refTo } from '../schemas/enumeration.ts'
import { PlanSchema } from '../schemas/plan.ts'
import { ProblemSchema } from '../schemas/problem.ts'
import { TenantSchema } from '../schemas/tenant.ts'

const WHEN: Record<number, string> = {
  400: 'The request breaks a rule of this service.',
  401: 'There is no valid credential.',
  403: 'The credential does not allow this.',
  404: 'There is no such tenant, or the credential may not know of it.',
  409: 'The tenant is in a state that does not allow this.',
  412: 'If-Match or If-None-Match does not hold for what is there.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'The cluster refused it, or the Idempotency-Key was used for another request.',
  429: 'Too many requests. `Retry-After` says when to come again.',
  500: 'The service failed, or the record of the tenant cannot be read.',
  503: 'The cluster does not answer or does not let this service do it now, or this service has too much to do. Nothing is lost; try again.',
}

/** The problems that a route may answer with, as its documentation shows them; any route that needs a credential may answer with the last ones. */
export function problems(...statuses: number[]) {
  const answer = (status: number) => ({
    description: WHEN[status],
    content: { 'application/problem+json': { schema: refTo(ProblemSchema) } },
  })
  return Object.fromEntries([...new Set([...statuses, 429, 500, 503])].map((status) => [status, answer(status)]))
}

/** What every plan can answer. */
export const PLAN_ANSWERS = { 200: refTo(PlanSchema), ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422) }

/** What every change of a tenant that exists can answer. */
export const CHANGE_ANSWERS = {
  200: refTo(TenantSchema),
  202: refTo(TenantSchema),
  ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
}
