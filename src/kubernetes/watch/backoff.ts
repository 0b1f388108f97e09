import { setTimeout as sleep } from 'node:timers/promises'

const FIRST_MS = 250
const LONGEST_MS = 30_000

/** Waits longer after each failure in a row, and by chance between nothing and all of it, so that many do not come back at once. */
export async function pauseOf(failures: number, signal: AbortSignal): Promise<void> {
  const ms = Math.random() * Math.min(FIRST_MS * 2 ** failures, LONGEST_MS)
  await sleep(ms, undefined, { signal, ref: false }).catch(() => {}) // Aborted: whoever waits looks at the signal.
}
