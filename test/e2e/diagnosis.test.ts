/** Faults made on purpose on a real cluster, and what the diagnosis says of each: the cause that is expected, and no other. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { CauseName } from '../../src/tenants/diagnosis/cause.ts'
import { until } from '../helpers/api.ts'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { documentedPart } from '../helpers/documented.ts'
import { addClasses, FAULTS } from '../helpers/faults.ts'
import { type ResizedTenant, serveResizes, tenantAt } from '../helpers/resized-tenant.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

/** Some causes are told from what passes by itself only after a minute. */
const SECONDS = 120
/** What was made, and what was said of it. */
const TABLE = documentedPart('how-to/troubleshoot.md', 'WRITE_TABLE=1 npx tap run test/e2e/diagnosis.test.ts')
const told = new Map<string, string>()

const cluster = await testCluster()
const withoutNode = cluster.kind === 'node' ? false : `its node is not of this machine: ${cluster.description}`
const policy = join(t.testdir(), 'policy.json')
writeFileSync(policy, JSON.stringify({ options: { write: ['*'] }, images: ['*'], storageClasses: ['*'] }))
const { api } = await serveResizes(t, cluster, { POLICY_FILE: policy })

t.test('faults made on purpose', { skip: withoutPods(cluster), timeout: 300_000 }, async (t) => {
  await addClasses(cluster, t)
  const healthy = Array.from({ length: 10 }, () => newTenant('well'))
  await Promise.all(healthy.map((tenant) => create(tenant)))
  t.jobs = FAULTS.length
  for (const { what, cause, options, make, isOfNode } of FAULTS) {
    t.test(what, { timeout: 250_000, skip: isOfNode ? withoutNode : false }, async (t) => {
      const tenant = newTenant('ill')
      await create(tenant, options)
      if (make) {
        await tenant.pod()
        await make({ cluster, tenant }, t)
      }
      const found = await until(`a finding about ${what}`, async () => findings(tenant, cause), SECONDS)
      t.strictSame(
        found.map((one) => one.cause),
        [cause],
        JSON.stringify(found),
      )
      t.ok(found[0]!.evidence.length > 0, found[0]!.evidence.join('; '))
      t.comment(`${what}: ${found[0]!.message} ${found[0]!.evidence[0]}`)
      told.set(what, `| ${what} | \`${cause}\` | ${found[0]!.message.replaceAll(tenant.userId, 'user123')} |`)
    })
  }
  t.test('nothing is said of those that are well, and their logs and events can be read', async (t) => {
    for (const tenant of healthy) {
      await tenant.pod()
      t.match((await api('GET', `/tenants/${tenant.userId}/diagnosis`)).body, { healthy: true, notSeen: [] })
      t.match((await api('GET', `/tenants/${tenant.userId}/logs`)).body, /listening/i)
      const { items } = (await api('GET', `/tenants/${tenant.userId}/events?limit=500`)).body
      t.ok(items.some(({ reason }: { reason: string }) => reason === 'Started'))
      t.match((await api('GET', `/tenants/${tenant.userId}/usage`)).body, {
        memory: { limit: 128 * 2 ** 20 },
        restarts: 0,
      })
    }
  })
})

t.test('the table of what was said holds', { skip: withoutPods(cluster) || withoutNode }, async (t) => {
  const rows = FAULTS.map(({ what }) => told.get(what) ?? `| ${what} | nothing | |`)
  const table = ['| made on purpose | found | said |', '|---|---|---|', ...rows].join('\n')
  if (process.env.WRITE_TABLE) TABLE.write(table)
  t.equal(table, TABLE.read(), 'docs/how-to/troubleshoot.md says so; WRITE_TABLE=1 writes it')
})

function newTenant(prefix: string): ResizedTenant {
  return tenantAt(cluster, api, newUserId(t, cluster, prefix))
}

async function create({ userId, key }: ResizedTenant, options?: object): Promise<void> {
  const answer = await api('POST', '/tenants', { userId, ramSize: '128Mi', apiKey: key, ...(options && { options }) })
  if (answer.status !== 202) throw new Error(`${userId}: ${answer.status} ${JSON.stringify(answer.body)}`)
}

type Finding = { cause: string; message: string; evidence: string[] }

/** What is found, once the cause that is waited for is among it. */
async function findings({ userId }: ResizedTenant, cause: CauseName): Promise<Finding[] | undefined> {
  const { body } = await api('GET', `/tenants/${userId}/diagnosis`)
  const found: Finding[] = body.findings
  return found.some((one) => one.cause === cause) ? found : undefined
}
