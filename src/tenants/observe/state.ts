import { oneOfThese } from '../record/literals.ts'
import { OPERATION_TYPES } from '../record/operation.ts'
import type { Spec } from '../record/spec.ts'
import { isReady, isTerminating, livePods, type Observed } from './observed.ts'

export const STATES = [
  'creating',
  'resizing',
  'updating',
  'resuming',
  'active',
  'degraded',
  'failed',
  'suspending',
  'suspended',
  'deleting',
  'deleted',
] as const
export type State = (typeof STATES)[number]

const STATE_WHILE = {
  suspend: 'suspending',
  resume: 'resuming',
  restart: 'updating',
  'rotate-key': 'updating',
  update: 'updating',
  adopt: 'updating',
  create: 'creating',
  resize: 'resizing',
  undelete: 'resuming',
  delete: 'deleting',
  purge: 'deleting',
  other: 'updating',
} as const

/** The tenant in one word: the first that holds. */
export function stateOf(spec: Spec, { namespace, pods }: Observed): State {
  if (isTerminating(namespace) || spec.purgeRequestedAt !== null) return 'deleting'
  if (spec.deletedAt !== null) return livePods(pods).length > 0 ? 'deleting' : 'deleted'
  if (spec.suspended) return livePods(pods).length > 0 ? 'suspending' : 'suspended'
  if (spec.operation.state === 'running') return STATE_WHILE[oneOfThese(OPERATION_TYPES, spec.operation.type, 'other')]
  if (pods.some(isReady)) return 'active'
  return spec.operation.state === 'failed' ? 'failed' : 'degraded'
}
