import { renderClaim } from './claim.ts'
import type { Tenant } from './desired.ts'
import { renderIngress } from './ingress.ts'
import { renderNetworkPolicy } from './network-policy.ts'
import { renderResourceQuota } from './resource-quota.ts'
import { renderRoleBinding, type ServiceIdentity } from './role-binding.ts'
import { renderService } from './service.ts'

/**
 * The objects around the Deployment, in the order in which they are applied, each present or (undefined) not to exist. The
 * namespace, the Secret and the operations are not among them: they are written under their own rules.
 * @param allHaveClass as `renderResourceQuota` says; left out: the tenant is a new one
 */
export function renderSurroundings(
  tenant: Tenant,
  serviceIdentity: ServiceIdentity,
  allHaveClass = tenant.desired.options.priorityClassName !== null,
): Surroundings {
  return {
    roleBinding: renderRoleBinding(tenant.userId, serviceIdentity),
    quota: renderResourceQuota(tenant, allHaveClass),
    claim: renderClaim(tenant),
    service: renderService(tenant),
    networkPolicy: renderNetworkPolicy(tenant),
    ingress: renderIngress(tenant),
  }
}

export type Surroundings = {
  roleBinding: ReturnType<typeof renderRoleBinding>
  quota: ReturnType<typeof renderResourceQuota>
  claim: ReturnType<typeof renderClaim>
  service: ReturnType<typeof renderService>
  networkPolicy: ReturnType<typeof renderNetworkPolicy>
  ingress: ReturnType<typeof renderIngress>
}
