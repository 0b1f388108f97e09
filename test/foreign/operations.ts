import type { OperationAnswer } from '../../src/schemas/operation.ts'
import type { Plan } from '../../src/tenants/record/plan.ts'
import type { Answer, Api } from '../helpers/api.ts'
import { type DatabaseRun, disruptionOf, type ResizedTenant } from '../helpers/resized-tenant.ts'

/** What is done with each tenant, one after the other. */
const OPERATIONS = {
  grow: (path) => ['PATCH', `${path}/ram`, { ramSize: '192Mi' }],
  'grow in place': (path) => ['PATCH', `${path}/ram`, { ramSize: '256Mi', strategy: 'inPlace' }],
  describe: (path) => ['PATCH', path, { options: { labels: { team: 'blue' } } }],
  'new template': (path) => ['PATCH', path, { options: { podLabels: { team: 'blue' } } }],
  restart: (path) => ['POST', `${path}/restart`],
  'rotate key': (path) => ['POST', `${path}/rotate-key`],
  suspend: (path) => ['POST', `${path}/suspend`],
  resume: (path) => ['POST', `${path}/resume`],
  delete: (path) => ['DELETE', path],
  purge: (path) => ['DELETE', `${path}?purge=true`],
} as const satisfies Record<string, (path: string) => readonly [method: string, path: string, body?: object]>

export type OperationName = 'create' | keyof typeof OPERATIONS
export const OPERATION_NAMES = ['create', ...Object.keys(OPERATIONS)] as OperationName[]
/** `works`, `restart, as planned`, `refused: <code>`; anything else is a fault. */
export type Cells = Partial<Record<OperationName, string>>
export const ALLOWED = /^(works|restart, as planned|refused: [A-Za-z-]+)$/

/** Creates the tenant. @returns the cell */
export async function create(api: Api, { userId, ended }: ResizedTenant, options?: object): Promise<string> {
  const answer = await api('POST', '/tenants', { userId, ramSize: '128Mi', ...(options ? { options } : {}) })
  if (answer.status >= 400) return refused(answer)
  const { state, failure } = await ended(answer.body.operation.id)
  return state === 'succeeded' ? 'works' : `FAILED: ${failure?.reason}: ${failure?.message}`
}

/** Does all but the create, and holds each against what was said of it. */
export async function operate(api: Api, tenant: ResizedTenant, only?: readonly OperationName[]): Promise<Cells> {
  const cells: Cells = {}
  for (const [name, request] of Object.entries(OPERATIONS)) {
    if (only && !only.includes(name as OperationName)) continue
    const [method, path, body] = request(`/tenants/${tenant.userId}`)
    cells[name as OperationName] = await cellOf(api, tenant, method, path, body)
  }
  return cells
}

async function cellOf(api: Api, tenant: ResizedTenant, method: string, path: string, body?: object): Promise<string> {
  const isPlanned = method === 'PATCH'
  const before = await seen(tenant)
  const plan = isPlanned ? await api(method, `${path}?dryRun=true`, body) : undefined
  const answer = await api(method, path, body)
  if (answer.status >= 400) {
    const isRefusedBefore = plan === undefined || plan.status >= 400 || !plan.body.feasible
    if (!isRefusedBefore) return `REFUSED (${answer.status}) what the plan said could be done`
    const after = await seen(tenant)
    if (JSON.stringify(after) !== JSON.stringify(before)) return `CHANGED although refused with ${answer.status}`
    return refused(answer)
  }
  const purges = path.includes('purge')
  const operation: OperationAnswer = answer.body.operation
  const { state, failure } = purges ? { state: 'succeeded', failure: null } : await tenant.ended(operation.id)
  if (state !== 'succeeded') return `FAILED: ${failure?.reason}: ${failure?.message}`
  const told: Plan | null = isPlanned ? plan!.body : (operation.plan as Plan | null)
  if (!told) return 'works'
  const truth = disruptionOf(before.runs[0], (await seen(tenant)).runs)
  if (truth !== told.expectedDisruption) return `BROKEN WORD: planned ${told.expectedDisruption}, was ${truth}`
  return truth === 'restart' ? 'restart, as planned' : 'works'
}

async function seen(tenant: ResizedTenant): Promise<{ generation: number | undefined; runs: DatabaseRun[] }> {
  return { generation: (await tenant.get()).generation, runs: await tenant.runs() }
}

/** The reason of a plan, or the code of a problem. */
function refused({ body }: Answer): string {
  const [reason] = /^[A-Z]\w+(?=: )/.exec(body.errors?.[0]?.message ?? '') ?? []
  return `refused: ${body.code === 'not-feasible' && reason ? reason : body.code}`
}
