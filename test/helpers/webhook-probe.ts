import type { TestCluster } from './cluster.ts'

/** Every webhook of a test is called for this namespace too: so it shows when it is in force. It stays, and is empty. */
export const PROBE_NAMESPACE = 'test-webhook-probe'

export async function makeProbeNamespace({ admin: { core } }: TestCluster): Promise<void> {
  try {
    await core.createNamespace({ body: { metadata: { name: PROBE_NAMESPACE } } })
  } catch (error) {
    if ((error as { code?: number }).code !== 409) throw error
  }
}

/** Has the API server judge a new object of a kind. Nobody waits for the answer, which a webhook may hold up. */
export function probe({ admin: { core, apps, networking } }: TestCluster, resource: string, name: string): void {
  const where = { namespace: PROBE_NAMESPACE, dryRun: 'All' }
  const metadata = { name, labels: { probe: 'yes' } }
  const selector = { matchLabels: metadata.labels }
  const spec = { containers: [{ name: 'probe', image: 'probe' }] }
  const create: Record<string, () => Promise<unknown>> = {
    pods: () => core.createNamespacedPod({ ...where, body: { metadata, spec } }),
    deployments: () =>
      apps.createNamespacedDeployment({
        ...where,
        body: { metadata, spec: { selector, template: { metadata, spec } } },
      }),
    networkpolicies: () =>
      networking.createNamespacedNetworkPolicy({ ...where, body: { metadata, spec: { podSelector: selector } } }),
  }
  create[resource]!().catch(() => {})
}
