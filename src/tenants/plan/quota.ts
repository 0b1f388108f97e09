import type { Apis } from '../../kubernetes/connection.ts'
import type { Desired } from '../../manifests/desired.ts'
import { CONTAINER_NAME } from '../../manifests/names.ts'
import { parseQuantity } from '../../sizing/quantity.ts'

/** What quotas and limit ranges call each of our sizes. */
const NAMES: Record<string, (desired: Desired) => string> = {
  'limits.memory': ({ ramSize }) => ramSize,
  'requests.memory': ({ ramSize }) => ramSize,
  memory: ({ ramSize }) => ramSize,
  'limits.cpu': ({ cpu }) => cpu.limit,
  'requests.cpu': ({ cpu }) => cpu.request,
  cpu: ({ cpu }) => cpu.request,
  'requests.storage': ({ storageSize }) => storageSize,
}

/** Why an operator's quota or limit range in the tenant's namespace refuses these sizes; undefined if none does. */
export async function quotaObstacle(
  { core }: Apis,
  namespace: string,
  from: Desired,
  to: Desired,
): Promise<string | undefined> {
  const [quotas, ranges] = await Promise.all([
    core.listNamespacedResourceQuota({ namespace }),
    core.listNamespacedLimitRange({ namespace }),
  ])
  for (const { metadata, status } of quotas.items) {
    for (const [name, hard] of Object.entries(status?.hard ?? {})) {
      const sizeOf = NAMES[name]
      if (!sizeOf) continue
      const used = parse(status?.used?.[name]) - parse(sizeOf(from)) + parse(sizeOf(to))
      if (used > parse(hard)) return `the quota ${metadata?.name} allows ${name} of ${hard} in all`
    }
  }
  for (const { metadata, spec } of ranges.items) {
    for (const { type, max } of spec?.limits ?? []) {
      const limit = type === 'Container' || type === 'Pod' ? max : undefined
      if (limit?.memory && parse(to.ramSize) > parse(limit.memory)) {
        return `the limit range ${metadata?.name} allows at most ${limit.memory} of memory for ${CONTAINER_NAME}`
      }
      if (limit?.cpu && parse(to.cpu.limit) > parse(limit.cpu)) {
        return `the limit range ${metadata?.name} allows at most ${limit.cpu} of CPU for ${CONTAINER_NAME}`
      }
    }
  }
  return undefined
}

const parse = (quantity: string | undefined) => parseQuantity(quantity ?? '0') ?? 0n
