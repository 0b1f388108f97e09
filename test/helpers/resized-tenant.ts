import { randomBytes } from 'node:crypto'
import type { V1Pod } from '@kubernetes/client-node'
import type { Test } from 'tap'
import type { Tenant } from '../../clients/typescript/index.ts'
import { covers } from '../../src/manifests/compare.ts'
import type { Desired } from '../../src/manifests/desired.ts'
import { namesFor } from '../../src/manifests/names.ts'
import { renderResources } from '../../src/manifests/pod-template.ts'
import type { OperationAnswer } from '../../src/schemas/operation.ts'
import { ownedBy, sizeIn } from '../../src/tenants/decide/replica-sets.ts'
import { databaseStatus, isTerminating, livePods } from '../../src/tenants/observe/observed.ts'
import type { Plan } from '../../src/tenants/record/plan.ts'
import { type Service, startService } from '../../tools/service.ts'
import { type Answer, type Api, apiOf, until } from './api.ts'
import type { TestCluster } from './cluster.ts'
import { recordDisruption } from './disruptions.ts'

/** Databases flush this often here, so that a pod that is told to end takes six seconds for it. */
const FLUSH_SECONDS = 1

export type ResizeRequest = { ramSize: string; strategy?: Plan['strategy'] }

/** What tells one run of a database from another. */
export type DatabaseRun = { podUid: string; restartCount: number; containerId: string | undefined }

/** A change as it ended, with the plan that a dry run had shown just before. */
export type Change = { plan: Plan; answer: Answer; operation: OperationAnswer; truth: Plan['expectedDisruption'] }

/** Runs the service under test, with the rights of the chart's ServiceAccount, until the end of `t`. */
export async function serveResizes(
  t: Pick<Test, 'teardown'>,
  cluster: TestCluster,
  settings: Record<string, string> = {},
  options: Parameters<typeof startService>[1] = {},
): Promise<Service & { api: Api }> {
  const service = await startService(
    {
      KUBECONFIG: cluster.serviceKubeconfig,
      IMAGE: cluster.image,
      STORAGE_CLASS: cluster.storageClasses.expanding,
      // Many tenants find room on a small machine.
      CPU_REQUEST_PERCENT: '10',
      FLUSH_INTERVAL_SECONDS: String(FLUSH_SECONDS),
      ...settings,
    },
    options,
  )
  t.teardown(() => service.stop())
  return { ...service, api: apiOf(service) }
}

/** A tenant of a test, active from the start, purged (not waited for) at the end of `t`. */
export async function createTenant(
  t: Pick<Test, 'teardown'>,
  cluster: TestCluster,
  api: Api,
  prefix: string,
  ramSize: string,
): Promise<ResizedTenant> {
  const tenant = tenantAt(cluster, api, `${prefix}-${randomBytes(3).toString('hex')}`)
  t.teardown(() => removeNamespace(cluster, tenant.namespace))
  const body = { userId: tenant.userId, ramSize, apiKey: tenant.key }
  const { status, body: created } = await api('POST', '/tenants', body, { prefer: 'wait=60' })
  if (status !== 201) await tenant.ended(created.operation.id, 240)
  return tenant
}

export type ResizedTenant = ReturnType<typeof tenantAt>

/** A tenant that is there, as its caller and as the cluster's administrator see it. */
export function tenantAt(cluster: TestCluster, api: Api, userId: string) {
  const { core, apps } = cluster.admin
  const { namespace, fullname } = namesFor(userId)
  const object = { name: fullname, namespace }
  const path = `/tenants/${userId}`

  const pods = async () => livePods((await core.listNamespacedPod({ namespace })).items)
  const runs = async () => (await pods()).filter((pod) => !isTerminating(pod)).map(runOf)
  const deployment = () => apps.readNamespacedDeployment(object)

  /** Waits until an operation has ended, however it does. */
  const ended = (operationId: string, seconds = 120) =>
    until<OperationAnswer>(
      `operation ${operationId} of ${userId} ends`,
      async () => {
        const { status, body } = await api('GET', `${path}/operations/${operationId}`)
        return status === 200 && body.state !== 'running' && body
      },
      seconds,
    )

  const plan = async (request: ResizeRequest, force = false): Promise<Plan> =>
    (await api('PATCH', `${path}/ram?dryRun=true&force=${force}`, request)).body

  /**
   * Takes down what runs, before a change of which the plan is known.
   * @returns what is to be called when it has ended: it records whether what the plan said came true
   */
  async function begin(what: string, planned: Plan) {
    const [before] = await runs()
    return (operation: OperationAnswer) => judge(what, planned, before, operation)
  }

  async function judge(
    change: string,
    { expectedDisruption }: Plan,
    before: DatabaseRun | undefined,
    { outcome }: OperationAnswer,
  ) {
    const truth = disruptionOf(before, await runs())
    await recordDisruption({
      change,
      tenant: userId,
      planned: expectedDisruption,
      told: outcome?.disruption,
      true: truth,
    })
    return truth
  }

  /** Sends a change, waits for its end, and records whether what the plan said came true. */
  async function change(what: string, planned: Plan, send: () => Promise<Answer>): Promise<Change> {
    const end = await begin(what, planned)
    const { answer, operation } = await done(what, await send())
    return { plan: planned, answer, operation, truth: await end(operation) }
  }

  async function done(what: string, answer: Answer) {
    if (answer.status >= 300) throw new Error(`${what} of ${userId}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return { answer, operation: await ended(answer.body.operation.id) }
  }

  const replicaSets = async () =>
    ownedBy(await deployment(), (await apps.listNamespacedReplicaSet({ namespace })).items)
  const get = async (): Promise<Tenant> => (await api('GET', path)).body

  /** What is not as it shall be once all changes have ended: sizes, the ReplicaSet, a pause. Empty: nothing. */
  async function whatIsWrong(): Promise<string[]> {
    const [{ desired, actual, state }, { spec }, owned] = await Promise.all([get(), deployment(), replicaSets()])
    const wanted = renderResources({ ...desired } as Desired)
    const { restarts: _, ...sizes } = actual
    return [
      ...(state === 'active' ? [] : [`the tenant is ${state}`]),
      ...(covers(sizes, desired) ? [] : [`has ${JSON.stringify(sizes)} instead of ${JSON.stringify(desired)}`]),
      ...(spec?.paused ? ['the Deployment is paused'] : []),
      ...(owned.length === 1 ? [] : [`there are ${owned.length} ReplicaSets`]),
      ...[await deployment(), ...owned].flatMap((object) =>
        covers(sizeIn(object), wanted) ? [] : [`a template has ${JSON.stringify(sizeIn(object))}`],
      ),
    ]
  }

  return {
    userId,
    key: userId.split('').reverse().join('').padEnd(16, '.'),
    namespace,
    fullname,
    api,
    pods,
    runs,
    ended,
    plan,
    begin,
    change,
    deployment,
    get,
    /** The tenant once it is active: a busy node may miss two probes just after an operation has ended. */
    active: () =>
      until(`${userId} is active`, async () => {
        const tenant = await get()
        return tenant.state === 'active' && tenant
      }),
    whatIsWrong,
    operations: async (): Promise<OperationAnswer[]> => (await api('GET', `${path}/operations`)).body.items,
    claim: () => core.readNamespacedPersistentVolumeClaim(object),
    replicaSets,

    /** Sends a resize and nothing else. */
    send: (request: ResizeRequest) => api('PATCH', `${path}/ram`, request),
    /** Plans a resize, makes it, and records whether the plan came true. */
    resize: async (request: ResizeRequest, force = false): Promise<Change> => {
      const what = `${request.ramSize} by ${request.strategy ?? 'auto'}${force ? ', forced' : ''}`
      const send = () => api('PATCH', `${path}/ram?force=${force}`, request, { prefer: 'wait=60' })
      return change(what, await plan(request, force), send)
    },

    /** Restarts or rotates the key, which is planned in the answer, and records whether the plan came true. */
    post: async (verb: 'restart' | 'rotate-key', body?: unknown, headers = {}): Promise<Change> => {
      const [before] = await runs()
      const accepted = await api('POST', `${path}/${verb}`, body, headers)
      const plan: Plan = accepted.body.operation?.plan
      const { answer, operation } = await done(verb, accepted)
      return { plan, answer, operation, truth: await judge(verb, plan, before, operation) }
    },
    /** Asks for it to be removed with its data. */
    remove: () => api('DELETE', `${path}?purge=true`),
    /** Suspends or resumes. */
    act: async (verb: 'suspend' | 'resume'): Promise<OperationAnswer> =>
      (await done(verb, await api('POST', `${path}/${verb}`, undefined, { prefer: 'wait=60' }))).operation,

    /** After a change that was taken back: everything is in this size again, and the database as it ran before. */
    async isBackAt(t: Test, ramSize: string, before: DatabaseRun[]): Promise<void> {
      await until(`nothing is wrong with ${userId}`, async () => (await whatIsWrong()).length === 0)
      t.match(await get(), { desired: { ramSize }, actual: { ramSize, restarts: 0 } }, 'the old size is in force')
      t.strictSame(await runs(), before, 'the same pod and container')
    },

    /** The only pod, once it is ready. */
    pod: () =>
      until(`a ready pod of ${userId}`, async () => {
        const [pod, ...others] = await pods()
        return others.length === 0 && pod && databaseStatus(pod)?.ready && !isTerminating(pod) && pod
      }),
  }
}

function runOf(pod: V1Pod): DatabaseRun {
  const status = databaseStatus(pod)
  return { podUid: pod.metadata!.uid!, restartCount: status?.restartCount ?? 0, containerId: status?.containerID }
}

/** Whether the run that was is the one that is. Nothing that did not run can have been disrupted. */
export function disruptionOf(
  before: DatabaseRun | undefined,
  after: readonly DatabaseRun[],
): Plan['expectedDisruption'] {
  if (before === undefined) return 'none'
  return after.length === 1 && JSON.stringify(after[0]) === JSON.stringify(before) ? 'none' : 'restart'
}

/** Asks for a namespace to be deleted; one that is gone, or going, is fine. */
export async function removeNamespace({ admin }: { admin: Pick<TestCluster['admin'], 'core'> }, name: string) {
  try {
    await admin.core.deleteNamespace({ name })
  } catch (error) {
    const { code } = error as { code?: number }
    if (code !== 404 && code !== 409) throw error
  }
}
