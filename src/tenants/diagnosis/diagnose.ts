import { type Case, type Cause, type Finding, isMeantToRun } from './cause.ts'
import { CONTAINER_CAUSES } from './of-container.ts'
import { PLACING_CAUSES } from './of-pod.ts'
import { LAST_CAUSES, TENANT_CAUSES } from './of-tenant.ts'

/** What is wrong with a tenant, what matters most first; nothing if it is as it shall be. */
export function diagnose(seen: Case): Finding[] {
  const causes = isMeantToRun(seen) ? [...TENANT_CAUSES, ...CONTAINER_CAUSES, ...PLACING_CAUSES] : TENANT_CAUSES
  const found = findingsOf(causes, seen)
  return found.length > 0 ? found : findingsOf(LAST_CAUSES, seen)
}

function findingsOf(causes: readonly Cause[], seen: Case): Finding[] {
  return causes.flatMap(({ cause, find }) => {
    const finding = find(seen)
    return finding ? [{ cause, ...finding }] : []
  })
}
