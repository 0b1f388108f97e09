import { residentMiBOf } from '../compare/processes.ts'
import type { Asking } from './asking.ts'

export type Sample = { seconds: number; memory: number; writes: number; retries: number }

const EVERY_MS = 5000

/** Takes down, every five seconds, how much memory the service takes and what it was asked for by then. */
export function sampling(pid: number, { counts }: Asking) {
  const startedAt = performance.now()
  const samples: Sample[] = []
  const take = async () => {
    const memory = await residentMiBOf(pid)
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    samples.push({ seconds, memory: Math.round(memory), writes: counts.writes, retries: counts.retries })
    process.stdout.write(
      `\r${seconds} s: ${counts.writes} writes, ${counts.retries} retries, ${Math.round(memory)} MiB  `,
    )
  }
  const timer = setInterval(() => void take(), EVERY_MS)
  return {
    samples,
    stop(): void {
      clearInterval(timer)
      process.stdout.write('\n')
    },
  }
}
