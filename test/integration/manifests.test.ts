/** What is rendered, judged by a real API server. */
import { readFile } from 'node:fs/promises'
import type { KubernetesObject, V1Deployment } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import { parseAllDocuments } from 'yaml'
import { covers } from '../../src/manifests/compare.ts'
import { renderNamespace } from '../../src/manifests/namespace.ts'
import { goldenFile, VARIANTS, type Variant } from '../fixtures/tenants.ts'
import { until } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import { dryRun } from '../helpers/dry-run.ts'
import { serve } from '../helpers/serve.ts'
import {
  keyIn,
  liveObjects,
  newUserId,
  recordOf,
  renderedObjects,
  secretsOf,
  untilComplete,
} from '../helpers/tenant-objects.ts'

const cluster = await testCluster()

async function objectsIn(variant: Variant): Promise<KubernetesObject[]> {
  return parseAllDocuments(await readFile(goldenFile(variant), 'utf8')).map((document) => document.toJS())
}

/** An empty namespace with the labels of a tenant's, and so under the same Pod Security; no tenant, as it has no record. */
async function emptyNamespace(t: Test): Promise<string> {
  const userId = newUserId(t, cluster, 'golden')
  const body = renderNamespace(userId, '')
  const { metadata } = await cluster.admin.core.createNamespace({ body })
  await until('pods can be made in it', async () => {
    const { items } = await cluster.admin.core.listNamespacedServiceAccount({ namespace: metadata!.name! })
    return items.length > 0
  })
  return metadata!.name!
}

for (const variant of VARIANTS) {
  t.test(`an API server accepts every object of the golden file "${variant.name}"`, async (t) => {
    const namespace = await emptyNamespace(t)
    for (const object of await objectsIn(variant)) {
      const { status, message, warnings } = await dryRun(cluster, object, namespace)
      t.match([status, message ?? ''], [201, ''], object.kind!)
      t.equal(warnings, undefined, `${object.kind}: without a warning`)
    }
  })

  t.test(`a pod of the golden file "${variant.name}" is admitted under Pod Security "restricted"`, async (t) => {
    const namespace = await emptyNamespace(t)
    const { spec } = (await objectsIn(variant)).find(({ kind }) => kind === 'Deployment') as V1Deployment
    const metadata = { ...spec!.template.metadata, name: 'pod', namespace }
    // Whether these exist is another question than what the pod may do.
    const { serviceAccountName: _account, priorityClassName: _class, ...own } = spec!.template.spec!
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: own }
    t.match(await dryRun(cluster, pod, namespace), { status: 201 })
    const { securityContext: _, ...careless } = pod.spec
    const refused = await dryRun(cluster, { ...pod, spec: careless } as KubernetesObject, namespace)
    t.match(refused, { status: 403, message: /PodSecurity/ }, 'which refuses what is careless')
  })
}

t.test('a field that no API server knows would be found', async (t) => {
  const namespace = await emptyNamespace(t)
  for (const object of await objectsIn(VARIANTS[0]!)) {
    if (object.kind === 'Secret' || object.kind === 'ConfigMap') continue // They have no spec.
    const { status } = await dryRun(cluster, { ...object, specc: {} } as KubernetesObject, namespace)
    t.ok(status === 400 || status === 500, `${object.kind}: ${status}`)
  }
})

const SETTINGS: Record<string, Record<string, string>> = {
  'the defaults': {},
  'other settings': { NETWORK_POLICY: 'off', LIVENESS_PROBE: 'tcp', FLUSH_INTERVAL_SECONDS: '60' },
}
for (const [what, settings] of Object.entries(SETTINGS)) {
  t.test(`what the service applies with ${what} is what is rendered, each object once`, async (t) => {
    const { api } = await serve(t, cluster, settings)
    const userId = newUserId(t, cluster, 'applied')
    t.equal((await api('POST', '/tenants', { userId, ramSize: '1536Mi' })).status, 202)
    await untilComplete(cluster, userId)
    const rendered = renderedObjects(await recordOf(cluster, userId), keyIn(await secretsOf(cluster, userId)))
    const live = await liveObjects(cluster, userId)
    for (const [kind, found] of Object.entries(live) as [string, KubernetesObject[]][]) {
      t.equal(found.length, rendered[kind] ? 1 : 0, kind)
      // Which items of a list do not say; and a Secret names the operation as it was then, not as it ended.
      const { apiVersion: _, kind: __, ...wanted } = rendered[kind] ?? {}
      if (kind === 'Secret') delete wanted.metadata?.annotations
      if (found[0]) t.ok(covers(found[0], wanted), `${kind} is as it was rendered`)
    }
    t.equal(live.NetworkPolicy.length, 'NETWORK_POLICY' in settings ? 0 : 1)
  })
}
