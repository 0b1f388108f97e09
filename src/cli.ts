import { COMMANDS } from './cli/commands.ts'
import { UsageError } from './cli/usage.ts'
import { ConfigError } from './config.ts'
import { CredentialsError } from './credentials/store.ts'
import { PolicyError } from './policy/policy.ts'

const USAGE = `Usage: fluxiondb-provisioner <command>

  serve                     run the service; settings come from the environment (see "config")
  render --user ID --ram SIZE
                            print the manifests of a tenant as YAML, without a cluster
  openapi                   print the OpenAPI document
  config                    print the settings in force
  keys create --name NAME --scope SCOPE [--scope SCOPE] [--user ID] [--max-ram SIZE] [--expires DATE] [--json]
                            make a credential and the entry for the file of API_KEYS_FILE
  adopt --all | --user ID... --key-file FILE [--url URL] [--dry-run]
                            take over what Helm has installed, by the service at URL (http://127.0.0.1:3000)`

/** Runs the command line. @returns the exit code: 2 for wrong usage or settings */
export async function main(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number | undefined> {
  const [name = '', ...rest] = args
  const command = COMMANDS[name]
  if (command === undefined) {
    const isHelp = name === '--help' || name === 'help'
    if (isHelp) console.log(USAGE)
    else console.error(name === '' ? USAGE : `unknown command ${name}\n\n${USAGE}`)
    return isHelp ? 0 : 2
  }
  try {
    return await command(rest, environment)
  } catch (error) {
    const isOurs =
      error instanceof UsageError ||
      error instanceof ConfigError ||
      error instanceof CredentialsError ||
      error instanceof PolicyError
    const isArguments = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
    if (!isOurs && !isArguments) throw error
    console.error((error as Error).message)
    return 2
  }
}
