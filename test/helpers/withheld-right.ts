import { AuthorizationV1Api, KubeConfig, type V1ClusterRole, type V1PolicyRule } from '@kubernetes/client-node'
import type { Test } from 'tap'
import { until } from './api.ts'
import type { TestCluster } from './cluster.ts'

const ROLE = 'fluxiondb-provisioner'

type Right = { resource: string; verb: string }
/** The role as it is when nothing is withheld, and what is withheld from it now. */
let whole: V1ClusterRole | undefined
const withheld = new Set<Right>()

/** Takes a right from the service's account until the end of `t`, and waits until the API server goes by it, both times. */
export async function withholdRight(
  t: Test,
  { admin, serviceKubeconfig }: TestCluster,
  resource: string,
  verb: string,
) {
  whole ??= await admin.rbac.readClusterRole({ name: ROLE })
  const { rules = [] } = whole
  const config = new KubeConfig()
  config.loadFromFile(serviceKubeconfig)
  const asked = config.makeApiClient(AuthorizationV1Api)
  const [name, subresource] = resource.split('/') as [string, string?]
  const group = rules.find(({ resources }) => resources?.includes(resource))?.apiGroups?.[0]

  async function untilAllowed(wanted: boolean): Promise<void> {
    const { metadata } = await admin.rbac.readClusterRole({ name: ROLE })
    const left = [...withheld].reduce((left, right) => left.flatMap((rule) => without(rule, right)), rules)
    await admin.rbac.replaceClusterRole({ name: ROLE, body: { ...whole, metadata: metadata!, rules: left } })
    const resourceAttributes = {
      verb,
      resource: name,
      ...(group ? { group } : {}),
      ...(subresource ? { subresource } : {}),
    }
    await until(`${verb} ${resource} is ${wanted ? '' : 'not '}allowed`, async () => {
      const { status } = await asked.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } })
      return status?.allowed === wanted
    })
  }

  const right = { resource, verb }
  t.teardown(() => {
    withheld.delete(right)
    return untilAllowed(true)
  })
  withheld.add(right)
  await untilAllowed(false)
}

/** What is left of a rule: all for its other resources, and the other verbs for this one. */
function without(rule: V1PolicyRule, { resource, verb }: Right): V1PolicyRule[] {
  if (!rule.resources?.includes(resource)) return [rule]
  const others = { ...rule, resources: rule.resources.filter((one) => one !== resource) }
  const rest = { ...rule, resources: [resource], verbs: rule.verbs.filter((one) => one !== verb) }
  return [others, rest].filter(({ resources, verbs }) => resources.length > 0 && verbs.length > 0)
}
