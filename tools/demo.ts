import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { type Client, createClient, type paths, type Tenant } from '../clients/typescript/index.ts'
import { cachePath } from './cache.ts'
import { down, status, up } from './local-cluster/cluster.ts'
import { withProgress } from './local-cluster/progress.ts'
import { openDatabase } from './open-database.ts'
import type { Report } from './report.ts'
import { type Service, startService } from './service.ts'
import { grantRights } from './service-account.ts'

const TENANT = 'demo'
const ASK_EVERY_MS = 300

const { values: options } = parseArgs({
  options: {
    /** Cleans up at the end, in place of going on. */
    once: { type: 'boolean', default: false },
    /** As `npm run cluster` names it. */
    cluster: { type: 'string', default: 'dev' },
  },
})

try {
  process.exitCode = await main()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}

/** Shows the service's main job on a real cluster: a tenant made, used, given more RAM, and used again. */
async function main(): Promise<number> {
  const wasUp = (await status(options.cluster)) !== undefined
  let service: Service | undefined
  try {
    const shown = await withProgress(async (report) => {
      const cluster = await up({ name: options.cluster, report })
      report('Grant the service its rights')
      const kubeconfig = await grantRights(cluster.kubeconfig, cachePath('clusters', options.cluster), report)
      report('Start the service')
      service = await startService({
        KUBECONFIG: kubeconfig,
        IMAGE: cluster.image,
        STORAGE_CLASS: cluster.storageClasses.expanding,
        ...(options.once ? {} : { PORT: process.env.PORT ?? '3000' }),
      })
      const apiKey = await story(service, cluster, report)
      return { cluster, service, apiKey }
    })
    if (options.once) console.log(`\nIt works. Used: ${shown.cluster.description}\n`)
    else {
      print(shown.cluster.description, shown.service, shown.apiKey)
      await interrupted()
    }
    return 0
  } finally {
    await withProgress(async (report) => {
      if (options.once && service) await purge(createClient(service.address, service.key), report)
      report('Stop the service')
      await service?.stop()
      if (options.once && !wasUp) await down({ name: options.cluster, report })
    })
    if (!options.once) console.log('The cluster goes on running; "npm run cluster -- down" removes it.')
  }
}

/** @returns the key of the tenant's database */
async function story(
  service: Service,
  cluster: { kubeconfig: string; runsPods: boolean },
  report: Report,
): Promise<string> {
  const client = createClient(service.address, service.key)
  await purge(client, report)
  report('Create the tenant demo', '512Mi of RAM')
  const created = await done(client.POST('/tenants', { body: { userId: TENANT, ramSize: '512Mi' } }))
  const apiKey = created.apiKey!
  if (!cluster.runsPods) {
    report('Stop here', 'this cluster has no node, so no database can run')
    return apiKey
  }
  await followed(client, created, 'Create the tenant demo', report)
  await use(cluster.kubeconfig, apiKey, 'Insert and read a value', report)
  report('Give it more RAM', '1Gi')
  const path = { params: { path: { id: TENANT } } }
  const resized = (await done(client.PATCH('/tenants/{id}/ram', { ...path, body: { ramSize: '1Gi' } }))) as Tenant
  await followed(client, resized, 'Give it more RAM', report)
  await use(cluster.kubeconfig, apiKey, 'Insert and read another, and find the first', report)
  return apiKey
}

async function purge(client: Client<paths>, report: Report): Promise<void> {
  const path = { params: { path: { id: TENANT } } }
  if ((await client.GET('/tenants/{id}', path)).response.status === 404) return
  report('Remove the tenant demo')
  await client.DELETE('/tenants/{id}', {
    params: { path: { id: TENANT }, query: { purge: true }, header: { prefer: 'wait=60' } },
  })
}

/** The answer of a write. @throws with the problem's detail if it was refused */
async function done<T>(answer: Promise<{ data?: T | undefined; error?: { detail: string } }>): Promise<T> {
  const { data, error } = await answer
  if (data === undefined) throw new Error(error?.detail ?? 'the service gave no answer')
  return data
}

/** Shows the steps of an operation until it has ended. @throws if it failed */
async function followed(client: Client<paths>, { operation }: Tenant, title: string, report: Report): Promise<void> {
  for (;;) {
    const { data } = await client.GET('/tenants/{id}/operations/{operationId}', {
      params: { path: { id: TENANT, operationId: operation.id } },
    })
    const step = data?.steps.at(-1)
    if (step) report(title, `${step.name}${step.message ? `: ${step.message}` : ''}`)
    if (data?.state === 'succeeded') return
    if (data && data.state !== 'running') throw new Error(`${title}: ${data.failure?.message ?? data.state}`)
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
  }
}

/** Inserts a value with the tenant's key and reads all values back. */
async function use(kubeconfig: string, key: string, title: string, report: Report): Promise<void> {
  report(title)
  const database = await openDatabase(kubeconfig, TENANT, key)
  try {
    const doc = `value-${Date.now()}`
    await database.insert({ col: 'demo', doc, ts: Date.now(), data: 'hello' })
    const found = await database.query({ col: 'demo' })
    if (found[doc]?.data !== 'hello') throw new Error('the value that was inserted could not be read')
    report(title, `${Object.keys(found).length} found`)
  } finally {
    await database.close()
  }
}

function print(cluster: string, { address, key }: Service, apiKey: string): void {
  const curl = `curl -H 'Authorization: Bearer ${key}'`
  console.log(`
The tenant "${TENANT}" runs. ${cluster}

  service         ${address}   (document: ${address}/openapi.json)
  credential      ${key}
  database's key  ${apiKey}

Try:
  ${curl} ${address}/tenants/${TENANT}
  ${curl} -X POST ${address}/tenants -H 'Content-Type: application/json' -d '{"userId":"user123","ramSize":"512Mi"}'
  ${curl} -X PATCH ${address}/tenants/${TENANT}/ram -H 'Content-Type: application/json' -d '{"ramSize":"768Mi"}'
  ${curl} -X DELETE ${address}/tenants/${TENANT}
`)
}

async function interrupted(): Promise<void> {
  console.log('Ctrl-C stops the service.')
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
}
