import { readFileSync } from 'node:fs'
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CoreV1Api,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from '@kubernetes/client-node'
import { parseAllDocuments } from 'yaml'
import type { Report } from './report.ts'

/** The chart, its release, their namespace, and by the chart's naming rule the ServiceAccount. */
export const ACCOUNT = 'fluxiondb-provisioner'
/** The chart's objects that make its rights, rendered by `npm run charts`: so that demo and tests need no Helm. */
export const RIGHTS = join(import.meta.dirname, 'service-account.yaml')
const lifetimeSeconds = 24 * 60 * 60

/**
 * Gives a cluster the chart's ServiceAccount and its rights, and writes a kubeconfig with a token of that account, valid
 * for 24 hours, into `folder`. Needs an administrator's kubeconfig. Answers the new kubeconfig's path. May be repeated:
 * rights are brought to what the chart says, and the token is a new one.
 */
export async function grantRights(kubeconfig: string, folder: string, report: Report): Promise<string> {
  const admin = new KubeConfig()
  admin.loadFromFile(kubeconfig)

  const objects: KubernetesObject[] = parseAllDocuments(readFileSync(RIGHTS, 'utf8')).map((one) => one.toJS())
  report('Grant rights', `applying ${objects.length} objects`)
  await apply(admin, objects)
  report('Grant rights', 'asking for a token')
  const token = await requestToken(admin)
  return write(folder, configWith(admin, token))
}

async function apply(admin: KubeConfig, objects: KubernetesObject[]): Promise<void> {
  const api = KubernetesObjectApi.makeApiClient(admin)
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ACCOUNT } }
  for (const object of [namespace, ...objects]) {
    // Forced, so that what somebody else changed is as the chart says again.
    await api.patch(object, undefined, undefined, 'local-cluster', true, PatchStrategy.ServerSideApply)
  }
}

async function requestToken(admin: KubeConfig): Promise<string> {
  const core = admin.makeApiClient(CoreV1Api)
  const body = { spec: { audiences: [], expirationSeconds: lifetimeSeconds } }
  const { status } = await core.createNamespacedServiceAccountToken({ name: ACCOUNT, namespace: ACCOUNT, body })
  if (!status?.token) throw new Error(`the API server gave no token for the ServiceAccount ${ACCOUNT}`)
  return status.token
}

function configWith(admin: KubeConfig, token: string): KubeConfig {
  const cluster = admin.getCurrentCluster()
  if (!cluster) throw new Error('the kubeconfig has no current cluster')
  const config = new KubeConfig()
  config.loadFromClusterAndUser(cluster, { name: ACCOUNT, token })
  return config
}

/** Renamed into place: a reader never sees half a file, nor a file that others may read. */
async function write(folder: string, config: KubeConfig): Promise<string> {
  const path = join(folder, 'service-account.kubeconfig')
  await mkdir(folder, { recursive: true })
  await writeFile(`${path}.new`, `${config.exportConfig()}\n`, { mode: 0o600 })
  await chmod(`${path}.new`, 0o600) // the mode above is only for a file that was not there
  await rename(`${path}.new`, path)
  return path
}
