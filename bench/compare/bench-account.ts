import { writeFile } from 'node:fs/promises'
import {
  CoreV1Api,
  type KubeConfig,
  KubeConfig as Kubeconfig,
  KubernetesObjectApi,
  PatchStrategy,
} from '@kubernetes/client-node'

const NAME = 'bench'
const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']
/** What the contenders write, by API group. */
const WRITTEN = {
  '': [
    'namespaces',
    'secrets',
    'configmaps',
    'persistentvolumeclaims',
    'services',
    'resourcequotas',
    'serviceaccounts',
  ],
  apps: ['deployments', 'replicasets'],
  'networking.k8s.io': ['networkpolicies', 'ingresses'],
  'rbac.authorization.k8s.io': ['rolebindings'],
}

/** Gives the contenders an account that is no administrator's, as the service has one. @returns the path of its kubeconfig */
export async function benchAccount(kubeconfig: string, path: string): Promise<string> {
  const admin = new Kubeconfig()
  admin.loadFromFile(kubeconfig)
  const api = KubernetesObjectApi.makeApiClient(admin)
  const rbac = 'rbac.authorization.k8s.io/v1'
  const rules = Object.entries(WRITTEN).map(([group, resources]) => ({ apiGroups: [group], resources, verbs: VERBS }))
  const mayBind = { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], verbs: ['bind'] }
  const mayResize = { apiGroups: [''], resources: ['pods', 'pods/resize'], verbs: ['get', 'list', 'patch'] }
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAME } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace: NAME } },
    { apiVersion: rbac, kind: 'ClusterRole', metadata: { name: NAME }, rules: [...rules, mayBind, mayResize] },
    {
      apiVersion: rbac,
      kind: 'ClusterRoleBinding',
      metadata: { name: NAME },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAME }],
    },
  ]
  for (const object of objects) {
    await api.patch(object as never, undefined, undefined, 'bench', true, PatchStrategy.ServerSideApply)
  }
  await writeFile(path, configWith(admin, await tokenOf(admin)).exportConfig(), { mode: 0o600 })
  return path
}

async function tokenOf(admin: KubeConfig): Promise<string> {
  const core = admin.makeApiClient(CoreV1Api)
  const body = { spec: { audiences: [], expirationSeconds: 24 * 3600 } }
  const { status } = await core.createNamespacedServiceAccountToken({ name: NAME, namespace: NAME, body })
  return status!.token!
}

function configWith(admin: KubeConfig, token: string): KubeConfig {
  const config = new Kubeconfig()
  config.loadFromClusterAndUser(admin.getCurrentCluster()!, { name: NAME, token })
  return config
}
