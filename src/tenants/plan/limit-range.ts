import type {
  V1Container,
  V1LimitRange,
  V1LimitRangeItem,
  V1PersistentVolumeClaim,
  V1Pod,
} from '@kubernetes/client-node'
import { parseQuantity } from '../../sizing/quantity.ts'
import type { Reason } from '../record/plan.ts'
import { type Amounts, amountsOf, formatAmount } from './amounts.ts'
import { limitsOf, requestsOf } from './pod-amounts.ts'

/** What is held against a limit range: a container, a pod or a claim. */
type Measured = { what: string; requests: Amounts; limits: Amounts | undefined }

/**
 * What limit ranges refuse of a pod as it would be, made anew or resized, as Kubernetes' LimitRanger does: every container and
 * sidecar, and their sum. Its whole size counts, not what differs from before.
 */
export function podRangeObstacles(pod: V1Pod, ranges: readonly V1LimitRange[]): Reason[] {
  const { containers, initContainers = [] } = pod.spec!
  // Neither what the node reports nor overhead counts here.
  const { overhead: _, ...spec } = pod.spec!
  const whole = { what: 'the pod', requests: requestsOf({ spec }), limits: limitsOf({ spec }) }
  const parts = [...containers, ...initContainers].map(({ name, resources }) => ({
    what: `the container ${name}`,
    requests: amountsOf(resources?.requests),
    limits: amountsOf(resources?.limits),
  }))
  return refusals(ranges, { Container: parts, Pod: [whole] })
}

/** What they refuse of a claim as it would be. */
export function claimRangeObstacles({ spec }: V1PersistentVolumeClaim, ranges: readonly V1LimitRange[]): Reason[] {
  const requests = amountsOf(spec?.resources?.requests)
  return refusals(ranges, { PersistentVolumeClaim: [{ what: 'the claim', requests, limits: undefined }] })
}

/** A pod with the sizes that limit ranges give to containers that say none, such as a sidecar's. */
export function withRangeDefaults(pod: V1Pod, ranges: readonly V1LimitRange[]): V1Pod {
  const items = ranges.flatMap(({ spec }) => spec?.limits ?? []).filter(({ type }) => type === 'Container')
  const fill = (container: V1Container): V1Container => {
    const resources = items.reduce(({ requests, limits }, { _default, defaultRequest }) => {
      return { requests: { ...defaultRequest, ...requests }, limits: { ..._default, ...limits } }
    }, container.resources ?? {})
    return { ...container, resources }
  }
  const { containers, initContainers = [] } = pod.spec!
  return { ...pod, spec: { ...pod.spec!, containers: containers.map(fill), initContainers: initContainers.map(fill) } }
}

function refusals(ranges: readonly V1LimitRange[], measured: Readonly<Record<string, readonly Measured[]>>): Reason[] {
  return ranges.flatMap(({ metadata, spec }) =>
    (spec?.limits ?? []).flatMap((item) =>
      (measured[item.type] ?? [])
        .flatMap((one) => refused(item, one))
        .map((message) => ({ code: 'LimitRange', message: `the limit range ${metadata?.name} ${message}` })),
    ),
  )
}

function refused({ min, max, maxLimitRequestRatio }: V1LimitRangeItem, one: Measured): string[] {
  const { what, requests, limits } = one
  const broken = (bounds: V1LimitRangeItem['min'], breaks: (name: string, bound: bigint) => boolean) =>
    Object.entries(bounds ?? {}).filter(([name, bound]) => breaks(name, parseQuantity(bound) ?? 0n))
  // An amount that is not named breaks a bound, as it could be any.
  const isBelow = (name: string, bound: bigint) =>
    (requests[name] ?? -1n) < bound || (limits?.[name] !== undefined && limits[name] < bound)
  const isAbove = (name: string, bound: bigint) =>
    (limits ?? requests)[name] === undefined || (limits?.[name] ?? 0n) > bound || (requests[name] ?? 0n) > bound
  const isWider = (name: string, bound: bigint) => !isWithin(requests[name] ?? 0n, limits?.[name] ?? 0n, bound)
  const rest = (name: string) => `for ${what}, which would have ${shown(name, one)}`
  return [
    ...broken(min, isBelow).map(([name, bound]) => `asks for at least ${bound} of ${name} ${rest(name)}`),
    ...broken(max, isAbove).map(([name, bound]) => `allows at most ${bound} of ${name} ${rest(name)}`),
    ...broken(maxLimitRequestRatio, isWider).map(
      ([name, ratio]) => `allows a limit of ${name} of at most ${ratio} times the request ${rest(name)}`,
    ),
  ]
}

/** Whether a limit is at most so many times its request. In floating point, as Kubernetes reckons it. */
function isWithin(request: bigint, limit: bigint, ratio: bigint): boolean {
  const [requested, limited, most] = [request, limit, ratio].map((amount) => Number(amount / 10n ** 6n)) as [
    number,
    number,
    number,
  ]
  return requested > 0 && limited > 0 && (limited / requested) * 1000 <= most
}

function shown(name: string, { requests, limits }: Measured): string {
  const [request, limit] = [requests[name], limits?.[name]]
  if (request === undefined && limit === undefined) return 'none'
  if (limit === undefined || limit === request) return formatAmount(name, request ?? 0n)
  return `${formatAmount(name, request ?? 0n)} and a limit of ${formatAmount(name, limit)}`
}
