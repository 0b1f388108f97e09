import { unwrap } from '@fluxiondb/provisioner-client'
import type { Command } from 'commander'
import { clientOf } from '../contexts.ts'
import { UsageError } from '../usage-error.ts'

type ConnectOptions = { kubeconfig?: string; kubeContext?: string }

/** A prompt at a tenant's database. */
export function addConnect(program: Command): void {
  program
    .command('connect <id>')
    .description('insert and query at a prompt, or from a pipe, by a port-forward with your own kubeconfig')
    .option('--kubeconfig <file>', 'of the cluster; left out, the one that kubectl would take')
    .option('--kube-context <name>', 'of the kubeconfig')
    .action(async (id: string, { kubeconfig, kubeContext }: ConnectOptions, command: Command) => {
      const tenant = await unwrap(clientOf(command).GET('/tenants/{id}', { params: { path: { id } } }))
      // Only this command needs them, and they take as long to load as all the rest.
      const { KubeConfig } = await import('@kubernetes/client-node')
      const { openDatabase } = await import('../database/open.ts')
      const { session } = await import('../database/session.ts')
      const config = new KubeConfig()
      if (kubeconfig === undefined) config.loadFromDefault()
      else config.loadFromFile(kubeconfig)
      if (kubeContext !== undefined) {
        if (!config.getContextObject(kubeContext)) throw new UsageError(`There is no context ${kubeContext} in it.`)
        config.setCurrentContext(kubeContext)
      }
      const database = await openDatabase(config, tenant)
      try {
        await session(database.connection, id)
      } finally {
        await database.close()
      }
    })
}
