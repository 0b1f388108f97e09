import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { printConfig, readConfig } from '../config.ts'
import { newCredential, SCOPES, type Scope } from '../credentials/credential.ts'
import { parseCredentials } from '../credentials/store.ts'
import { createLogger } from '../logger.ts'
import { outsideBounds } from '../sizing/policy.ts'
import { parseBytes, QuantityError } from '../sizing/quantity.ts'
import { adopt } from './adopt.ts'
import { renderAll } from './render.ts'
import { requiredUser, UsageError } from './usage.ts'

type Command = (args: string[], environment: NodeJS.ProcessEnv) => Promise<number | undefined>

export const COMMANDS: Readonly<Record<string, Command>> = { serve, render, openapi, config, keys, adopt }

async function serve(args: string[], environment: NodeJS.ProcessEnv): Promise<undefined> {
  parseArgs({ args })
  const config = readConfig(environment)
  // Only now, so that the other commands need not wait for the Kubernetes client to load.
  const { start } = await import('../server.ts')
  await start(config, createLogger(config.LOG_LEVEL))
}

async function render(args: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const { values } = parseArgs({ args, options: { user: { type: 'string' }, ram: { type: 'string' } } })
  const userId = requiredUser(values.user)
  const ram = requiredSize('--ram', values.ram)
  const config = readConfig(environment)
  const outside = outsideBounds(ram, config.ramBounds)
  if (outside) throw new UsageError(`--ram ${values.ram} ${outside}`)
  const documents = renderAll(userId, ram, config)
  console.log(
    documents
      .map((document) => stringify(document, { aliasDuplicateObjects: false }))
      .join('---\n')
      .trimEnd(),
  )
  return 0
}

async function openapi(args: string[]): Promise<number> {
  parseArgs({ args })
  const { openapiDocument } = await import('./openapi.ts')
  console.log(JSON.stringify(await openapiDocument(), null, 2))
  return 0
}

async function config(args: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  parseArgs({ args })
  console.log(printConfig(readConfig(environment)))
  return 0
}

async function keys([verb, ...args]: string[]): Promise<number> {
  if (verb !== 'create') throw new UsageError('keys has one verb: create')
  const { values } = parseArgs({
    args,
    options: {
      name: { type: 'string' },
      scope: { type: 'string', multiple: true },
      user: { type: 'string' },
      'max-ram': { type: 'string' },
      expires: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  if (!values.name) throw new UsageError('--name is missing')
  const created = newCredential({
    name: values.name,
    scopes: scopesOf(values.scope ?? []),
    ...(values.user === undefined ? {} : { userId: requiredUser(values.user) }),
    ...(values['max-ram'] === undefined ? {} : { maxRamSize: values['max-ram'] }),
    ...(values.expires === undefined ? {} : { expiresAt: timeOf(values.expires) }),
  })
  parseCredentials(JSON.stringify({ keys: [created.entry] }))
  if (values.json) console.log(JSON.stringify(created, null, 2))
  else {
    console.log(`credential, shown only now: ${created.key}\n`)
    console.log(`entry for "keys" in the file of API_KEYS_FILE:\n${JSON.stringify(created.entry, null, 2)}`)
  }
  return 0
}

/** A date alone is its first moment, in UTC. */
function timeOf(date: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(date) ? `${date}T00:00:00Z` : date
}

function scopesOf(given: string[]): Scope[] {
  if (given.length === 0) throw new UsageError(`--scope is missing; scopes are ${SCOPES.join(', ')}`)
  const unknown = given.find((scope) => !SCOPES.includes(scope as Scope))
  if (unknown !== undefined) throw new UsageError(`--scope ${unknown}: scopes are ${SCOPES.join(', ')}`)
  return given as Scope[]
}

function requiredSize(option: string, size: string | undefined): bigint {
  if (size === undefined) throw new UsageError(`${option} is missing`)
  try {
    return parseBytes(size)
  } catch (error) {
    if (error instanceof QuantityError) throw new UsageError(`${option} ${JSON.stringify(size)} ${error.message}`)
    throw error
  }
}
