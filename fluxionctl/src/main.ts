import tab from '@bomb.sh/tab/commander'
import { ProblemError } from '@fluxiondb/provisioner-client'
import { Command, CommanderError } from 'commander'
import { addAdoption } from './commands/adoption.ts'
import { addBilling } from './commands/billing.ts'
import { addChanges } from './commands/changes.ts'
import { addConnect } from './commands/connect.ts'
import { addContexts } from './commands/contexts.ts'
import { addInsight } from './commands/insight.ts'
import { addReads } from './commands/reads.ts'
import { addRemovals } from './commands/removals.ts'
import { UsageError } from './usage-error.ts'

/** What it could not do is 1, what it did not understand is 2. */
async function main(args: readonly string[]): Promise<number> {
  const program = new Command('fluxionctl')
    .description('Looks after FluxionDB tenants, by the service that runs them.')
    .option('--context <name>', 'the service to talk to, of those that were logged in to')
    .showHelpAfterError('(--help says what there is)')
    .exitOverride()
  const all = [addContexts, addReads, addChanges, addRemovals, addAdoption, addInsight, addConnect, addBilling]
  for (const add of all) add(program)
  // From what the commands above say of themselves.
  tab(program, { completionCommandName: 'completion' })
  for (const command of program.commands) command.exitOverride()
  try {
    await program.parseAsync(args, { from: 'user' })
    return process.exitCode === undefined ? 0 : Number(process.exitCode)
  } catch (error) {
    // It has told its words already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    console.error(told(error as Error))
    return error instanceof UsageError ? 2 : 1
  }
}

function told(error: Error): string {
  // As when a prompt is left by Ctrl-C.
  if (error.name === 'ExitPromptError') return 'Nothing was done.'
  if (!(error instanceof ProblemError)) {
    const { cause } = error as { cause?: { code?: string; message?: string } }
    return `Error: ${error.message}${cause ? `: ${cause.code ?? cause.message}` : ''}`
  }
  const fields = error.problem.errors.map(({ pointer, message }) => `  ${pointer}: ${message}`)
  return [`Error: ${error.message} (${error.code}, request ${error.problem.requestId})`, ...fields].join('\n')
}

process.exitCode = await main(process.argv.slice(2))
