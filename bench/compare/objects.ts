import type { V1Deployment, V1Namespace, V1Secret } from '@kubernetes/client-node'
import type { Appliable } from '../../src/kubernetes/apply.ts'
import { renderDeployment } from '../../src/manifests/deployment.ts'
import { renderNamespace } from '../../src/manifests/namespace.ts'
import { renderSurroundings } from '../../src/manifests/render.ts'
import { renderSecret } from '../../src/manifests/secret.ts'
import { parseSpec, tenantOf } from '../../src/tenants/record/spec.ts'

/** Selects what the others make. */
export const MADE_BY_OTHERS = 'app.kubernetes.io/name=bench'

/** What a tenant is made of, as any client would write it: nothing of it is the service's to look after. */
export type BareTenant = {
  namespace: V1Namespace
  secret: V1Secret
  around: Appliable[]
  deployment: V1Deployment
}

/**
 * The same objects as the service writes for a tenant, under other labels.
 * @param record of a tenant that the service has made: what is desired, and how long it is
 */
export function bareTenant(id: string, record: string): BareTenant {
  const spec = { ...parseSpec(record), userId: id }
  const tenant = tenantOf(spec, { resizePods: true })
  const { roleBinding, quota, claim, service, networkPolicy } = renderSurroundings(tenant, {
    username: 'system:serviceaccount:fluxiondb-provisioner:fluxiondb-provisioner',
    tenantRole: 'fluxiondb-provisioner-tenant',
  })
  const objects = {
    namespace: renderNamespace(id, JSON.stringify(spec)),
    secret: renderSecret(id, 'a-key-that-opens-nothing', '{}'),
    around: [roleBinding, quota, claim, service, networkPolicy].filter((object) => object !== undefined),
    deployment: renderDeployment(tenant),
  }
  const others = JSON.stringify(objects)
    .replaceAll('fluxiondb.com/', 'bench.example.com/')
    .replaceAll('"app.kubernetes.io/name":"fluxiondb"', '"app.kubernetes.io/name":"bench"')
    .replaceAll(`"fluxiondb-${id}"`, `"${bareNamespace(id)}"`)
  return JSON.parse(others)
}

export function bareNamespace(id: string): string {
  return `bench-${id}`
}
