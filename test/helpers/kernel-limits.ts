import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/** Files of a container's cgroup, below its pod's: of version 1, or of version 2. */
const FILES = {
  memory: ['memory/fluxiondb-*/kubepods/**/pod*/*/memory.limit_in_bytes', 'fluxiondb-*/kubepods/**/pod*/*/memory.max'],
  cpuWeight: ['cpu/fluxiondb-*/kubepods/**/pod*/*/cpu.shares', 'fluxiondb-*/kubepods/**/pod*/*/cpu.weight'],
}

/**
 * What the kernel of the local node allows the database of a pod: bytes of memory, and its weight among others for CPU.
 * The pod has one more container, the sandbox, which has no limit.
 */
export async function kernelLimits(podUid: string): Promise<{ memory: number; cpuWeight: number }> {
  const read = async (patterns: string[]) => {
    const files = globSync(
      patterns.map((pattern) => pattern.replace('pod*', `pod${podUid}`)),
      { cwd: '/sys/fs/cgroup' },
    )
    return Promise.all(
      files.map(async (file) => ({ file, value: Number(await readFile(`/sys/fs/cgroup/${file}`, 'utf8')) })),
    )
  }
  const containerOf = (file: string) => file.split('/').at(-2)
  const [memory, ...others] = (await read(FILES.memory)).sort((a, b) => a.value - b.value)
  if (memory === undefined || others.length > 1) throw new Error(`${others.length + 1} cgroups of pod ${podUid}`)
  const weight = (await read(FILES.cpuWeight)).find(({ file }) => containerOf(file) === containerOf(memory.file))
  if (weight === undefined) throw new Error(`no CPU weight of pod ${podUid}`)
  return { memory: memory.value, cpuWeight: weight.value }
}
