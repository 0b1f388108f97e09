import { isDeepStrictEqual } from 'node:util'
import {
  AppsV1Api,
  AuthenticationV1Api,
  AuthorizationV1Api,
  type Cluster,
  CoreV1Api,
  CustomObjectsApi,
  createConfiguration,
  KubeConfig,
  NetworkingV1Api,
  RbacAuthorizationV1Api,
  type RequestContext,
  ServerConfiguration,
  StorageV1Api,
  VersionApi,
  wrapHttpLibrary,
} from '@kubernetes/client-node'
import { Agent } from 'undici'
import { type Call, httpLibrary } from './http.ts'

/** Connections to the API server, shared by all calls and watches. Calls beyond that wait, within their deadline. */
const MAX_CONNECTIONS = 64

/** The typed APIs that this service uses. */
export type Apis = {
  core: CoreV1Api
  custom: CustomObjectsApi
  apps: AppsV1Api
  networking: NetworkingV1Api
  rbac: RbacAuthorizationV1Api
  storage: StorageV1Api
  authentication: AuthenticationV1Api
  authorization: AuthorizationV1Api
  version: VersionApi
}

export type Connection = { config: KubeConfig; apis: Apis; close(): Promise<void> }

/**
 * Connects by the given kubeconfig, else by client-node's defaults (KUBECONFIG, the home directory, the in-cluster account).
 * Nothing is sent yet.
 * @param deadlineMs for every call, tries included
 */
export function connect(options: {
  kubeconfig?: string
  deadlineMs: number
  onCall: (call: Call) => void
}): Connection {
  const config = new PooledKubeConfig()
  if (options.kubeconfig) config.loadFromFile(options.kubeconfig)
  else config.loadFromDefault()
  const server = config.getCurrentCluster()?.server
  if (!server) throw new Error('the kubeconfig names no current cluster')
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    authMethods: { default: config },
    httpApi: wrapHttpLibrary(httpLibrary(options.deadlineMs, options.onCall)),
  })
  return {
    config,
    apis: {
      core: new CoreV1Api(configuration),
      custom: new CustomObjectsApi(configuration),
      apps: new AppsV1Api(configuration),
      networking: new NetworkingV1Api(configuration),
      rbac: new RbacAuthorizationV1Api(configuration),
      storage: new StorageV1Api(configuration),
      authentication: new AuthenticationV1Api(configuration),
      authorization: new AuthorizationV1Api(configuration),
      version: new VersionApi(configuration),
    },
    close: () => config.close(),
  }
}

/**
 * client-node's configuration and authentication over one pool: by itself it makes a new agent, and so a new TLS connection,
 * for every request (kubernetes-client/javascript#2426).
 */
class PooledKubeConfig extends KubeConfig {
  #pool: { options: unknown; agent: Agent } | undefined

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context)
    if (this.#pool) context.setDispatcher(this.#pool.agent)
  }

  /** Called for every request with the TLS options as they are now: certificates in files may have been renewed. */
  override createDispatcherOptions(
    cluster: Cluster | null,
    agentOptions: Parameters<KubeConfig['createDispatcherOptions']>[1],
  ): ReturnType<KubeConfig['createDispatcherOptions']> {
    const options = super.createDispatcherOptions(cluster, agentOptions)
    if (options.type !== 'agent' && options.type !== 'none') return options // Through a proxy: as client-node does it.
    if (!isDeepStrictEqual(this.#pool?.options, options)) {
      // Calls under way on the old pool may finish; a failure to close it concerns nobody.
      this.#pool?.agent.close().catch(() => {})
      const connect = (options.type === 'agent' ? options.connect : {}) as Agent.Options['connect'] & object
      this.#pool = { options, agent: new Agent({ connect, connections: MAX_CONNECTIONS }) }
    }
    return { type: 'none' }
  }

  async close(): Promise<void> {
    await this.#pool?.agent.destroy()
  }
}
