import { Value } from '@sinclair/typebox/value'
import type { Capabilities } from '../../kubernetes/capabilities.ts'
import { sameQuantity } from '../../manifests/compare.ts'
import type { Desired } from '../../manifests/desired.ts'
import { releaseOf } from '../../manifests/helm.ts'
import { namesFor } from '../../manifests/names.ts'
import { OptionsSchema } from '../../manifests/options.ts'
import { renderResources } from '../../manifests/pod-template.ts'
import { leastStorageFor } from '../../sizing/policy.ts'
import { bytesOf, formatBytes, millicoresOf } from '../../sizing/quantity.ts'
import { claimSizes, livePods } from '../observe/observed.ts'
import { defaultsOf, sizesFor, type Terms } from '../options/desire.ts'
import { overlay } from '../options/settle.ts'
import { restartingResources } from '../plan/resize-policy.ts'
import { tooLarge } from '../record/limits.ts'
import type { Plan, Reason } from '../record/plan.ts'
import { type Database, databaseIn, dataClaim, type Found } from './found.ts'
import { obstaclesIn } from './obstacles.ts'
import { optionsFound } from './options.ts'

/** What taking over a release would make of it, and what stands in the way. */
export type Adoption = {
  userId: string
  namespace: string
  /** As the Deployment says; null: it says none. */
  release: string | null
  /** Null: what is there is no tenant that could be. */
  desired: Desired | null
  plan: Plan
}

/** The acts of a takeover, in their order. */
const STEPS = ['takeover', 'objects', 'deployment', 'ready']
const EXPECTED_SECONDS = 5

/**
 * Sizes and options as they are, and whether they can be kept without a restart. Pure.
 * @param reasons obstacles that were found elsewhere
 */
export function planAdoption(
  found: Found,
  terms: Terms,
  { resizePods }: Capabilities,
  reasons: readonly Reason[] = [],
): Adoption {
  const database = databaseIn(found)
  const obstacles = [...obstaclesIn(found), ...reasons]
  const desired = database && obstacles.length === 0 ? desiredFrom(found, database, terms) : null
  const changes = desired && database ? changesOf(found, database, desired) : []
  const resizes = changes.some(({ resource }) => resource.startsWith('resources.'))
  if (desired) obstacles.push(...inexpressible(desired))
  if (resizes && !resizePods) {
    const message =
      'the pod lacks a CPU request or limit, and the cluster does not let this service resize a running one; give both with Helm first'
    obstacles.push({ code: 'ResizeNotAvailable', message })
  }
  if (desired && resizes) obstacles.push(...resizePolicyObstacles(found, desired))
  const feasible = obstacles.length === 0
  return {
    userId: found.userId,
    namespace: namesFor(found.userId).namespace,
    release: releaseOf(found.deployment) ?? null,
    desired: feasible ? desired : null,
    plan: {
      feasible,
      strategy: 'inPlace',
      expectedDisruption: 'none',
      worstDisruption: 'none',
      lossWindowSeconds: 0,
      changes,
      steps: feasible ? STEPS : [],
      reasons: feasible && desired && database ? notes(desired, database, resizes) : obstacles,
      expectedSeconds: feasible ? EXPECTED_SECONDS : 0,
    },
  }
}

function desiredFrom(found: Found, database: Database, terms: Terms): Desired | null {
  const { limits, requests } = database.container.resources ?? {}
  const ram = bytesOf(limits?.memory)
  if (ram === undefined) return null
  const wanted = optionsFound(found, database)
  const settled = overlay(defaultsOf(terms), wanted)
  const follows = sizesFor(ram, settled, terms.cpuRequestPercent)
  // CPU that is what follows from the RAM goes on following; other CPU stays.
  const cpu = (found: string | undefined, follows: string) =>
    !millicoresOf(found) || sameQuantity(found!, follows) ? {} : { cpu: found! }
  // Where there is a limit only, Kubernetes takes it for the request too.
  const resources = {
    requests: cpu(requests?.cpu ?? limits?.cpu, follows.cpu.request),
    limits: cpu(limits?.cpu, follows.cpu.limit),
  }
  const options = overlay(settled, { resources })
  const memory = requests?.memory ?? limits?.memory
  const { requested } = claimSizes(dataClaim(found, database))
  return {
    ...sizesFor(ram, options, terms.cpuRequestPercent),
    // To raise the request takes room on the node: that is for whoever asks for another RAM size.
    ...(sameQuantity(memory!, limits!.memory!) ? {} : { memoryRequest: memory! }),
    // As it is, be it less than twice the RAM: only more RAM makes it grow.
    storageSize: formatBytes(requested === 0n ? leastStorageFor(ram) : requested),
    options,
    asked: {},
    kept: { ...wanted, resources },
    sizePlan: null,
    // The pod keeps the template that Helm has made.
    templateRevision: 0,
  }
}

function changesOf({ deployment }: Found, { container }: Database, desired: Desired): Plan['changes'] {
  const live = container.resources ?? {}
  const rendered = renderResources(desired)
  const sizes = (['requests', 'limits'] as const).flatMap((kind) =>
    Object.entries(rendered[kind] ?? {})
      .map(([name, to]) => ({ resource: `resources.${kind}.${name}`, from: liveIn(kind, name), to }))
      .filter(({ from, to }) => !sameQuantity(from, to)),
  )
  function liveIn(kind: 'requests' | 'limits', name: string): string {
    return live[kind]?.[name] ?? live.limits?.[name] ?? 'none'
  }
  const strategy = deployment!.spec!.strategy?.type ?? 'RollingUpdate'
  return [...sizes, ...(strategy === 'Recreate' ? [] : [{ resource: 'strategy', from: strategy, to: 'Recreate' }])]
}

/** What the pod lacks comes to it in place, which its own policy may not allow without a restart. */
function resizePolicyObstacles({ pods }: Found, desired: Desired): Reason[] {
  const names = livePods(pods).flatMap((pod) => restartingResources(pod, renderResources(desired)))
  if (names.length === 0) return []
  const message = `the pod lacks a CPU request or limit, and its resizePolicy has its container restarted when ${names.join(' and ')} changes; give both with Helm first`
  return [{ code: 'RestartPolicy', message }]
}

/** Options whose values this service has no place for. */
function inexpressible(desired: Desired): Reason[] {
  const { options } = desired
  const size = tooLarge(desired)
  const large = size === undefined ? [] : [{ code: 'OptionsTooLarge', message: `the options ${size}` }]
  const unknown = [...Value.Errors(OptionsSchema, options)].map(({ path, message, value }) => ({
    code: 'OptionNotKnown',
    message: `${path.slice(1).replaceAll('/', '.')} is ${JSON.stringify(value)}: ${message}`,
  }))
  return [...large, ...unknown]
}

/** What whoever takes it over should know. */
function notes(
  { ramSize, storageSize, memoryRequest }: Desired,
  { launch, container }: Database,
  resizes: boolean,
): Reason[] {
  const found: Reason[] = [
    {
      code: 'TemplateKept',
      message: 'the pod keeps what Helm has given it, which UpdateAvailable says, until a restart renders it anew',
    },
  ]
  const add = (code: string, message: string) => found.push({ code, message })
  if (memoryRequest) {
    const message = `the node keeps ${memoryRequest} free for it, less than its RAM of ${ramSize}, until its RAM is changed`
    add('RequestKept', message)
  }
  if (resizes) add('ResizedInPlace', 'the pod is given, in place, the CPU request or limit that it has not')
  if (container.command)
    add(
      'CommandDropped',
      'the start command goes with the first restart; where the image has none of its own, the way back is by hand',
    )
  const folder = launch.volume?.mountPath
  if (folder && folder !== '/data' && !folder.startsWith('/data/')) {
    add('FolderMoves', `the volume, mounted at ${folder}, is mounted at /data from the restart on, with the same data`)
  }
  if (launch.volume && launch.dataFolder === undefined) {
    add('DataInMemory', 'the database keeps nothing on its volume, as it was not told to; from the restart on it does')
  }
  const least = leastStorageFor(bytesOf(ramSize)!)
  if (launch.volume?.claim && bytesOf(storageSize)! < least) {
    add('StorageBelowTwiceRam', `storage is ${storageSize}; more RAM makes it at least 2 x RAM`)
  }
  return found
}
