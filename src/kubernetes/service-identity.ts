import type { ServiceIdentity } from '../manifests/role-binding.ts'
import type { Apis } from './connection.ts'
import { KubernetesError } from './errors.ts'

/**
 * Who this service is for the cluster, asked of the API server once it answers.
 * @param tenantRole the ClusterRole that it binds itself to in each tenant's namespace
 */
export function serviceIdentityOf({ authentication }: Apis, tenantRole: string): () => Promise<ServiceIdentity> {
  let known: ServiceIdentity | undefined
  return async () => {
    if (known) return known
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
    const { status } = await authentication.createSelfSubjectReview({ body })
    const username = status?.userInfo?.username
    if (!username) throw new KubernetesError(500, 'NoUsername', 'the API server does not say who this service is')
    known = { username, tenantRole }
    return known
  }
}
