import { eachTenant, follow, type Operation, type Tenant, unwrap } from '@fluxiondb/provisioner-client'
import type { Command } from 'commander'
import { clientOf, contextOf } from '../contexts.ts'
import { age, type Column, type Format, outputOption, print, printWhole } from '../output.ts'

const TENANT: Column<Tenant>[] = [
  { title: 'ID', of: ({ userId }) => userId },
  { title: 'STATE', of: ({ state }) => state },
  { title: 'RAM', of: ({ desired }) => desired.ramSize },
  { title: 'STORAGE', of: ({ actual, desired }) => actual.storageSize ?? desired.storageSize },
  { title: 'PLAN', of: ({ sizePlan }) => sizePlan },
  { title: 'RESTARTS', of: ({ actual }) => actual.restarts },
  { title: 'AGE', of: ({ createdAt }) => age(createdAt) },
  { title: 'NAMESPACE', of: ({ namespace }) => namespace, wide: true },
  { title: 'ENDPOINT', of: ({ endpoints }) => endpoints.internal.url, wide: true },
  { title: 'READY', of: ({ conditions }) => conditions.find(({ type }) => type === 'Ready')?.reason, wide: true },
]
const OPERATION: Column<Operation>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'TYPE', of: ({ type }) => type },
  { title: 'STATE', of: ({ state }) => state },
  { title: 'AGE', of: ({ startedAt }) => age(startedAt) },
  { title: 'DISRUPTION', of: ({ outcome }) => outcome?.disruption },
  { title: 'FAILURE', of: ({ failure }) => failure?.message },
]
type ListOptions = { output: Format; label?: string[]; state?: Tenant['state']; all?: boolean; watch?: boolean }

export function addReads(program: Command): void {
  program
    .command('list')
    .description('list tenants')
    .addOption(outputOption())
    .option('-l, --label <key=value...>', 'only tenants with these labels')
    .option('--state <state>', 'only tenants in this state')
    .option('-a, --all', 'also tenants that are deleted and kept')
    .option('-w, --watch', 'go on with what changes')
    .action(async ({ output, label, state, all, watch }: ListOptions, command: Command) => {
      const query = { ...(label && { label }), ...(state && { state }), includeDeleted: all ?? false }
      const tenants: Tenant[] = []
      for await (const tenant of eachTenant(clientOf(command), query)) tenants.push(tenant)
      print(tenants, TENANT, { output })
      if (watch) await watchTenants(command, output)
    })

  program
    .command('get <id>')
    .description('show a tenant')
    .addOption(outputOption().default('yaml'))
    .action(async (id: string, { output }: { output: Format }, command: Command) => {
      const tenant = await unwrap(clientOf(command).GET('/tenants/{id}', { params: { path: { id } } }))
      if (output === 'json' || output === 'yaml') printWhole(tenant, output)
      else print([tenant], TENANT, { output })
    })

  program
    .command('operations <id>')
    .description('list what was asked of a tenant, and what it did')
    .addOption(outputOption())
    .action(async (id: string, { output }: { output: Format }, command: Command) => {
      const { items } = await unwrap(clientOf(command).GET('/tenants/{id}/operations', { params: { path: { id } } }))
      print(items, OPERATION, { output })
    })
}

async function watchTenants(command: Command, output: Format): Promise<void> {
  const { url, credential } = contextOf(command)
  let isBeginning = true
  for await (const told of follow(url, credential)) {
    if (told.event === 'synced') isBeginning = false
    if (isBeginning) continue
    if (told.event === 'deleted') console.log(`${told.userId} is gone`)
    if (told.event === 'tenant') print([told.tenant], TENANT, { output })
  }
}
