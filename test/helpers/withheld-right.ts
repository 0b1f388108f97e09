import { AuthorizationV1Api, KubeConfig, type V1PolicyRule } from '@kubernetes/client-node'
import type { Test } from 'tap'
import { until } from './api.ts'
import type { TestCluster } from './cluster.ts'

const ROLE = 'fluxiondb-provisioner'

/** Takes a right from the service's account until the end of `t`, and waits until the API server goes by it, both times. */
export async function withholdRight(
  t: Test,
  { admin, serviceKubeconfig }: TestCluster,
  resource: string,
  verb: string,
) {
  const role = await admin.rbac.readClusterRole({ name: ROLE })
  const config = new KubeConfig()
  config.loadFromFile(serviceKubeconfig)
  const asked = config.makeApiClient(AuthorizationV1Api)
  const [name, subresource] = resource.split('/') as [string, string?]

  async function set(rules: V1PolicyRule[], wanted: boolean): Promise<void> {
    const { metadata } = await admin.rbac.readClusterRole({ name: ROLE })
    await admin.rbac.replaceClusterRole({ name: ROLE, body: { ...role, metadata: metadata!, rules } })
    const resourceAttributes = { verb, resource: name, ...(subresource ? { subresource } : {}) }
    await until(`${verb} ${resource} is ${wanted ? '' : 'not '}allowed`, async () => {
      const { status } = await asked.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } })
      return status?.allowed === wanted
    })
  }

  t.teardown(() => set(role.rules!, true))
  await set(
    role.rules!.flatMap((rule) => without(rule, resource, verb)),
    false,
  )
}

/** What is left of a rule: all for its other resources, and the other verbs for this one. */
function without(rule: V1PolicyRule, resource: string, verb: string): V1PolicyRule[] {
  if (!rule.resources?.includes(resource)) return [rule]
  const others = { ...rule, resources: rule.resources.filter((one) => one !== resource) }
  const rest = { ...rule, resources: [resource], verbs: rule.verbs.filter((one) => one !== verb) }
  return [others, rest].filter(({ resources, verbs }) => resources.length > 0 && verbs.length > 0)
}
