import {
  AppsV1Api,
  AuthenticationV1Api,
  AuthorizationV1Api,
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  createConfiguration,
  NetworkingV1Api,
  RbacAuthorizationV1Api,
  ServerConfiguration,
  StorageV1Api,
  VersionApi,
  wrapHttpLibrary,
} from '@kubernetes/client-node'
import type { FastifyBaseLogger } from 'fastify'
import { AccessAuthorizer } from './authorizer.ts'
import { type HttpOptions, httpLibrary } from './http.ts'
import { findAccess } from './kubeconfig/find.ts'
import { type RawRequests, rawRequests } from './raw.ts'

/** The typed APIs that this service uses. */
export type Apis = {
  core: CoreV1Api
  custom: CustomObjectsApi
  apps: AppsV1Api
  networking: NetworkingV1Api
  rbac: RbacAuthorizationV1Api
  storage: StorageV1Api
  coordination: CoordinationV1Api
  authentication: AuthenticationV1Api
  authorization: AuthorizationV1Api
  version: VersionApi
}

export type Connection = { raw: RawRequests; apis: Apis; close(): Promise<void> }

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
  onCall: HttpOptions['onCall']
  onWritten?: NonNullable<HttpOptions['onWritten']>
  log: FastifyBaseLogger
}): Connection {
  const { environment, log } = options
  const access = findAccess(options.kubeconfig, environment)
  if (access.proxyUrl === undefined && (environment.HTTPS_PROXY || environment.https_proxy)) {
    log.info('HTTPS_PROXY is not used on the way to the API server; proxy-url in the kubeconfig is')
  }
  const { server } = access
  const authorizer = new AccessAuthorizer(access, environment, log)
  const { pathname } = new URL(server)
  const base = pathname === '/' ? '' : pathname
  const { deadlinesMs, onCall, onWritten } = options
  const http: HttpOptions = { base, authorizer, deadlinesMs, onCall, ...(onWritten ? { onWritten } : {}) }
  const library = httpLibrary(http)
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    httpApi: wrapHttpLibrary(library),
  })
  return {
    raw: rawRequests(server, library, http),
    apis: {
      core: new CoreV1Api(configuration),
      custom: new CustomObjectsApi(configuration),
      apps: new AppsV1Api(configuration),
      networking: new NetworkingV1Api(configuration),
      rbac: new RbacAuthorizationV1Api(configuration),
      storage: new StorageV1Api(configuration),
      coordination: new CoordinationV1Api(configuration),
      authentication: new AuthenticationV1Api(configuration),
      authorization: new AuthorizationV1Api(configuration),
      version: new VersionApi(configuration),
    },
    close: () => authorizer.close(),
  }
}
