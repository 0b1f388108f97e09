import { Command, CommanderError } from 'commander'
import { addAdopt } from './cli/adopt.ts'
import { addAudit } from './cli/audit.ts'
import { addKeys } from './cli/keys.ts'
import { addRender } from './cli/render.ts'
import { addConfig, addOpenapi, addServe } from './cli/service.ts'
import { UsageError } from './cli/usage.ts'
import { ConfigError } from './config.ts'
import { CredentialsError } from './credentials/store.ts'
import { KubeconfigError } from './kubernetes/kubeconfig/find.ts'
import { PolicyError } from './policy/policy.ts'
import { VERSION } from './version.ts'

/** Wrong usage or wrong settings; 1 is a command that did not do all that it was asked for. */
const WRONG = 2

/** What a command works with: the variables of the environment, and how it sets its exit code if that is not 0. */
export type CommandContext = { environment: NodeJS.ProcessEnv; end: (code: number) => void }

/** Runs the command line. @returns the exit code; undefined while the service runs on */
export async function main(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number | undefined> {
  let code: number | undefined
  const program = programFor({
    environment,
    end: (ended) => {
      code = ended
    },
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    // Help and the version end the program this way too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG
    if (!isOurs(error)) throw error
    console.error((error as Error).message)
    return WRONG
  }
}

function programFor(context: CommandContext): Command {
  const program = new Command('fluxiondb-provisioner')
    .description('Runs isolated FluxionDB databases on Kubernetes, one for each tenant.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help; so does each command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => console.log(text.trimEnd()),
      writeErr: (text) => console.error(text.trimEnd()),
    })
  for (const add of [addServe, addRender, addOpenapi, addConfig, addKeys, addAudit, addAdopt]) add(program, context)
  return program
}

function isOurs(error: unknown): boolean {
  return [UsageError, ConfigError, CredentialsError, KubeconfigError, PolicyError].some((kind) => error instanceof kind)
}
