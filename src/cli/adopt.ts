import { readFile } from 'node:fs/promises'
import type { Static } from '@sinclair/typebox'
import type { Command } from 'commander'
import type { CommandContext } from '../cli.ts'
import type { AdoptionSchema } from '../schemas/adoption.ts'
import type { TenantAnswer } from '../schemas/tenant.ts'
import { printTable } from './table.ts'
import { UsageError, userId } from './usage.ts'

type Adoption = Static<typeof AdoptionSchema>
type Service = (method: 'GET' | 'POST', path: string) => Promise<unknown>

/** Longer than a takeover takes; one that takes longer goes on by itself. */
const WAIT_SECONDS = 60
/** More tenants than these are counted where the same is said of them. */
const NAMED_MOST = 3

type Given = { all: boolean; user: string[]; keyFile: string; url: string; dryRun: boolean }

export function addAdopt(program: Command, { end }: CommandContext): void {
  program
    .command('adopt')
    .description('take over what Helm has installed, by a service that runs')
    .option('--all', 'all namespaces that an operator has labelled for it', false)
    .option(
      '--user <id>',
      'one tenant; can be given several times',
      (id, before: string[]) => [...before, userId(id)],
      [],
    )
    .requiredOption('--key-file <file>', 'file with an admin credential of the service')
    .option('--url <url>', 'address of the service', 'http://127.0.0.1:3000')
    .option('--dry-run', 'show what would be done, and do nothing', false)
    .action(async (given: Given) => end(await adopt(given)))
}

/**
 * Shows what a takeover would do, then takes over one tenant after the other, and shows how each ends.
 * @returns the exit code: 1 if anything was refused or did not end well
 */
async function adopt({ all, user, keyFile, url, dryRun }: Given): Promise<number> {
  if (all === user.length > 0) throw new UsageError('adopt wants either --all or --user ID')
  const service = serviceAt(url, await credentialIn(keyFile))
  const adoptions = await planned(service, user)
  if (adoptions.length === 0) {
    console.log(
      'Nothing to take over: no namespace bears the label fluxiondb.com/adoptable-as=ID and is no tenant yet.',
    )
    return 0
  }
  show(adoptions)
  const possible = adoptions.filter(({ plan }) => plan.feasible)
  if (!dryRun && possible.length > 0) console.log('')
  const done = dryRun ? possible.length : await takeOver(service, possible)
  return done === adoptions.length ? 0 : 1
}

/** The address of a path of the service, which may itself be behind one. */
function addressOf(url: string, path: string): string {
  return `${url.replace(/\/+$/, '')}${path}`
}

async function credentialIn(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    throw new UsageError(`--key-file ${file} cannot be read: ${(error as Error).message}`)
  }
}

async function planned(service: Service, userIds: readonly string[]): Promise<Adoption[]> {
  if (userIds.length === 0) return ((await service('GET', '/admin/adoptable')) as { items: Adoption[] }).items
  const one = (userId: string) => service('POST', `/tenants/${userId}/adopt?dryRun=true`) as Promise<Adoption>
  return Promise.all(userIds.map(one))
}

function show(adoptions: readonly Adoption[]): void {
  printTable(
    ['TENANT', 'RELEASE', 'RAM', 'STORAGE', 'CPU', 'RESTART', 'TAKEOVER'],
    adoptions.map(({ userId, release, desired, plan }) => [
      userId,
      release ?? '-',
      desired?.ramSize ?? '-',
      desired?.storageSize ?? '-',
      desired ? `${desired.cpu.request}/${desired.cpu.limit}` : '-',
      plan.feasible ? plan.expectedDisruption : '-',
      plan.feasible ? 'possible' : 'refused',
    ]),
  )
  for (const [line, userIds] of linesOf(adoptions)) {
    console.log(`  ${userIds.length > NAMED_MOST ? `${userIds.length} of them` : userIds.join(', ')}: ${line}`)
  }
}

/** What is said of each, the same of several once. */
function linesOf(adoptions: readonly Adoption[]): Map<string, string[]> {
  const lines = new Map<string, string[]>()
  for (const { userId, plan } of adoptions) {
    const changes = plan.changes.map(({ resource, from, to }) => `${resource} from ${from} to ${to}`)
    for (const line of [...changes, ...plan.reasons.map(({ message }) => message)]) {
      lines.set(line, [...(lines.get(line) ?? []), userId])
    }
  }
  return lines
}

/** One after the other, so that what goes wrong is seen before all have been touched. @returns how many ended well */
async function takeOver(service: Service, adoptions: readonly Adoption[]): Promise<number> {
  let done = 0
  for (const [index, { userId }] of adoptions.entries()) {
    const [isDone, how] = await takeOne(service, userId)
    if (isDone) done += 1
    console.log(`[${index + 1}/${adoptions.length}] ${userId}: ${how}`)
  }
  return done
}

async function takeOne(service: Service, userId: string): Promise<[isDone: boolean, how: string]> {
  try {
    const { operation } = (await service('POST', `/tenants/${userId}/adopt`)) as TenantAnswer
    const { state, failure, outcome } = operation
    if (state === 'succeeded') return [true, `taken over; restart: ${outcome?.disruption ?? 'none'}`]
    return [
      false,
      failure ? `taken over, but ${failure.message}` : `still ${state} after ${WAIT_SECONDS} s; it goes on`,
    ]
  } catch (error) {
    if (error instanceof UsageError) return [false, error.message]
    throw error
  }
}

function serviceAt(url: string, key: string): Service {
  return async (method, path) => {
    const headers = { authorization: `Bearer ${key}`, prefer: `wait=${WAIT_SECONDS}` }
    const answer = await fetch(addressOf(url, path), { method, headers }).catch((error: Error) => {
      throw new UsageError(
        `the service at ${url} does not answer: ${(error.cause as Error | undefined)?.message ?? error.message}`,
      )
    })
    // What is no JSON comes from somebody between here and the service.
    const body = (await answer.json().catch(() => ({ code: 'no answer of this service' }))) as Record<string, unknown>
    if (answer.ok) return body
    throw new UsageError(`${answer.status} ${body.code}: ${body.detail}`)
  }
}
