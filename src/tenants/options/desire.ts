import { sameJson } from '../../canonical-json.ts'
import type { Desired } from '../../manifests/desired.ts'
import { type Asked, type Options, OptionsSchema, withoutNulls } from '../../manifests/options.ts'
import { renderPodTemplate } from '../../manifests/pod-template.ts'
import type { Policy, SizePlan } from '../../policy/policy.ts'
import { cpuFor, storageFor } from '../../sizing/policy.ts'
import { bytesOf, formatBytes, formatMillicores, millicoresOf } from '../../sizing/quantity.ts'
import { shortened } from '../record/limits.ts'
import { overlay, settle, without, withoutAbsent } from './settle.ts'

/** What an operator says of options and CPU, in the settings and the policy. */
export type Terms = { options: Options; cpuRequestPercent: number; policy: Policy }

/** What somebody wants a tenant to be. */
export type Wish = {
  /** Bytes. */
  ram: bigint
  sizePlan: SizePlan | undefined
  asked: Asked
  /** Parts of the options that are given back to the defaults, by name. */
  released?: unknown
}

/** What the tenant is now. */
export type Current = {
  desired: Desired
  /** Bytes that its volume has, or shall have. */
  storage: bigint
}

/** What the operator gives where nobody asks. */
export function defaultsOf({ options, policy }: Terms): Options {
  return overlay(options, policy.defaults)
}

/** What a tenant shall be: every option settled, and all sizes that follow. */
export function desire(terms: Terms, { ram, sizePlan, asked, released }: Wish, current?: Current): Desired {
  const before = current?.desired
  const planned = sizePlan?.options ?? {}
  const kept = before?.kept && without(before.kept, released)
  const options = settle(
    defaultsOf(terms),
    [kept ?? {}, planned, asked],
    before && { options: before.options, released: [before.asked, before.sizePlan?.options, released] },
  )
  const desired: Desired = {
    ...sizesFor(ram, options, terms.cpuRequestPercent, current),
    options,
    asked: withoutAbsent(asked),
    ...(kept === undefined ? {} : { kept }),
    sizePlan: sizePlan ? { name: sizePlan.name, options: planned } : null,
    templateRevision: before?.templateRevision ?? 1,
  }
  return desired
}

/**
 * The same with the operator's host for this tenant, if it is to have an Ingress and nobody gave it a host. Without an Ingress
 * that host goes, as the operator may have another one by the time that there is an Ingress again.
 */
export function withHost({ ingressHosts }: Policy, userId: string, desired: Desired): Desired {
  const { ingress } = desired.options
  const isGiven = [desired.asked, desired.kept, desired.sizePlan?.options].some(
    (one) => one?.ingress?.hosts !== undefined,
  )
  // One with `*` allows names, and is none.
  const template = ingressHosts.find((host) => !host.includes('*'))
  const withHosts = (hosts: typeof ingress.hosts) => ({
    ...desired,
    options: { ...desired.options, ingress: { ...ingress, hosts } },
  })
  if (!ingress.enabled) return isGiven ? desired : withHosts([])
  if (ingress.hosts.length > 0 || template === undefined) return desired
  const host = template.replaceAll('{id}', userId)
  return withHosts([{ host, paths: [{ path: '/', pathType: 'Prefix' }] }])
}

/** The same sizes with another RAM; no option changes, and the tenant is off its size plan. */
export function desireRam(terms: Terms, ram: bigint, { desired, storage }: Current): Desired {
  const { memoryRequest: _, ...rest } = desired
  const sizes = sizesFor(ram, desired.options, terms.cpuRequestPercent, { desired, storage })
  return { ...rest, ...sizes, sizePlan: sizes.ramSize === desired.ramSize ? desired.sizePlan : null }
}

/**
 * All sizes: what was asked for, else what follows from the RAM (bytes). Storage never shrinks, and grows to 2 x RAM with the RAM
 * only: a tenant that was taken over may have less, on a volume that cannot grow.
 */
export function sizesFor(
  ram: bigint,
  { resources, storage }: Options,
  cpuRequestPercent: number,
  current?: Current,
): Pick<Desired, 'ramSize' | 'storageSize' | 'cpu' | 'memoryRequest'> {
  const { request, limit } = cpuFor(ram, cpuRequestPercent)
  const asked = {
    request: millicoresOf(resources.requests.cpu ?? undefined),
    limit: millicoresOf(resources.limits.cpu ?? undefined),
  }
  // What is asked for holds, and the other gives way: a request is never above the limit.
  const cpu = {
    request: asked.request ?? Math.min(request, asked.limit ?? request),
    limit: asked.limit ?? Math.max(limit, asked.request ?? limit),
  }
  const before = current && bytesOf(current.desired.ramSize)
  const size = storageFor(
    before !== undefined && ram <= before ? 0n : ram,
    bytesOf(storage.size ?? undefined),
    current?.storage,
  )
  const memoryRequest = ram === before ? current?.desired.memoryRequest : undefined
  return {
    ramSize: formatBytes(ram),
    storageSize: formatBytes(size),
    cpu: { request: formatMillicores(cpu.request), limit: formatMillicores(cpu.limit) },
    ...(memoryRequest === undefined ? {} : { memoryRequest }),
  }
}

/** The same with a raised template revision if the pod template differs in more than sizes: then the pod must be a new one. */
export function withTemplate(userId: string, from: Desired, to: Desired): Desired {
  const { ramSize, storageSize, cpu, templateRevision } = from
  const template = (desired: Desired) => {
    const { memoryRequest: _, ...rest } = desired
    const sized = { ...rest, ramSize, storageSize, cpu, templateRevision }
    const tenant = { userId, generation: 1, running: true, deleted: false, resize: 'inPlace', desired: sized } as const
    // A record from before nulls were left out must not restart anybody.
    return withoutNulls(renderPodTemplate(tenant))
  }
  return sameJson(template(from), template(to)) ? to : { ...to, templateRevision: templateRevision + 1 }
}

/** Every option that differs, as a plan shows it. Sizes are shown on their own. */
export function optionChanges(from: Options, to: Options): { resource: string; from: string; to: string }[] {
  return differences('', from, to, OptionsSchema).filter(({ resource }) => !/^(resources|storage\.size)/.test(resource))
}

function differences(path: string, from: unknown, to: unknown, schema: object): ReturnType<typeof optionChanges> {
  if (sameJson(withoutNulls(from), withoutNulls(to))) return []
  const { properties } = schema as { properties?: { [key: string]: object } }
  if (!properties || Object.keys(properties).length === 0) {
    return [{ resource: path, from: shown(from), to: shown(to) }]
  }
  return Object.entries(properties).flatMap(([key, field]) =>
    differences(
      path === '' ? key : `${path}.${key}`,
      (from as Record<string, unknown>)[key],
      (to as Record<string, unknown>)[key],
      field,
    ),
  )
}

const shown = (value: unknown) => shortened(typeof value === 'string' ? value : JSON.stringify(value))
