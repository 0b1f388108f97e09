import { type Operation, type ProvisionerClient, type Tenant, waitForOperation } from '@fluxiondb/provisioner-client'

const MARKS = { running: '…', succeeded: '✓', failed: '✗' }

/** Waits for the end of an operation, and prints each of its steps as it comes. @throws OperationError if it did not succeed */
export async function untilDone(client: ProvisionerClient, tenant: Tenant): Promise<Operation> {
  const told = new Set<string>()
  const onLook = ({ steps }: Operation) => {
    for (const { name, state, message } of steps) {
      const line = `${MARKS[state]} ${name}${state !== 'succeeded' && message ? `: ${message}` : ''}`
      if (!told.has(line)) console.error(`  ${line}`)
      told.add(line)
    }
  }
  return waitForOperation(client, tenant, { onLook })
}

/** What a change did to the database, in a sentence. */
export function outcomeOf({ type, outcome }: Operation): string {
  if (!outcome) return `${type}: done.`
  const { disruption, secondsToEffect, secondsNotReady } = outcome
  const not = secondsNotReady ? `, not ready for ${secondsNotReady} s` : ''
  return disruption === 'none'
    ? `${type}: done in ${secondsToEffect} s, without a restart.`
    : `${type}: done in ${secondsToEffect} s, by a restart${not}.`
}
