/** Other hands in the way of a tenant that runs: policies, webhooks, and tools that know better. */
import { setTimeout as sleep } from 'node:timers/promises'
import { AdmissionregistrationV1Api, type V1ValidatingAdmissionPolicySpec } from '@kubernetes/client-node'
import type { Test } from 'tap'
import { until } from './api.ts'
import type { TestCluster } from './cluster.ts'
import { type At, deletePod, MERGE } from './fault-makers.ts'
import type { ResizedTenant } from './resized-tenant.ts'

export async function withPolicy({ cluster, tenant }: At, t: Test): Promise<void> {
  const name = `denies-${tenant.namespace}`
  await addPolicy(cluster, t, name, {
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    },
    matchConditions: [
      {
        name: 'this-namespace',
        expression: `request.namespace == "${tenant.namespace}" || object.metadata.name == "${name}"`,
      },
    ],
    validations: [{ expression: 'false' }],
  })
  const namespace = 'default'
  const probe = { metadata: { name }, spec: { containers: [{ name: 'probe', image: 'probe' }] } }
  await until('the policy is in force', async () => {
    const made = await cluster.admin.core.createNamespacedPod({ namespace, body: probe, dryRun: 'All' }).catch(String)
    return typeof made === 'string' && made.includes(name)
  })
  await deletePod({ cluster, tenant })
}

/** In force somewhat later. */
async function addPolicy(cluster: TestCluster, t: Test, name: string, spec: V1ValidatingAdmissionPolicySpec) {
  const admission = cluster.admin.config.makeApiClient(AdmissionregistrationV1Api)
  await admission.createValidatingAdmissionPolicy({ body: { metadata: { name }, spec } })
  t.teardown(() => admission.deleteValidatingAdmissionPolicy({ name }))
  const binding = { metadata: { name }, spec: { policyName: name, validationActions: ['Deny'] } }
  await admission.createValidatingAdmissionPolicyBinding({ body: binding })
  t.teardown(() => admission.deleteValidatingAdmissionPolicyBinding({ name }))
}

const deploymentOf = ({ fullname, namespace }: ResizedTenant) => ({ name: fullname, namespace })

/** A freeze: whoever pauses a Deployment is let, and nobody may let it go on. */
export async function withFreeze({ cluster, tenant }: At, t: Test): Promise<void> {
  const { apps } = cluster.admin
  await addPolicy(cluster, t, `freezes-${tenant.namespace}`, {
    matchConstraints: {
      resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['deployments'] }],
    },
    matchConditions: [{ name: 'this-namespace', expression: `request.namespace == "${tenant.namespace}"` }],
    validations: [{ expression: '!oldObject.spec.?paused.orValue(false) || object.spec.?paused.orValue(false)' }],
  })
  await pause({ cluster, tenant })
  const going = { ...deploymentOf(tenant), body: { spec: { paused: false } }, dryRun: 'All' as const }
  await until('the policy is in force', async () => {
    await pause({ cluster, tenant })
    return apps.patchNamespacedDeployment(going, MERGE).then(
      () => false,
      (error) => {
        // As policies deny.
        if (error.code !== 422) throw error
        return true
      },
    )
  })
}

/** As a tool for deployments does whose files say so: again whenever somebody lets it go on. */
export async function pausedAgain(at: At, t: Test): Promise<void> {
  let again = true
  const going = (async () => {
    for (; again; await sleep(50)) await pause(at)
  })()
  t.teardown(() => {
    again = false
    return going
  })
}

async function pause({ cluster, tenant }: At): Promise<void> {
  const { apps } = cluster.admin
  await apps.patchNamespacedDeployment({ ...deploymentOf(tenant), body: { spec: { paused: true } } }, MERGE)
}

export async function withDeadWebhook({ cluster, tenant }: At, t: Test): Promise<void> {
  const admission = cluster.admin.config.makeApiClient(AdmissionregistrationV1Api)
  const { namespace } = tenant
  const name = `dead-${namespace}.example.com`
  const webhook = {
    name,
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    timeoutSeconds: 1,
    failurePolicy: 'Fail',
    // Nobody listens there.
    clientConfig: { url: 'https://127.0.0.1:1/' },
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
  }
  await admission.createValidatingWebhookConfiguration({ body: { metadata: { name }, webhooks: [webhook] } })
  t.teardown(() => admission.deleteValidatingWebhookConfiguration({ name }))
  // One that all other judges let in.
  const { metadata, spec } = await tenant.pod()
  const { nodeName: _, ...unplaced } = spec!
  const probe = { metadata: { name: 'probe', labels: metadata!.labels! }, spec: unplaced }
  await until('the webhook is in force', async () => {
    const made = await cluster.admin.core.createNamespacedPod({ namespace, body: probe, dryRun: 'All' }).catch(String)
    return typeof made === 'string' && made.includes('failed calling webhook')
  })
  await deletePod({ cluster, tenant })
}
