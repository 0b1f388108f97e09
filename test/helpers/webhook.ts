import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { AdmissionregistrationV1Api, type KubernetesObject, type V1MutatingWebhook } from '@kubernetes/client-node'
import type { Test } from 'tap'
import { namesFor } from '../../src/manifests/names.ts'
import { binaries } from '../../tools/local-cluster/binaries.ts'
import { signCertificates } from '../../tools/local-cluster/certificates.ts'
import { SCRATCH } from './admission.ts'
import { until } from './api.ts'
import type { TestCluster } from './cluster.ts'
import { type Material, WEBHOOK_MODES, type WebhookMode, type WebhookName } from './webhook-modes.ts'
import { makeProbeNamespace, PROBE_NAMESPACE, probe } from './webhook-probe.ts'

/** How long the API server waits for a webhook by default, and how long one hangs. */
const TIMEOUT_SECONDS = 10
const HANG_SECONDS = TIMEOUT_SECONDS + 2
export const DENIAL = 'the platform team allows no changes today'

type Review = { request: { uid: string; object: KubernetesObject } }

/** Why tests of webhooks are skipped on this cluster; false if they are not. As tap's `skip` option takes it. */
export function withoutWebhooks({ kind, description }: TestCluster): string | false {
  const isHere = kind === 'node' || kind === 'control-plane'
  return isHere ? false : `an API server elsewhere does not reach the webhooks of this process: ${description}`
}

/**
 * Serves admission webhooks from this process until the end of `t`. None is in force yet.
 * @returns what installs one for the objects of one tenant, which may not exist yet: so tests beside each other share nothing.
 * It resolves when the webhook is in force, which it is until the end of the test that it is installed for.
 */
export async function startWebhooks(t: Test, cluster: TestCluster, material: Material) {
  const admission = cluster.admin.config.makeApiClient(AdmissionregistrationV1Api)
  const { address, ca, called } = await serveReviews(t, material)
  await makeProbeNamespace(cluster)

  return async function install(t: Test, mode: WebhookName, userId: string): Promise<void> {
    const { namespace, fullname } = namesFor(userId)
    const { on, does = 'mutate', failurePolicy = 'Ignore' }: WebhookMode = WEBHOOK_MODES[mode]
    const name = `${mode}.${namespace}.example.com`
    const path = `/${mode}/${namespace}`
    const webhook: V1MutatingWebhook = {
      name,
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      failurePolicy,
      timeoutSeconds: TIMEOUT_SECONDS,
      namespaceSelector: {
        matchExpressions: [
          { key: 'kubernetes.io/metadata.name', operator: 'In', values: [namespace, SCRATCH, PROBE_NAMESPACE] },
        ],
      },
      // Where objects of all tenants are tried, those of this one only.
      matchConditions: [
        { name: 'this-tenant', expression: `request.namespace == '${namespace}' || request.name == '${fullname}'` },
      ],
      rules: [{ ...on, apiVersions: ['*'], scope: 'Namespaced' }],
      clientConfig: { url: address + path, caBundle: ca },
    }
    const body = { metadata: { name }, webhooks: [webhook] }
    const kind = does === 'deny' ? 'ValidatingWebhookConfiguration' : 'MutatingWebhookConfiguration'
    await admission[`create${kind}`]({ body })
    t.teardown(() => admission[`delete${kind}`]({ name }))
    await until(`the webhook ${name} is in force`, async () => {
      probe(cluster, on.resources![0]!, fullname)
      await sleep(100)
      return called.has(path)
    })
  }
}

/** Answers reviews at `/<mode>/<namespace>`. @returns its address and authority, and the paths that have been called */
async function serveReviews(t: Test, material: Material) {
  const called = new Set<string>()
  const { ca, ...certificate } = await certificateFor('127.0.0.1')
  const server = createServer(certificate, (request, response) => {
    // The API server adds its timeout as a query.
    called.add(request.url!.split('?')[0]!)
    answer(request, response, material).catch(() => response.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { address: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, ca, called }
}

async function answer(incoming: IncomingMessage, response: ServerResponse, material: Material): Promise<void> {
  const { does, patch }: WebhookMode = WEBHOOK_MODES[incoming.url!.split(/[/?]/)[1] as WebhookName]
  const { request } = (await json(incoming)) as Review
  if (does === 'down') return void response.destroy()
  // Its end shall not wait for this.
  if (does === 'hang') await sleep(HANG_SECONDS * 1000, undefined, { ref: false })
  const judged = {
    uid: request.uid,
    allowed: does !== 'deny',
    ...(does === 'deny' && { status: { message: DENIAL } }),
    ...(patch && { patchType: 'JSONPatch', patch: btoa(JSON.stringify(patch(request.object, material))) }),
  }
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: judged }))
}

async function certificateFor(host: string): Promise<{ ca: string; cert: string; key: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'webhook-'))
  try {
    const { certs } = await binaries(['certs'], () => {})
    await signCertificates(certs, folder, [{ name: 'webhook', user: 'webhook', hosts: [host] }])
    const read = (file: string) => readFile(join(folder, file), 'utf8')
    const [ca, cert, key] = await Promise.all(['ca.crt', 'webhook.crt', 'webhook.key'].map(read))
    return { ca: btoa(ca!), cert: cert!, key: key! }
  } finally {
    await rm(folder, { recursive: true })
  }
}
