/**
 * What every operation does under the hands of others: webhooks, limits, taints, ways to the API server. A cell of the table says
 * that it works, that it is refused before anything is changed, or that it restarts as the plan said; anything else is a fault.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { SchedulingV1Api } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import type { Api } from '../helpers/api.ts'
import { testCluster, withoutResize } from '../helpers/cluster.ts'
import { type ResizedTenant, removeNamespace, serveResizes, tenantAt } from '../helpers/resized-tenant.ts'
import { secondNameOf } from '../helpers/second-image.ts'
import { startWebhooks, withoutWebhooks } from '../helpers/webhook.ts'
import { WEBHOOK_MODES, type WebhookName } from '../helpers/webhook-modes.ts'
import { WHOLE } from '../helpers/whole.ts'
import { CONNECTIONS } from './connections.ts'
import { LIMITS, WEBHOOKS } from './hands.ts'
import { ALLOWED, type Cells, create, operate } from './operations.ts'
import { DOCUMENTED, type Row, tablesOf } from './table.ts'

/** So many tenants at one time: each waits for its pods most of the time. */
const AT_ONCE = 8
const PRIORITY_CLASS = `foreign-hands-${randomBytes(3).toString('hex')}`

const cluster = await testCluster()
const { core } = cluster.admin
const skip = withoutResize(cluster) || withoutWebhooks(cluster)

t.test('every operation works, is refused beforehand, or restarts as planned', { skip }, async (t) => {
  const policy = join(t.testdir({ 'policy.json': JSON.stringify({ options: { write: ['*'] } }) }), 'policy.json')
  const { api } = await serveResizes(t, cluster, { POLICY_FILE: policy })
  const install = await startWebhooks(t, cluster, {
    image: cluster.image,
    mirror: await secondNameOf(t, cluster),
    priorityClass: await priorityClass(t),
  })
  const webhooks = Object.keys(WEBHOOK_MODES) as WebhookName[]
  // Half of them before the tenant and the others after it, unless all is run.
  const [early, late] = [0, 1].map((rest) => webhooks.filter((_, index) => WHOLE || index % 2 === rest))
  const connections = CONNECTIONS.filter((_, index) => WHOLE || index % 2 === 0)

  const kinds = {
    'There before the tenant': await rows(t, early!, 'a webhook that ', async (t, mode) => {
      const tenant = newTenant(t, api)
      await install(t, mode, tenant.userId)
      return [WEBHOOKS[mode], await all(api, tenant)]
    }),
    'After the tenant was created': [
      ...(await rows(t, late!, 'a webhook that ', async (t, mode) => {
        const tenant = newTenant(t, api)
        await created(api, tenant)
        await install(t, mode, tenant.userId)
        return [WEBHOOKS[mode], await operate(api, tenant)]
      })),
      ...(await rows(t, LIMITS, '', async (t, { hand, put }) => {
        const tenant = newTenant(t, api)
        await created(api, tenant)
        await put(core, tenant.namespace)
        return [hand, await operate(api, tenant)]
      })),
      ...(await rows(t, ['a taint on the only node'], '', async (t, hand) => {
        const tenant = newTenant(t, api)
        await created(api, tenant)
        await taint(t)
        // A tenant that is suspended would wait for a node.
        return [
          hand,
          await operate(api, tenant, ['grow', 'grow in place', 'describe', 'new template', 'restart', 'rotate key']),
        ]
      })),
    ],
    'Between this service and the API server': await rows(t, connections, '', async (t, { hand, kubeconfig }) => {
      const service = await serveResizes(t, cluster, { KUBECONFIG: await kubeconfig(t, cluster), POLICY_FILE: policy })
      const tenant = newTenant(t, service.api)
      return [hand, await all(service.api, tenant)]
    }),
  }

  for (const [kind, rows] of Object.entries(kinds)) {
    for (const { hand, cells } of rows) {
      for (const [operation, cell] of Object.entries(cells)) t.match(cell, ALLOWED, `${kind}: ${hand}: ${operation}`)
    }
  }
  const tables = tablesOf(kinds)
  if (process.env.WRITE_TABLE) DOCUMENTED.write(tables)
  if (WHOLE)
    return t.equal(tables, DOCUMENTED.read(), 'docs/explanation/foreign-hands.md says so; WRITE_TABLE=1 writes it')
  const lines = DOCUMENTED.read().split('\n')
  t.strictSame(
    tables.split('\n').filter((line) => !lines.includes(line)),
    [],
    'docs/explanation/foreign-hands.md says so',
  )
})

/** Rows side by side, each in a test of its own that cleans up after it. */
async function rows<Hand>(
  t: Test,
  hands: readonly Hand[],
  prefix: string,
  row: (t: Test, hand: Hand) => Promise<[hand: string, cells: Cells]>,
): Promise<Row[]> {
  const found: Row[] = []
  const queue = [...hands.entries()]
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, hand] = next
      await t.test(`row ${index}`, { buffered: true }, async (t) => {
        const [name, cells] = await row(t, hand)
        t.comment(`${prefix}${name}: ${JSON.stringify(cells)}`)
        found[index] = { hand: `${prefix}${name}`, cells }
        t.pass(name)
      })
    }
  }
  t.jobs = AT_ONCE
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return found
}

function newTenant(t: Test, api: Api): ResizedTenant {
  const tenant = tenantAt(cluster, api, `foreign-${randomBytes(3).toString('hex')}`)
  t.teardown(() => removeNamespace(cluster, tenant.namespace))
  return tenant
}

async function all(api: Api, tenant: ResizedTenant): Promise<Cells> {
  const cell = await create(api, tenant)
  return { create: cell, ...(cell === 'works' ? await operate(api, tenant) : {}) }
}

async function created(api: Api, tenant: ResizedTenant): Promise<void> {
  const cell = await create(api, tenant)
  if (cell !== 'works') throw new Error(`the create of ${tenant.userId}: ${cell}`)
}

async function priorityClass(t: Test): Promise<string> {
  const scheduling = cluster.admin.config.makeApiClient(SchedulingV1Api)
  await scheduling.createPriorityClass({ body: { metadata: { name: PRIORITY_CLASS }, value: 10 } })
  t.teardown(() => scheduling.deletePriorityClass({ name: PRIORITY_CLASS }))
  return PRIORITY_CLASS
}

/** Until the end of `t`: no new pod starts in the whole cluster. */
async function taint(t: Test): Promise<void> {
  const [node] = (await core.listNode()).items
  const name = node!.metadata!.name!
  const set = async (taints: { key: string; effect: string }[]) => {
    const live = await core.readNode({ name })
    await core.replaceNode({ name, body: { ...live, spec: { ...live.spec, taints } } })
  }
  await set([{ key: 'example.com/others', effect: 'NoSchedule' }])
  t.teardown(() => set([]))
}
