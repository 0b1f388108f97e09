import { HttpMethod, type KubernetesObject, RequestContext } from '@kubernetes/client-node'
import { request } from 'undici'
import type { TestCluster } from './cluster.ts'

type ResourceList = { resources: { name: string; namespaced: boolean; verbs: string[] }[] }
type Group = { preferredVersion: { groupVersion: string } }

/**
 * Every object of whatever kind in a namespace, and the namespace itself, as the API server gives it to an administrator. None of a
 * namespace that is gone.
 */
export async function everythingIn({ admin }: TestCluster, namespace: string): Promise<KubernetesObject[]> {
  const { server } = admin.config.getCurrentCluster()!
  const context = new RequestContext(server, HttpMethod.GET)
  await admin.config.applySecurityAuthentication(context)

  async function get<T>(path: string): Promise<T | undefined> {
    const { statusCode, body } = await request(server + path, {
      headers: context.getHeaders(),
      dispatcher: context.getDispatcher()!,
    })
    if (statusCode === 404) return void (await body.dump())
    if (statusCode !== 200) throw new Error(`GET ${path} answers ${statusCode}`)
    return (await body.json()) as T
  }

  async function listsOf(version: string): Promise<KubernetesObject[]> {
    const { resources } = (await get<ResourceList>(version))!
    const listable = resources.filter(({ namespaced, verbs }) => namespaced && verbs.includes('list'))
    const lists = listable.map(async ({ name }) => {
      const list = await get<{ items: KubernetesObject[] }>(`${version}/namespaces/${namespace}/${name}`)
      return list?.items ?? []
    })
    return (await Promise.all(lists)).flat()
  }

  const { groups } = (await get<{ groups: Group[] }>('/apis'))!
  const versions = ['/api/v1', ...groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)]
  const lists = await Promise.all(versions.map(listsOf))
  const live = await get<KubernetesObject>(`/api/v1/namespaces/${namespace}`)
  return live ? [live, ...lists.flat()] : []
}
