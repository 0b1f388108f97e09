import type { KubernetesObject } from '@kubernetes/client-node'
import type { Command } from 'commander'
import { stringify } from 'yaml'
import type { CommandContext } from '../cli.ts'
import { type Config, readConfig } from '../config.ts'
import { tenantDefaults } from '../defaults.ts'
import { renderDeployment } from '../manifests/deployment.ts'
import type { Tenant } from '../manifests/desired.ts'
import { renderNamespace } from '../manifests/namespace.ts'
import { renderSurroundings } from '../manifests/render.ts'
import { renderSecret } from '../manifests/secret.ts'
import { DEFAULT_POLICY } from '../policy/policy.ts'
import { outsideBounds } from '../sizing/policy.ts'
import { formatBytes } from '../sizing/quantity.ts'
import { desire } from '../tenants/options/desire.ts'
import { size, UsageError, userId } from './usage.ts'

/** What stands in the printed Secret in place of a key. */
const PLACEHOLDER_KEY = 'REPLACE-WITH-THE-KEY'
/** The account in whose name the chart runs the service. */
const SERVICE_IDENTITY = 'system:serviceaccount:fluxiondb-provisioner:fluxiondb-provisioner'

export function addRender(program: Command, { environment, end }: CommandContext): void {
  program
    .command('render')
    .description('print the manifests of a tenant as YAML, without a cluster')
    .requiredOption('--user <id>', 'id of the tenant', userId)
    .requiredOption('--ram <size>', 'its RAM, such as 2Gi', size)
    .action(({ user, ram }: { user: string; ram: bigint }) => {
      const config = readConfig(environment)
      const outside = outsideBounds(ram, config.ramBounds)
      if (outside) throw new UsageError(`--ram ${formatBytes(ram)} ${outside}`)
      const documents = renderAll(user, ram, config)
      console.log(
        documents
          .map((document) => stringify(document, { aliasDuplicateObjects: false }))
          .join('---\n')
          .trimEnd(),
      )
      end(0)
    })
}

/** All objects of a new tenant, as the service would make them with these settings. @param ram bytes */
function renderAll(userId: string, ram: bigint, config: Config): KubernetesObject[] {
  const defaults = tenantDefaults(config)
  const desired = desire({ ...defaults, policy: DEFAULT_POLICY }, { ram, sizePlan: undefined, asked: {} })
  const tenant: Tenant = { userId, generation: 1, running: true, deleted: false, resize: 'inPlace', desired }
  const surroundings = renderSurroundings(tenant, { username: SERVICE_IDENTITY, tenantRole: config.TENANT_ROLE })
  return [
    renderNamespace(userId, JSON.stringify({ userId, generation: 1, desired })),
    renderSecret(userId, PLACEHOLDER_KEY, JSON.stringify('render')),
    ...Object.values(surroundings).filter((object) => object !== undefined),
    renderDeployment(tenant),
  ]
}
