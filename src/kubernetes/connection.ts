import {
  AppsV1Api,
  AuthenticationV1Api,
  AuthorizationV1Api,
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
import type { FastifyBaseLogger } from 'fastify'
import { AccessAuthorizer } from './authorizer.ts'
import { type Authorizer, type Call, type HttpOptions, httpLibrary } from './http.ts'
import { findAccess } from './kubeconfig/find.ts'

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
 * Connects as a kubeconfig says (see findAccess). Nothing is sent yet, and no file but the kubeconfig's own is read: what cannot be
 * had now, such as a credential, may be there at the next call.
 * @param deadlinesMs for every call, tries included
 * @throws KubeconfigError
 */
export function connect(options: {
  kubeconfig: string
  environment: Readonly<Record<string, string | undefined>>
  deadlinesMs: HttpOptions['deadlinesMs']
  onCall: (call: Call) => void
  log: FastifyBaseLogger
}): Connection {
  const { environment, deadlinesMs, onCall, log } = options
  const access = findAccess(options.kubeconfig, environment)
  if (access.proxyUrl === undefined && (environment.HTTPS_PROXY || environment.https_proxy)) {
    log.info('HTTPS_PROXY is not used on the way to the API server; proxy-url in the kubeconfig is')
  }
  const { server } = access
  const authorizer = new AccessAuthorizer(access, environment, log)
  const { pathname } = new URL(server)
  const base = pathname === '/' ? '' : pathname
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    httpApi: wrapHttpLibrary(httpLibrary({ base, authorizer, deadlinesMs, onCall })),
  })
  return {
    config: new WatchConfig(server, authorizer),
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
    close: () => authorizer.close(),
  }
}

/** What client-node's watches ask for: the same server, credentials and connections as the calls have. */
class WatchConfig extends KubeConfig {
  readonly #authorizer: Authorizer

  constructor(server: string, authorizer: Authorizer) {
    super()
    this.loadFromClusterAndUser({ name: 'cluster', server, skipTLSVerify: false }, { name: 'user' })
    this.#authorizer = authorizer
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    const { headers, dispatcher } = await this.#authorizer.authorize('GET')
    for (const [name, value] of Object.entries(headers)) context.setHeaderParam(name, value)
    context.setDispatcher(dispatcher)
  }
}
