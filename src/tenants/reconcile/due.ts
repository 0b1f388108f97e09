import { decide } from '../decide/decide.ts'
import { mayHideDeployment } from '../observe/cached.ts'
import { isTerminating } from '../observe/observed.ts'
import type { Known } from '../observe/tenant-index.ts'
import type { ReconcileDeps } from './run.ts'

/** Whether a tenant has an operation under way that is still to be carried out. */
export function isOperating({ spec, observed }: Known): boolean {
  return spec.operation.state === 'running' && !isTerminating(observed.namespace)
}

/** Whether something of a tenant without an operation differs from its record, and can be mended. Asks the API server nothing. */
export async function isMendable(
  { serviceIdentity, capabilities }: Pick<ReconcileDeps, 'serviceIdentity' | 'capabilities'>,
  { spec, observed }: Known,
): Promise<boolean> {
  if (spec.operation.state === 'running' || isTerminating(observed.namespace)) return false
  if (mayHideDeployment(observed)) return true
  const surveyed = { serviceIdentity: await serviceIdentity(), capabilities: await capabilities() }
  const { next } = decide(spec, observed, surveyed)
  return next === 'act' || next === 'reread'
}
