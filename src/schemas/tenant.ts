import { type Static, Type } from '@sinclair/typebox'
import { USER_ID_MAX_LENGTH, USER_ID_PATTERN } from '../manifests/names.ts'
import { MAX_SIZE_LENGTH, SIZE_PATTERN } from '../sizing/quantity.ts'
import { STATES } from '../tenants/observe/state.ts'
import { STRATEGIES } from '../tenants/record/plan.ts'
import { nullable, oneOf, refTo, TOLD_PATTERN } from './enumeration.ts'
import { OperationSchema } from './operation.ts'
import { AskedOptionsSchema, OptionsPatchSchema, TenantOptionsSchema } from './options.ts'

export const UserId = Type.String({
  minLength: 1,
  maxLength: USER_ID_MAX_LENGTH,
  pattern: USER_ID_PATTERN,
  description: 'Lower-case letters, digits and `-`, beginning and ending with a letter or digit.',
  examples: ['user123'],
})

export const RamSize = Type.String({
  maxLength: MAX_SIZE_LENGTH,
  [TOLD_PATTERN]: SIZE_PATTERN,
  description: 'A number with an optional unit Ki, Mi, Gi, Ti, k, M, G or T that comes to whole bytes.',
  examples: ['2Gi'],
})

/** A size in an answer. */
export const Size = Type.String({ pattern: SIZE_PATTERN })

/** It travels in the URL at which a client connects, so only characters that need no escape there. */
export const ApiKey = Type.String({
  minLength: 8,
  maxLength: 256,
  pattern: '^[A-Za-z0-9._~-]*$',
  description: "The database's key: letters, digits and `.`, `_`, `~`, `-`.",
})

export const PlanName = Type.String({
  maxLength: 63,
  description: 'A size plan of `GET /plans`, in place of `ramSize`.',
})

export const CreateTenantSchema = Type.Object(
  {
    userId: UserId,
    ramSize: Type.Optional(RamSize),
    plan: Type.Optional(PlanName),
    apiKey: Type.Optional(ApiKey),
    options: Type.Optional(refTo(AskedOptionsSchema)),
  },
  { $id: 'CreateTenant', additionalProperties: false },
)

/** A tenant declared whole: what is left out goes back to the default. */
export const PutTenantSchema = Type.Object(
  {
    ramSize: Type.Optional(RamSize),
    plan: Type.Optional(PlanName),
    apiKey: Type.Optional(ApiKey),
    options: Type.Optional(refTo(AskedOptionsSchema)),
  },
  { $id: 'PutTenant', additionalProperties: false },
)

export const PatchTenantSchema = Type.Object(
  {
    ramSize: Type.Optional(RamSize),
    plan: Type.Optional(nullable(PlanName)),
    options: Type.Optional(refTo(OptionsPatchSchema)),
  },
  { $id: 'PatchTenant', additionalProperties: false },
)

export const ResizeSchema = Type.Object(
  {
    ramSize: RamSize,
    strategy: Type.Optional(
      oneOf(STRATEGIES, {
        description:
          '`auto` (default): in place, and by a restart only where that cannot be; `inPlace`: never by a restart; `restart`.',
      }),
    ),
  },
  { $id: 'Resize', additionalProperties: false },
)

const Cpu = Type.Object(
  { request: Type.String(), limit: Type.String() },
  { examples: [{ request: '750m', limit: '1500m' }] },
)
const NullableCpu = Type.Object({ request: nullable(Type.String()), limit: nullable(Type.String()) })
const Time = Type.String({ format: 'date-time' })

export const ConditionSchema = Type.Object(
  {
    type: Type.String({ description: '`Ready`, `SecretMissing`, `UpdateAvailable`, `Drifted` or `Rewritten`.' }),
    status: oneOf(['True', 'False', 'Unknown']),
    reason: Type.String(),
    message: Type.String(),
    since: nullable(Time),
  },
  { $id: 'Condition' },
)

export const TenantSchema = Type.Object(
  {
    userId: Type.String(),
    namespace: Type.String(),
    release: Type.String(),
    state: oneOf(STATES),
    sizePlan: nullable(Type.String({ description: 'The size plan that it is on.' })),
    plan: nullable(Type.String({ deprecated: true, description: 'The same as `sizePlan`, by its name of before.' })),
    protected: Type.Boolean(),
    desired: Type.Object({ ramSize: Size, storageSize: Size, cpu: Cpu }),
    options: refTo(TenantOptionsSchema),
    actual: Type.Object({
      ramSize: nullable(Size),
      storageSize: nullable(Size),
      cpu: NullableCpu,
      restarts: Type.Integer({ description: "Restarts of the running pod's container." }),
    }),
    endpoints: Type.Object({
      internal: Type.Object({ host: Type.String(), port: Type.Integer(), url: Type.String() }),
      external: Type.Array(Type.Object({ host: Type.String(), url: Type.String() }), {
        description: 'By the Ingress.',
      }),
    }),
    conditions: Type.Array(refTo(ConditionSchema)),
    operation: refTo(OperationSchema),
    generation: Type.Integer({ description: 'Raised by every change of what is desired.' }),
    createdAt: Time,
    updatedAt: Time,
    deletedAt: nullable(Time),
    adoptedFrom: nullable(Type.String({ description: 'The Helm release that it was taken over from.' })),
    apiKey: Type.Optional(
      Type.String({ description: 'Only in the answer to the create that generated it. It cannot be read again.' }),
    ),
    notes: Type.Optional(
      Type.Array(Type.String(), { description: 'What the caller should know about this change, for people.' }),
    ),
  },
  { $id: 'Tenant' },
)
export type TenantAnswer = Static<typeof TenantSchema>

export const TenantListSchema = Type.Object(
  {
    items: Type.Array(refTo(TenantSchema), { description: 'By userId.' }),
    nextCursor: nullable(
      Type.String({ minLength: 1, description: 'Gives the next page as `cursor`; null on the last.' }),
    ),
  },
  { $id: 'TenantList' },
)

export const RotateKeySchema = Type.Object(
  { apiKey: Type.Optional(ApiKey) },
  { $id: 'RotateKey', additionalProperties: false },
)
