import { clearLine, cursorTo } from 'node:readline'
import { type Operation, type ProvisionerClient, type Tenant, waitForOperation } from '@fluxiondb/provisioner-client'

const MARKS = { running: '…', succeeded: '✓', failed: '✗' }
/** Of a terminal that does not say how wide it is. */
const USUAL_COLUMNS = 80

/** Waits for the end of an operation, and shows each of its steps as it comes. @throws OperationError if it did not succeed */
export async function untilDone(client: ProvisionerClient, tenant: Tenant): Promise<Operation> {
  const lines = new StepLines(process.stderr)
  try {
    return await waitForOperation(client, tenant, { onLook: ({ steps }) => lines.show(steps) })
  } finally {
    lines.end()
  }
}

/** Steps, one a line: at a terminal that of the running one changes until it has ended, else whatever changes is one more. */
class StepLines {
  readonly #output: NodeJS.WriteStream
  readonly #told: string[] = []
  #isOpen = false

  constructor(output: NodeJS.WriteStream) {
    this.#output = output
  }

  show(steps: Operation['steps']): void {
    for (const [index, { name, state, message }] of steps.entries()) {
      const line = `  ${MARKS[state]} ${name}${state !== 'succeeded' && message ? `: ${message}` : ''}`
      if (this.#told[index] === line) continue
      this.#told[index] = line
      if (this.#output.isTTY) this.#draw(line, state === 'running')
      else this.#output.write(`${line}\n`)
    }
  }

  end(): void {
    if (this.#isOpen) this.#output.write('\n')
    this.#isOpen = false
  }

  #draw(line: string, isRunning: boolean): void {
    if (this.#isOpen) {
      clearLine(this.#output, 0)
      cursorTo(this.#output, 0)
    }
    // One that is longer would take two rows, of which only the last is cleared.
    this.#output.write(isRunning ? line.slice(0, (this.#output.columns || USUAL_COLUMNS) - 1) : `${line}\n`)
    this.#isOpen = isRunning
  }
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
