import { TOLD_PATTERN } from '../schemas/enumeration.ts'

type Schema = {
  pattern?: string
  [TOLD_PATTERN]?: string
  type?: string | string[]
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  $ref?: string
  description?: string
  examples?: unknown[]
}
export type Schemas = Record<string, Schema>

/** Parts of components that are components of their own, by where they stand; `[]` is each item of a list. */
const NAMES: Record<string, string> = {
  'Problem.errors[]': 'FieldError',
  'Plan.changes[]': 'PlannedChange',
  'Plan.reasons[]': 'Reason',
  'Outcome.before': 'DatabaseRun',
  'Outcome.after': 'DatabaseRun',
  'Outcome.limits': 'LimitsInForce',
  'Tenant.desired': 'Sizes',
  'Tenant.desired.cpu': 'Cpu',
  'Tenant.actual': 'ActualSizes',
  'Tenant.actual.cpu': 'ActualCpu',
  'Tenant.endpoints': 'Endpoints',
  'Tenant.endpoints.internal': 'InternalEndpoint',
  'Tenant.endpoints.external[]': 'ExternalEndpoint',
  'Adoption.desired': 'AdoptedSizes',
  'Adoption.desired.cpu': 'AdoptedCpu',
  'SizePlanList.items[]': 'SizePlan',
  'DriftList.items[]': 'Drift',
  'OrphanList.items[]': 'Orphan',
  'Deletion.namespace': 'NamespaceDeletion',
  'Deletion.namespace.conditions[]': 'NamespaceCondition',
  'Deletion.remaining[]': 'RemainingObject',
  'Readiness.cluster': 'ClusterHealth',
  'Usage.memory': 'MemoryUsage',
  'Usage.cpu': 'CpuUsage',
  'Usage.volume': 'VolumeUsage',
  'Usage.lastEnd': 'ContainerEnd',
  'Usage.unknown[]': 'UnknownUsage',
}

/** Options come in three forms; these are the names of their parts in the first, by where they stand if not by the option itself. */
const OPTIONS: Record<string, string> = {
  'resources.requests': 'CpuAmount',
  'resources.limits': 'CpuAmount',
  'ingress.hosts[]': 'IngressHost',
  'ingress.hosts[].paths[]': 'IngressPath',
  'ingress.tls[]': 'IngressTls',
}
const FORMS: Record<string, (name: string) => string> = {
  TenantOptions: (name) => name,
  AskedOptions: (name) => `Asked${name}`,
  OptionsPatch: (name) => `${name}Patch`,
}

/**
 * Makes a component of every object within a component, as client generators would else make up names for them. Parts that are alike
 * are one component.
 * @throws Error for a part that has no name here
 */
export function nameParts(schemas: Schemas): void {
  const named = new Map<string, string>()
  const name = (schema: Schema, at: string): Schema => {
    const { description, ...part } = schema
    const text = JSON.stringify(part)
    const known = named.get(text) ?? nameOf(at)
    if (!named.has(text)) {
      named.set(text, known)
      if (known in schemas) throw new Error(`the OpenAPI component ${known} is there twice, as of ${at}`)
      schemas[known] = part
    }
    return { ...(description === undefined ? {} : { description }), $ref: `#/components/schemas/${known}` }
  }

  const visit = (schema: Schema, at: string, isPart: boolean): Schema => {
    const { properties, items, anyOf, type } = schema
    const { [TOLD_PATTERN]: pattern, ...rest } = schema
    const inner: Schema = pattern === undefined ? rest : { ...rest, pattern }
    if (properties) {
      inner.properties = Object.fromEntries(
        Object.entries(properties).map(([key, part]) => [key, visit(part, `${at}.${key}`, true)]),
      )
    }
    if (items) inner.items = visit(items, `${at}[]`, true)
    if (anyOf) inner.anyOf = anyOf.map((one) => visit(one, at, true))
    if (!isPart || !properties || Object.keys(properties).length === 0) return inner
    if (!Array.isArray(type)) return name(inner, at)
    // An object or null.
    const { description, ...object } = inner
    const part = name({ ...object, type: 'object' }, at)
    return { ...(description === undefined ? {} : { description }), anyOf: [part, { type: 'null' }] }
  }

  for (const [component, schema] of Object.entries(schemas)) schemas[component] = visit(schema, component, false)
}

function nameOf(at: string): string {
  const [component, ...rest] = at.split('.')
  const form = FORMS[component!]
  const path = rest.join('.')
  const found = form ? form(OPTIONS[path] ?? (path.includes('.') ? '' : capitalized(path))) : NAMES[at]
  if (!found || found === 'Asked' || found === 'Patch')
    throw new Error(`the object at ${at} has no name in the OpenAPI document`)
  return found
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
