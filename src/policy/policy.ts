import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { type Asked, OptionsSchema } from '../manifests/options.ts'
import { parseBytes } from '../sizing/quantity.ts'
import { hostConflict } from './host-patterns.ts'

const Patterns = (description: string) => Type.Array(Type.String({ minLength: 1 }), { default: [], description })
const AskedSchema = Type.Unsafe<Asked>(partOf(OptionsSchema))

/** A product on the list: a RAM size and the options that come with it. */
const SizePlanSchema = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', maxLength: 63 }),
    description: Type.String({ default: '' }),
    ramSize: Type.String(),
    options: AskedSchema,
  },
  { additionalProperties: false },
)
export type SizePlan = Static<typeof SizePlanSchema>

/** What an operator allows and gives. Options are privilege: what is not named here is not allowed. `*` stands for any text. */
export const PolicySchema = Type.Object(
  {
    options: Type.Record(Type.String(), Type.Array(Type.String()), {
      default: { write: ['labels', 'description', 'plan'] },
      description: 'Options that a credential of each scope may set: `image`, `image.tag`, `*`.',
    }),
    images: Patterns('Images besides the default one, as `repository:tag` or `repository@sha256:...`.'),
    storageClasses: Patterns('Storage classes besides the default one.'),
    ingressClasses: Patterns('Ingress classes besides the default one.'),
    annotations: Patterns('Keys of annotations on pods, Services and Ingresses.'),
    ingressHosts: Type.Array(Type.String({ pattern: '\\{id\\}' }), {
      default: [],
      description:
        'Host names of Ingresses; each contains `{id}` where it tells of every host whose it is, so that no two tenants share one.',
    }),
    maxTenants: Type.Integer({ minimum: 0, default: 0, description: 'Most tenants, deleted ones too; 0: any number.' }),
    defaults: AskedSchema,
    plans: Type.Array(SizePlanSchema, { default: [] }),
  },
  { additionalProperties: false },
)
export type Policy = Static<typeof PolicySchema>

/** What is wrong with a policy. */
export class PolicyError extends Error {
  override name = 'PolicyError'
}

/** @throws PolicyError naming the field */
export function parsePolicy(text: string): Policy {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    throw new PolicyError('the policy is not JSON')
  }
  const policy = Value.Default(PolicySchema, content)
  const [error] = Value.Errors(PolicySchema, policy)
  if (error) throw new PolicyError(`the policy is not valid at ${error.path || '/'}: ${error.message}`)
  refuseSharedHosts(policy as Policy)
  const { plans } = policy as Policy
  for (const [index, { name, ramSize }] of plans.entries()) {
    if (plans.findIndex((other) => other.name === name) !== index) {
      throw new PolicyError(`the policy is not valid at /plans/${index}/name: there are two plans "${name}"`)
    }
    try {
      parseBytes(ramSize)
    } catch (reason) {
      throw new PolicyError(`the policy is not valid at /plans/${index}/ramSize: ${(reason as Error).message}`)
    }
  }
  return policy as Policy
}

/** @throws PolicyError if two tenants could be given the same host */
function refuseSharedHosts({ ingressHosts, defaults, plans }: Policy): void {
  const conflict = hostConflict(ingressHosts)
  if (conflict) throw new PolicyError(`the policy is not valid at /ingressHosts/${conflict.index}: ${conflict.message}`)
  const given = {
    '/defaults': defaults,
    ...Object.fromEntries(plans.map((plan, i) => [`/plans/${i}/options`, plan.options])),
  }
  for (const [path, { ingress }] of Object.entries(given)) {
    if (!ingress?.hosts?.length) continue
    const rule = 'all tenants would share these hosts; ingressHosts gives each its own'
    throw new PolicyError(`the policy is not valid at ${path}/ingress/hosts: ${rule}`)
  }
}

/** What holds without a policy file. */
export const DEFAULT_POLICY: Policy = parsePolicy('{}')

/** The schema with every field of its groups left to choice, and no other field. */
function partOf(schema: TSchema): TSchema {
  const properties = schema.properties as { [key: string]: TSchema } | undefined
  if (properties === undefined || Object.keys(properties).length === 0) return schema
  const parts = Object.entries(properties).map(([key, field]) => [key, Type.Optional(partOf(field))])
  return Type.Object(Object.fromEntries(parts), { additionalProperties: false, default: {} })
}

/** Whether one of the patterns is the text; `*` stands for any part of it. */
export function matches(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return new RegExp(`^${parts.join('.*')}$`).test(text)
  })
}
