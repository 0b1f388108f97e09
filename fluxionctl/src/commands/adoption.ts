import { type Adoption, type Tenant, unwrap } from '@fluxiondb/provisioner-client'
import type { Command } from 'commander'
import { clientOf } from '../contexts.ts'
import { type Format, outputOption, print } from '../output.ts'
import { isConfirmed, tellPlan, told } from './changes.ts'

/** Taking over what Helm has installed. */
export function addAdoption(program: Command): void {
  program
    .command('adoptable')
    .description('list what Helm has installed and may be taken over, and what is in the way')
    .addOption(outputOption())
    .action(async ({ output }: { output: Format }, command: Command) => {
      const { items } = await unwrap(clientOf(command).GET('/admin/adoptable'))
      print<Adoption>(
        items,
        [
          { title: 'ID', of: ({ userId }) => userId },
          { title: 'RELEASE', of: ({ release }) => release },
          { title: 'RAM', of: ({ desired }) => desired?.ramSize },
          { title: 'ADOPTABLE', of: ({ plan }) => (plan.feasible ? 'yes' : 'no') },
          { title: 'WHY NOT', of: ({ plan }) => plan.reasons.map(({ message }) => message).join('; ') || null },
        ],
        { output },
      )
    })

  program
    .command('adopt <id>')
    .description('take over what Helm has installed for this id, without a restart: shows the plan and asks')
    .option('-y, --yes', 'do not ask')
    .option('--no-wait', 'do not wait for the end')
    .action(async (id: string, { yes, wait }: { yes?: boolean; wait: boolean }, command: Command) => {
      const client = clientOf(command)
      const path = { id }
      const params = { path, query: { dryRun: true } }
      const { plan } = (await unwrap(client.POST('/tenants/{id}/adopt', { params }))) as Adoption
      tellPlan(plan)
      if (!plan.feasible) throw new Error('This cannot be taken over as it is.')
      if (!yes && !(await isConfirmed('Take it over?'))) return console.log('Nothing was done.')
      const tenant = (await unwrap(client.POST('/tenants/{id}/adopt', { params: { path } }))) as Tenant
      if (wait) await told(client, tenant)
    })
}
