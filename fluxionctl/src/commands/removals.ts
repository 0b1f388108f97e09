import { type Orphan, type Tenant, unwrap } from '@fluxiondb/provisioner-client'
import { input } from '@inquirer/prompts'
import type { Command } from 'commander'
import { clientOf } from '../contexts.ts'
import { age, bytes, type Format, outputOption, print } from '../output.ts'
import { UsageError } from '../usage-error.ts'
import { told } from './changes.ts'

export function addRemovals(program: Command): void {
  program
    .command('delete <id>')
    .description('stop a tenant and keep its data')
    .option('--no-wait', 'do not wait for the end')
    .action(async (id: string, { wait }: { wait: boolean }, command: Command) => {
      const client = clientOf(command)
      const tenant = await unwrap(client.DELETE('/tenants/{id}', { params: { path: { id } } }))
      if (wait) await told(client, tenant as Tenant)
    })

  program
    .command('undelete <id>')
    .description('bring a deleted tenant back with its data')
    .option('--no-wait', 'do not wait for the end')
    .action(async (id: string, { wait }: { wait: boolean }, command: Command) => {
      const client = clientOf(command)
      const tenant = await unwrap(client.POST('/tenants/{id}/undelete', { params: { path: { id } } }))
      if (wait) await told(client, tenant)
    })

  program
    .command('purge <id>')
    .description('remove a tenant and all of its data for good; asks for its id once more')
    .option('--confirm <id>', 'its id once more, where there is nobody to ask')
    .action(async (id: string, { confirm }: { confirm?: string }, command: Command) => {
      if (confirm === undefined && !process.stdin.isTTY) {
        throw new UsageError(`There is no terminal to ask at: say --confirm ${id}.`)
      }
      const message = `All data of ${id} will be gone. Its id once more:`
      if ((confirm ?? (await input({ message }))) !== id) throw new UsageError('That is another id. Nothing was done.')
      const params = { path: { id }, query: { purge: true }, header: { prefer: 'wait=60' } }
      const { data, response } = await clientOf(command)
        .DELETE('/tenants/{id}', { params })
        .then(async (answer) => ({ data: await unwrap(Promise.resolve(answer)), response: answer.response }))
      console.log(response.status === 204 ? `${id} is gone.` : `${id} is being removed: ${(data as Tenant).state}.`)
    })

  program
    .command('deletion <id>')
    .description('show how far a deletion has come, and what holds it up')
    .action(async (id: string, _options: object, command: Command) => {
      const path = { id }
      const deletion = await unwrap(clientOf(command).GET('/tenants/{id}/deletion', { params: { path } }))
      const { phase, requestedAt, namespace, remaining, next } = deletion
      console.log(requestedAt === null ? phase : `${phase}, asked for ${age(requestedAt)} ago`)
      for (const { object, finalizers } of remaining) console.log([`  ${object}`, ...finalizers].join('  '))
      for (const { type, message } of namespace.conditions) console.log(`  ${type}: ${message}`)
      for (const step of next) console.log(`  -> ${step}`)
    })

  program
    .command('orphans')
    .description('list what is left of tenants and belongs to none, with what it takes up of storage')
    .addOption(outputOption())
    .action(async ({ output }: { output: Format }, command: Command) => {
      const { items } = await unwrap(clientOf(command).GET('/admin/orphans'))
      print<Orphan>(
        items,
        [
          { title: 'KIND', of: ({ kind }) => kind },
          { title: 'NAME', of: ({ name }) => name },
          { title: 'TENANT', of: ({ userId }) => userId },
          { title: 'REASON', of: ({ reason }) => reason },
          { title: 'AGE', of: ({ since }) => age(since) },
          { title: 'STORAGE', of: ({ storageBytes }) => bytes(storageBytes) },
          { title: 'ADOPT', of: ({ adopt }) => adopt, wide: true },
          { title: 'PURGE', of: ({ purge }) => purge, wide: true },
        ],
        { output, nameOf: ({ kind, name }) => `${kind.toLowerCase()}/${name}` },
      )
    })
}
