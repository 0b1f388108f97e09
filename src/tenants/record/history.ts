import type { V1ConfigMap } from '@kubernetes/client-node'
import { type Static, Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { OPERATIONS_ENTRY } from '../../manifests/operations.ts'
import { type Operation, OperationSchema } from './operation.ts'

/** One part of an operation, as far as it has come. */
export const StepSchema = Type.Object({
  name: Type.String(),
  state: Type.Union([Type.Literal('running'), Type.Literal('succeeded'), Type.Literal('failed')]),
  /** What it waits for, or why it failed. */
  message: Type.Union([Type.String(), Type.Null()]),
  startedAt: Type.String(),
  finishedAt: Type.Union([Type.String(), Type.Null()]),
})
export type Step = Static<typeof StepSchema>

/** An operation with its steps: what the operations ConfigMap holds. */
export const RecordSchema = Type.Composite([OperationSchema, Type.Object({ steps: Type.Array(StepSchema) })])
export type OperationRecord = Static<typeof RecordSchema>
const CHECKER = TypeCompiler.Compile(RecordSchema)

/** Operations younger than this are all kept ... */
const KEPT_MS = 24 * 3600 * 1000
/** ... and of the older ones at least so many in all. */
const KEPT_LEAST = 10
/** A ConfigMap holds 1 MiB; this leaves room for its other fields and entries. */
const KEPT_BYTES = 700_000

/** Records that cannot be read are kept as they are, so many of them, each of so many bytes. */
const UNREADABLE_MOST = 10
const UNREADABLE_BYTES = 8192

/** What a ConfigMap holds: the records, newest first, and what this version cannot read as one. */
export type History = { records: OperationRecord[]; unreadable: unknown[] }

/** Reads each record by itself. A text that is no list, as only a hand could leave it, holds none: history is no ground to fail on. */
export function parseHistory(configMap: V1ConfigMap | undefined): History {
  const found = listIn(configMap?.data?.[OPERATIONS_ENTRY])
  const records = found.filter((one) => CHECKER.Check(one))
  const unreadable = found.filter((one) => !CHECKER.Check(one) && bytesIn(JSON.stringify(one)) <= UNREADABLE_BYTES)
  return { records, unreadable: unreadable.slice(0, UNREADABLE_MOST) }
}

function listIn(text = '[]'): unknown[] {
  try {
    const found: unknown = JSON.parse(text)
    return Array.isArray(found) ? found : []
  } catch {
    return []
  }
}

/** Both lists as one, newest first, each operation once: as it ended if it has ended, with the longer list of steps. */
export function mergeHistory(older: readonly OperationRecord[], newer: readonly OperationRecord[]): OperationRecord[] {
  const byId = new Map(older.map((record) => [record.id, record]))
  for (const record of newer) {
    const known = byId.get(record.id)
    byId.set(record.id, known ? mergeRecord(known, record) : record)
  }
  return [...byId.values()].sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0))
}

function mergeRecord(known: OperationRecord, newer: OperationRecord): OperationRecord {
  const ended = newer.state === 'running' ? known : newer
  const steps = newer.steps.length >= known.steps.length ? newer.steps : known.steps
  if (ended.state === 'running') return { ...ended, steps }
  // The end of an operation is known before that of its last step is written.
  const state = ended.state === 'succeeded' ? 'succeeded' : 'failed'
  const message = ended.state === 'superseded' ? 'a newer change came' : (ended.failure?.message ?? null)
  return { ...ended, steps: [...endSteps(steps, state, message, ended.finishedAt ?? ended.deadline)] }
}

/** What is kept of a history (newest first): a day, or ten if there are fewer, and what fits. */
export function pruneHistory(records: readonly OperationRecord[], nowMs: number): OperationRecord[] {
  const kept = records.filter(({ startedAt }, index) => index < KEPT_LEAST || nowMs - Date.parse(startedAt) < KEPT_MS)
  while (kept.length > 1 && bytesIn(JSON.stringify(kept)) > KEPT_BYTES) kept.pop()
  return kept
}

const bytesIn = (text: string) => new TextEncoder().encode(text).length

/** The record of an operation whose steps are not known (any more). */
export function withSteps(operation: Operation, steps: readonly Step[] = []): OperationRecord {
  return { ...operation, steps: [...steps] }
}

/** Steps after the operation has come to `name`: earlier ones are done. The same list if nothing is new. */
export function atStep(steps: readonly Step[], name: string, message: string | null, now: string): readonly Step[] {
  const last = steps.at(-1)
  if (last?.name === name && last.state === 'running' && last.message === message) return steps
  if (last?.name === name && last.state === 'running') return [...steps.slice(0, -1), { ...last, message }]
  return [
    ...endSteps(steps, 'succeeded', null, now),
    { name, state: 'running', message, startedAt: now, finishedAt: null },
  ]
}

/** Steps after the operation has ended: the last one with this state. */
export function endSteps(
  steps: readonly Step[],
  state: 'succeeded' | 'failed',
  message: string | null,
  now: string,
): readonly Step[] {
  const last = steps.at(-1)
  return last?.state === 'running' ? [...steps.slice(0, -1), { ...last, state, message, finishedAt: now }] : steps
}
