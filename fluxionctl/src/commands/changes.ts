import { readFileSync } from 'node:fs'
import { type Plan, type ProvisionerClient, type Tenant, unwrap } from '@fluxiondb/provisioner-client'
import { confirm } from '@inquirer/prompts'
import { type Command, Option } from 'commander'
import { clientOf } from '../contexts.ts'
import { outcomeOf, untilDone } from '../progress.ts'
import { UsageError } from '../usage-error.ts'

type Waiting = { wait: boolean }
type CreateOptions = Waiting & { ram?: string; plan?: string; keyFile?: string; options?: string }
type ResizeOptions = Waiting & { strategy?: 'auto' | 'inPlace' | 'restart'; force?: boolean; yes?: boolean }

export function addChanges(program: Command): void {
  const changing = (name: string) => program.command(name).option('--no-wait', 'do not wait for the end')

  changing('create <id>')
    .description('create a tenant')
    .option('--ram <size>', 'its RAM, such as 2Gi')
    .option('--plan <name>', 'a size plan in place of it')
    .option('--key-file <file>', "a file with the database's key; one is made if left out")
    .option('--options <json>', 'its options')
    .action(async (userId: string, { ram, plan, keyFile, options, wait }: CreateOptions, command: Command) => {
      const client = clientOf(command)
      const apiKey = keyFile === undefined ? undefined : readFileSync(keyFile, 'utf8').trim()
      const body = {
        userId,
        ...(ram && { ramSize: ram }),
        ...(plan && { plan }),
        ...(apiKey && { apiKey }),
        ...(options && { options: jsonOf(options) }),
      }
      const tenant = await unwrap(client.POST('/tenants', { body }))
      if (wait) await told(client, tenant)
      console.log(`${tenant.userId}: ${tenant.endpoints.internal.url}`)
      if (tenant.apiKey) console.log(`Its key, which is shown this once: ${tenant.apiKey}`)
    })

  changing('resize <id> <ram>')
    .description('change the RAM of a tenant: shows the plan, asks, and says what happened')
    .addOption(new Option('--strategy <strategy>', 'how').choices(['auto', 'inPlace', 'restart']))
    .option('--force', 'even if no node has room for a new pod now')
    .option('-y, --yes', 'do not ask')
    .action(async (id: string, ramSize: string, { strategy, force, yes, wait }: ResizeOptions, command: Command) => {
      const client = clientOf(command)
      const body = { ramSize, ...(strategy && { strategy }) }
      const params = { path: { id }, ...(force && { query: { force } }) }
      const plan = await unwrap(client.POST('/tenants/{id}/ram/plan', { params, body }))
      tellPlan(plan)
      if (!plan.feasible) throw new Error('This change cannot be made.')
      if (!yes && !(await isConfirmed('Make this change?'))) return console.log('Nothing was done.')
      const answer = await unwrap(client.PATCH('/tenants/{id}/ram', { params, body }))
      if (wait) await told(client, answer as Tenant)
    })

  changing('set <id> <options>')
    .description('change options of a tenant, as JSON; null gives one back to the default')
    .action(async (id: string, options: string, { wait }: Waiting, command: Command) => {
      const client = clientOf(command)
      const body = { options: jsonOf(options) }
      const answer = await unwrap(client.PATCH('/tenants/{id}', { params: { path: { id } }, body }))
      if (wait) await told(client, answer as Tenant)
    })

  for (const [verb, what] of [
    ['suspend', 'end the pod and keep the data'],
    ['resume', 'start it again'],
    ['restart', 'start a new pod, with the image and template of today'],
  ] as const) {
    changing(`${verb} <id>`)
      .description(what)
      .action(async (id: string, { wait }: Waiting, command: Command) => {
        const client = clientOf(command)
        const tenant = await unwrap(client.POST(`/tenants/{id}/${verb}`, { params: { path: { id } } }))
        if (wait) await told(client, tenant)
      })
  }

  changing('rotate-key <id>')
    .description('give a database another key, by one restart; prints it if it was made by the service')
    .option('--key-file <file>', 'a file with the new key')
    .action(async (id: string, { keyFile, wait }: Waiting & { keyFile?: string }, command: Command) => {
      const client = clientOf(command)
      const body = keyFile === undefined ? {} : { apiKey: readFileSync(keyFile, 'utf8').trim() }
      const tenant = await unwrap(client.POST('/tenants/{id}/rotate-key', { params: { path: { id } }, body }))
      if (wait) await told(client, tenant)
      if (tenant.apiKey) console.log(`Its key, which is shown this once: ${tenant.apiKey}`)
    })
}

export async function told(client: ProvisionerClient, tenant: Tenant): Promise<void> {
  console.log(outcomeOf(await untilDone(client, tenant)))
}

/** @throws UsageError where there is nobody to ask */
export async function isConfirmed(message: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('There is no terminal to ask at: say --yes.')
  return confirm({ message, default: false })
}

/** What a change would do, and what is in its way. */
export function tellPlan({ changes, reasons, expectedDisruption, worstDisruption, expectedSeconds }: Plan): void {
  for (const { resource, from, to } of changes) console.log(`  ${resource}: ${from} -> ${to}`)
  for (const { code, message } of reasons) console.log(`  ${code}: ${message}`)
  const worst = worstDisruption === expectedDisruption ? '' : ` (at worst: ${worstDisruption})`
  console.log(`  disruption: ${expectedDisruption}${worst}, about ${expectedSeconds} s`)
}

function jsonOf(text: string): object {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError('The options are not valid JSON.')
  }
}
