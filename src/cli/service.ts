import type { Command } from 'commander'
import type { CommandContext } from '../cli.ts'
import { printConfig, readConfig } from '../config.ts'
import { createLogger } from '../logger.ts'

export function addServe(program: Command, { environment }: CommandContext): void {
  program
    .command('serve')
    .description('run the service; settings come from the environment (see "config")')
    .action(async () => {
      const config = readConfig(environment)
      // Only now, so that the other commands need not wait for the Kubernetes client to load.
      const { start } = await import('../server.ts')
      await start(config, createLogger(config.LOG_LEVEL), environment)
    })
}

export function addOpenapi(program: Command, { end }: CommandContext): void {
  program
    .command('openapi')
    .description('print the OpenAPI document')
    .action(async () => {
      const { openapiDocument } = await import('./openapi.ts')
      console.log(JSON.stringify(await openapiDocument(), null, 2))
      end(0)
    })
}

export function addConfig(program: Command, { environment, end }: CommandContext): void {
  program
    .command('config')
    .description('print the settings in force, with what each is for')
    .action(() => {
      console.log(printConfig(readConfig(environment)))
      end(0)
    })
}
