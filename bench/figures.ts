/** The middle of times that were taken, or another part of them: 0.95. */
export function quantile(times: readonly number[], part = 0.5): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

/** How long work takes (ms). */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** Does work so often, so many at once. @returns how long each took (ms), in the order in which they began */
export async function times(
  inParallel: number,
  count: number,
  work: (index: number) => Promise<unknown>,
): Promise<number[]> {
  const taken: number[] = []
  let begun = 0
  const one = async () => {
    while (begun < count) {
      const index = begun++
      taken[index] = await timed(() => work(index))
    }
  }
  await Promise.all(Array.from({ length: inParallel }, one))
  return taken
}

/** Times a second at which work is done, so many at once. */
export async function rate(inParallel: number, count: number, work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await times(inParallel, count, work)
  return (count / (performance.now() - startedAt)) * 1000
}

export function rounded<T extends Record<string, number>>(figures: T): T {
  const entries = Object.entries(figures).map(([name, value]) => [name, Math.round(value * 100) / 100])
  return Object.fromEntries(entries) as T
}
