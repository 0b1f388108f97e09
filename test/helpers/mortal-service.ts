import type { Test } from 'tap'
import { newCredential } from '../../src/credentials/credential.ts'
import { type Api, apiOf } from './api.ts'
import type { TestCluster } from './cluster.ts'
import { type Fault, startCuttingProxy, type Write } from './cutting-proxy.ts'
import { serve } from './serve.ts'

/** Services that are killed at a write of theirs, and those that come after them. A request again is one by the same credential. */
export function mortalServices(cluster: TestCluster) {
  const { key, entry } = newCredential({ name: 'test', scopes: ['admin'] })
  const credentials = [entry]
  return {
    /** A service that is killed at the write for which `faultFor` says so. */
    async mortalService(t: Test, faultFor: (write: Write) => Fault | undefined, settings: Record<string, string> = {}) {
      const proxy = await startCuttingProxy(cluster.serviceKubeconfig, faultFor)
      t.teardown(() => proxy.close())
      const service = await serve(t, cluster, { ...settings, KUBECONFIG: proxy.kubeconfig }, { credentials })
      proxy.kill = () => service.process.kill('SIGKILL')
      return { proxy, service, api: apiOf(service, key) }
    },

    async nextService(t: Test, settings: Record<string, string> = {}): Promise<Api> {
      return apiOf(await serve(t, cluster, settings, { credentials }), key)
    },
  }
}
