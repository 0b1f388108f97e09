import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Apis } from './connection.ts'
import { isForbidden, KubernetesError } from './errors.ts'

/** `resource` with its subresource, as in `pods/resize`; `name`: only of that object. */
export type Right = { group: string; resource: string; verb: string; name?: string }
type Rules = NonNullable<Awaited<ReturnType<Apis['authorization']['createSelfSubjectRulesReview']>>['status']>

/** `tenantRole`: the ClusterRole by which it may read a tenant's Secret; `takesTokens`: those of ServiceAccounts. */
type Use = { tenantRole: string; takesTokens: boolean }

const AGAIN_MS = 10_000

const watched = (group: string, ...resources: string[]) => rights(group, resources, ['list', 'watch'])

/**
 * What the service needs in the whole cluster, by what does not work without it. A test holds it against the chart's ClusterRole.
 */
export function neededRights({ tenantRole, takesTokens }: Use): Readonly<Record<string, readonly Right[]>> {
  const [core, apps, networking, rbac] = ['', 'apps', 'networking.k8s.io', 'rbac.authorization.k8s.io'] as const
  return {
    'nothing works': [
      ...watched(core, 'namespaces', 'persistentvolumeclaims', 'services', 'resourcequotas', 'pods'),
      ...watched(apps, 'deployments', 'replicasets'),
      ...watched(networking, 'networkpolicies', 'ingresses'),
      ...watched(rbac, 'rolebindings'),
    ],
    'no tenant can be created or changed': [
      ...rights(
        core,
        ['namespaces', 'persistentvolumeclaims', 'services', 'resourcequotas'],
        ['get', 'create', 'patch'],
      ),
      ...rights(core, ['secrets'], ['create']),
      ...rights(core, ['configmaps'], ['get', 'create', 'update']),
      ...rights(apps, ['deployments'], ['get', 'create', 'patch']),
      ...rights(networking, ['networkpolicies', 'ingresses'], ['get', 'create', 'patch', 'delete']),
      ...rights(rbac, ['rolebindings'], ['get', 'create', 'patch', 'delete']),
      { group: rbac, resource: 'clusterroles', verb: 'bind', name: tenantRole },
    ],
    'a change of RAM restarts the database': [
      ...rights(core, ['pods/resize'], ['patch']),
      ...rights(apps, ['replicasets'], ['patch', 'delete']),
    ],
    'a plan cannot say what a change does': [
      ...rights(core, ['nodes', 'limitranges'], ['list']),
      ...rights('storage.k8s.io', ['storageclasses'], ['get']),
    ],
    'options that name objects cannot be judged': [
      ...rights(core, ['serviceaccounts'], ['get']),
      ...rights(networking, ['ingressclasses'], ['get']),
    ],
    'a tenant cannot be purged, nor a create that was cut off be removed': [
      ...rights(core, ['namespaces', 'secrets', 'pods'], ['delete']),
      ...rights(core, ['persistentvolumes'], ['get']),
    ],
    'a quota that has missed a pod is not corrected': rights(core, ['resourcequotas/status'], ['patch']),
    'every create is tried out, as webhooks and policies are not known': watched(
      'admissionregistration.k8s.io',
      ...['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'],
      ...['validatingadmissionpolicies', 'mutatingadmissionpolicies'],
    ),
    'what is left of purged tenants is not found': rights(core, ['persistentvolumes'], ['list']),
    'what a database uses is not shown': rights('metrics.k8s.io', ['pods'], ['get']),
    ...(takesTokens && {
      'tokens of ServiceAccounts open nothing': rights('authentication.k8s.io', ['tokenreviews'], ['create']),
    }),
  }
}

/** Logs, once the cluster answers, which rights are missing and what does not work without them. Ends with the signal. */
export async function reportMissingRights(
  { authorization }: Pick<Apis, 'authorization'>,
  use: Use,
  log: FastifyBaseLogger,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      const rules = await listedRules(authorization)
      let isWhole = true
      for (const [effect, needed] of Object.entries(neededRights(use))) {
        const missing = await missingOf(authorization, rules, needed)
        if (missing.length === 0) continue
        isWhole = false
        log.warn({ missing: missing.map(textOf) }, `rights are missing: ${effect}`)
      }
      if (isWhole) log.info('the cluster gives this service all rights that it needs')
      return
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error
      if (tries === 0) log.warn({ reason: error.reason }, 'the rights of this service cannot be looked at yet')
      await sleep(AGAIN_MS, undefined, { signal }).catch(() => {})
    }
  }
}

/** Undefined: even that may not be asked. */
async function listedRules(authorization: Apis['authorization']): Promise<Rules | undefined> {
  try {
    const body = { spec: { namespace: 'default' } }
    return (await authorization.createSelfSubjectRulesReview({ body })).status
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw error
  }
}

/** What the list of rules leaves open is asked one by one, as an authorizer need not list all that it allows. */
async function missingOf(
  authorization: Apis['authorization'],
  rules: Rules | undefined,
  needed: readonly Right[],
): Promise<Right[]> {
  const missing: Right[] = []
  for (const right of needed) {
    if (rules && lists(rules, right)) continue
    const { group, verb, name } = right
    const [resource, subresource] = right.resource.split('/') as [string, string?]
    const resourceAttributes = { group, resource, verb, ...(subresource && { subresource }), ...(name && { name }) }
    const answer = await authorization.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } })
    if (answer.status?.allowed !== true) missing.push(right)
  }
  return missing
}

function lists({ resourceRules }: Rules, { group, resource, verb, name }: Right): boolean {
  const has = (values: readonly string[] | undefined, value: string) =>
    values?.some((one) => one === value || one === '*')
  return resourceRules.some(
    (rule) =>
      has(rule.apiGroups, group) &&
      has(rule.resources, resource) &&
      has(rule.verbs, verb) &&
      (!rule.resourceNames?.length || (name !== undefined && rule.resourceNames.includes(name))),
  )
}

const textOf = ({ group, resource, verb }: Right) => `${verb} ${resource}${group === '' ? '' : `.${group}`}`

function rights(group: string, resources: readonly string[], verbs: readonly string[]): Right[] {
  return resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb })))
}
