import { type Command, InvalidArgumentError } from 'commander'
import type { CommandContext } from '../cli.ts'
import { newCredential } from '../credentials/credential.ts'
import { SCOPES, type Scope } from '../credentials/identity.ts'
import { parseCredentials } from '../credentials/store.ts'
import { userId } from './usage.ts'

type Given = { name: string; scope: Scope[]; user?: string; maxRam?: string; expires?: string; json: boolean }

export function addKeys(program: Command, { end }: CommandContext): void {
  const keys = program.command('keys').description('credentials of this service')
  keys
    .command('create')
    .description('make a credential, and its entry for the file of API_KEYS_FILE')
    .requiredOption('--name <name>', 'name by which the log and the audit tell it from others')
    .requiredOption('--scope <scope>', `what it may do; can be given several times: ${SCOPES.join(', ')}`, scopes)
    .option('--user <id>', 'the only tenant that it may see', userId)
    .option('--max-ram <size>', 'most RAM that a tenant may be given with it, such as 4Gi')
    .option('--expires <date>', 'when it ends, such as 2030-01-01', timeOf)
    .option('--json', 'print it as JSON', false)
    .action((given: Given) => {
      create(given)
      end(0)
    })
}

function create({ name, scope, user, maxRam, expires, json }: Given): void {
  const created = newCredential({
    name,
    scopes: scope,
    ...(user === undefined ? {} : { userId: user }),
    ...(maxRam === undefined ? {} : { maxRamSize: maxRam }),
    ...(expires === undefined ? {} : { expiresAt: expires }),
  })
  parseCredentials(JSON.stringify({ keys: [created.entry] }))
  if (json) console.log(JSON.stringify(created, null, 2))
  else {
    console.log(`credential, shown only now: ${created.key}\n`)
    console.log(`entry for "keys" in the file of API_KEYS_FILE:\n${JSON.stringify(created.entry, null, 2)}`)
  }
}

/** A date alone is its first moment, in UTC. */
function timeOf(date: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(date) ? `${date}T00:00:00Z` : date
}

function scopes(given: string, before: Scope[] = []): Scope[] {
  if (!SCOPES.includes(given as Scope)) throw new InvalidArgumentError(`Scopes are ${SCOPES.join(', ')}.`)
  return [...before, given as Scope]
}
