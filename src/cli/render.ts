import type { KubernetesObject } from '@kubernetes/client-node'
import type { Config } from '../config.ts'
import { tenantDefaults } from '../defaults.ts'
import { renderDeployment } from '../manifests/deployment.ts'
import type { Tenant } from '../manifests/desired.ts'
import { renderNamespace } from '../manifests/namespace.ts'
import { renderSurroundings } from '../manifests/render.ts'
import { renderSecret } from '../manifests/secret.ts'
import { DEFAULT_POLICY } from '../policy/policy.ts'
import { desire } from '../tenants/options/desire.ts'

/** What stands in the printed Secret in place of a key. */
const PLACEHOLDER_KEY = 'REPLACE-WITH-THE-KEY'
/** The account in whose name the chart runs the service. */
const OPERATOR = 'system:serviceaccount:fluxiondb-provisioner:fluxiondb-provisioner'

/** All objects of a new tenant, as the service would make them with these settings. @param ram bytes */
export function renderAll(userId: string, ram: bigint, config: Config): KubernetesObject[] {
  const defaults = tenantDefaults(config)
  const desired = desire({ ...defaults, policy: DEFAULT_POLICY }, { ram, sizePlan: undefined, asked: {} })
  const tenant: Tenant = { userId, generation: 1, running: true, deleted: false, resize: 'inPlace', desired }
  const surroundings = renderSurroundings(tenant, { username: OPERATOR, tenantRole: config.TENANT_ROLE })
  return [
    renderNamespace(userId, JSON.stringify({ userId, generation: 1, desired })),
    renderSecret(userId, PLACEHOLDER_KEY, JSON.stringify('render')),
    ...Object.values(surroundings).filter((object) => object !== undefined),
    renderDeployment(tenant),
  ]
}
