import type { Seed } from '../helpers/seed.ts'
import type { OperationName } from './operations.ts'

/** Defects that only a fault brings to light: `faults` of the operation must end otherwise with them. */
export type Defect = Seed & { name: string; operation: OperationName; faults: string }

/** Where the record is written, with the answer lost. */
const RECORD_WRITTEN = 'cut after at .* PATCH /api/v1/namespaces/[^/]*$'

export const DEFECTS: readonly Defect[] = [
  {
    name: 'a create that is sent again is taken for another one',
    file: 'tenants/commands/claim-namespace.ts',
    was: 'const same = await repeated(context, live, spec.operation.idempotency)',
    is: 'const same = undefined as never',
    operation: 'create',
    faults: 'cut after at .* POST .*/secrets$',
  },
  {
    name: 'a key that is in force is looked for among those that wait',
    file: 'tenants/record/key-rotation.ts',
    was: 'if (committedBy(live?.metadata?.annotations)?.id === operationId) return',
    is: '',
    operation: 'rotate key',
    faults: 'cut after at .* PUT .*/secrets/',
  },
  {
    name: 'a takeover that is sent again finds its own traces in its way',
    file: 'tenants/commands/adopt.ts',
    was: 'if (isOurs(namespace, userId)) return adoptedBefore(context, namespace, caller, options)',
    is: '',
    operation: 'adopt',
    faults: RECORD_WRITTEN,
  },
]
