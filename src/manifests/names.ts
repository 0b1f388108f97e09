/** Every name and address that follows from a user id. The rules are those of the original chart's release `db-<id>`. */

const CHART = 'fluxiondb'

/** A DNS label; what a tenant's namespace and objects are named after. */
export const USER_ID_PATTERN = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'
export const USER_ID_MAX_LENGTH = 40
export const NAMESPACE_PREFIX = 'fluxiondb-'

/** The entry of the Secret that holds the database's key. */
export const SECRET_ENTRY = 'secret-key'
/** The port that the database listens on, and its name in pod and Service. */
export const DATABASE_PORT = 8080
export const DATABASE_PORT_NAME = 'websocket'
export const CONTAINER_NAME = 'fluxiondb'

export type Names = {
  namespace: string
  /** The Helm release that a tenant of this id would have: the `app.kubernetes.io/instance` label. */
  release: string
  /** Deployment, claim, Service, NetworkPolicy and ResourceQuota. */
  fullname: string
  secret: string
  operations: string
  /** By which this service may read the tenant's Secret. */
  roleBinding: string
  /** The Service's name within the cluster. */
  host: string
}

/** All names for a valid user id. An id that contains the chart's name is not given it twice: Helm's fullname rule. */
export function namesFor(userId: string): Names {
  const namespace = `${NAMESPACE_PREFIX}${userId}`
  const release = `db-${userId}`
  const fullname = release.includes(CHART) ? release : `${release}-${CHART}`
  return {
    namespace,
    release,
    fullname,
    secret: `${fullname}-secrets`,
    operations: `${release}-operations`,
    roleBinding: `${release}-operator`,
    host: `${fullname}.${namespace}.svc`,
  }
}

/** The user id that a namespace's name would belong to, or undefined if the name is not one of ours. */
export function userIdOf(namespace: string): string | undefined {
  return namespace.startsWith(NAMESPACE_PREFIX) ? namespace.slice(NAMESPACE_PREFIX.length) : undefined
}
