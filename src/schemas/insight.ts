import { Type } from '@sinclair/typebox'
import { CAUSES } from '../tenants/diagnosis/cause.ts'
import { nullable, oneOf, refTo } from './enumeration.ts'

const Time = Type.String({ format: 'date-time' })

export const EventSchema = Type.Object(
  {
    type: Type.String({ description: '`Normal` or `Warning`.' }),
    reason: Type.String({ examples: ['FailedScheduling'] }),
    message: Type.String(),
    object: Type.String({ description: 'Kind and name.' }),
    count: Type.Integer({ description: 'How often it was seen.' }),
    firstAt: Time,
    lastAt: Time,
  },
  { $id: 'Event', description: 'What Kubernetes says has happened to an object of the tenant.' },
)

export const EventListSchema = Type.Object(
  { items: Type.Array(refTo(EventSchema), { description: 'Newest first.' }) },
  { $id: 'EventList' },
)

const bytes = (description: string) => nullable(Type.Integer({ description: `Bytes${description}` }))
const NOT_KNOWN = '; null: not known.'

export const UsageSchema = Type.Object(
  {
    memory: Type.Object({ used: bytes(NOT_KNOWN), limit: bytes(NOT_KNOWN) }),
    cpu: Type.Object({
      used: nullable(Type.Integer({ description: `Thousandths of a core${NOT_KNOWN}` })),
      limit: nullable(Type.Integer({ description: `Thousandths of a core${NOT_KNOWN}` })),
    }),
    volume: Type.Object({ used: bytes(NOT_KNOWN), size: bytes(NOT_KNOWN) }),
    restarts: Type.Integer({ description: "Restarts of the running pod's container." }),
    lastEnd: Type.Unsafe<null | { reason: string; exitCode: number; at: string | null; isOutOfMemory: boolean }>({
      anyOf: [
        Type.Object({
          reason: Type.String({ examples: ['OOMKilled', 'Error', 'Completed'] }),
          exitCode: Type.Integer(),
          at: nullable(Time),
          isOutOfMemory: Type.Boolean({ description: 'The kernel has killed it for memory.' }),
        }),
        Type.Null(),
      ],
      description: 'How the container before this one ended; null: there was none in this pod.',
    }),
    measuredAt: nullable(Time),
    unknown: Type.Array(Type.Object({ what: oneOf(['memory', 'cpu', 'volume']), why: Type.String() }), {
      description: 'What is not known, and why.',
    }),
  },
  { $id: 'Usage', description: 'What a database uses of what it has.' },
)

export const FindingSchema = Type.Object(
  {
    cause: oneOf(CAUSES, { description: 'What is wrong, for programs.' }),
    message: Type.String({ description: 'What is wrong, for people.' }),
    evidence: Type.Array(Type.String(), { description: 'By what that is known.' }),
    action: Type.String({ description: 'What to do about it.' }),
  },
  { $id: 'Finding' },
)

export const DiagnosisSchema = Type.Object(
  {
    state: Type.String({ description: 'That of the tenant.' }),
    healthy: Type.Boolean({ description: 'Nothing is found to be wrong.' }),
    findings: Type.Array(refTo(FindingSchema), { description: 'What matters most first.' }),
    notSeen: Type.Array(oneOf(['events', 'log']), { description: 'What could not be looked at.' }),
  },
  { $id: 'Diagnosis' },
)
