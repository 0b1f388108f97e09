import type {
  V1Container,
  V1Deployment,
  V1Ingress,
  V1Namespace,
  V1NetworkPolicy,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
  V1RoleBinding,
  V1Service,
} from '@kubernetes/client-node'
import { CONTAINER_NAME, namesFor } from '../../manifests/names.ts'
import { type Launch, launchOf } from './launch.ts'

/** All that a namespace holds which Helm has filled, and that matters to who would take it over. */
export type Found = {
  userId: string
  namespace: V1Namespace
  deployment: V1Deployment | undefined
  replicaSets: readonly V1ReplicaSet[]
  /** Of the whole namespace, not of the database alone. */
  pods: readonly V1Pod[]
  claims: readonly V1PersistentVolumeClaim[]
  service: V1Service | undefined
  networkPolicy: V1NetworkPolicy | undefined
  ingress: V1Ingress | undefined
  roleBinding: V1RoleBinding | undefined
}

/** The database as its Deployment starts it; undefined if there is no such container. */
export type Database = { container: V1Container; launch: Launch }

export function databaseIn({ deployment }: Found): Database | undefined {
  const spec = deployment?.spec?.template.spec
  const container = spec?.containers.find(({ name }) => name === CONTAINER_NAME)
  return spec && container ? { container, launch: launchOf(spec, container) } : undefined
}

/** The claim that holds its data. */
export function dataClaim({ claims }: Found, { launch }: Database): V1PersistentVolumeClaim | undefined {
  return claims.find(({ metadata }) => metadata?.name === launch.volume?.claim)
}

/** Whether its key is where this service would keep it. */
export function hasOwnSecret(userId: string, { launch }: Database): boolean {
  return launch.key?.name === namesFor(userId).secret
}
