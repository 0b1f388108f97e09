import type { Desired } from '../../manifests/desired.ts'
import { type Asked, type Options, OptionsSchema } from '../../manifests/options.ts'
import { renderPodTemplate } from '../../manifests/pod-template.ts'
import type { Policy, SizePlan } from '../../policy/policy.ts'
import { cpuFor, storageFor } from '../../sizing/policy.ts'
import { bytesOf, formatBytes, formatMillicores, millicoresOf } from '../../sizing/quantity.ts'
import { overlay, settle } from './settle.ts'

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
  const options = settle(
    defaultsOf(terms),
    [planned, asked],
    before && { options: before.options, released: [before.asked, before.sizePlan?.options, released] },
  )
  const desired: Desired = {
    ...sizesFor(ram, options, terms.cpuRequestPercent, current?.storage),
    options,
    asked,
    sizePlan: sizePlan ? { name: sizePlan.name, options: planned } : null,
    templateRevision: before?.templateRevision ?? 1,
  }
  return desired
}

/** The same with the operator's host for this tenant, if it is to have an Ingress and nobody gave it a host. */
export function withHost({ ingressHosts }: Policy, userId: string, desired: Desired): Desired {
  const { ingress } = desired.options
  // One with `*` allows names, and is none.
  const template = ingressHosts.find((host) => !host.includes('*'))
  if (!ingress.enabled || ingress.hosts.length > 0 || template === undefined) return desired
  const host = template.replaceAll('{id}', userId)
  const hosts = [{ host, paths: [{ path: '/', pathType: 'Prefix' as const }] }]
  return { ...desired, options: { ...desired.options, ingress: { ...ingress, hosts } } }
}

/** The same sizes with another RAM; no option changes, and the tenant is off its size plan. */
export function desireRam(terms: Terms, ram: bigint, { desired, storage }: Current): Desired {
  const sizes = sizesFor(ram, desired.options, terms.cpuRequestPercent, storage)
  return { ...desired, ...sizes, sizePlan: sizes.ramSize === desired.ramSize ? desired.sizePlan : null }
}

/** All sizes: what was asked for, else what follows from the RAM (bytes). @param current storage, which never shrinks */
export function sizesFor(
  ram: bigint,
  { resources, storage }: Options,
  cpuRequestPercent: number,
  current?: bigint,
): Pick<Desired, 'ramSize' | 'storageSize' | 'cpu'> {
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
  return {
    ramSize: formatBytes(ram),
    storageSize: formatBytes(storageFor(ram, bytesOf(storage.size ?? undefined) ?? 0n, current)),
    cpu: { request: formatMillicores(cpu.request), limit: formatMillicores(cpu.limit) },
  }
}

/** The same with a raised template revision if the pod template differs in more than sizes: then the pod must be a new one. */
export function withTemplate(userId: string, from: Desired, to: Desired): Desired {
  const { ramSize, storageSize, cpu, templateRevision } = from
  const template = (desired: Desired) => {
    const sized = { ...desired, ramSize, storageSize, cpu, templateRevision }
    const tenant = { userId, generation: 1, running: true, deleted: false, resize: 'inPlace', desired: sized } as const
    return JSON.stringify(renderPodTemplate(tenant))
  }
  return template(from) === template(to) ? to : { ...to, templateRevision: templateRevision + 1 }
}

/** Every option that differs, as a plan shows it. Sizes are shown on their own. */
export function optionChanges(from: Options, to: Options): { resource: string; from: string; to: string }[] {
  return differences('', from, to, OptionsSchema).filter(({ resource }) => !/^(resources|storage\.size)/.test(resource))
}

function differences(path: string, from: unknown, to: unknown, schema: object): ReturnType<typeof optionChanges> {
  if (JSON.stringify(from) === JSON.stringify(to)) return []
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

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
