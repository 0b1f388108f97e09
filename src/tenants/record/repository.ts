import { PatchStrategy, setHeaderOptions, type V1Namespace, type V1Secret } from '@kubernetes/client-node'
import pRetry from 'p-retry'
import { problem } from '../../errors.ts'
import { apply } from '../../kubernetes/apply.ts'
import type { Apis } from '../../kubernetes/connection.ts'
import { ignoreNotFound, isConflict, isForbidden } from '../../kubernetes/errors.ts'
import { annotations, CALLER_LABEL_PREFIX, callerLabels, FIELD_MANAGER, TENANT_LABEL } from '../../manifests/labels.ts'
import { namesFor } from '../../manifests/names.ts'
import { renderRoleBinding, type ServiceIdentity } from '../../manifests/role-binding.ts'
import { sharing } from '../../shared-parts.ts'
import { parseSpec, type Spec, UnreadableSpecError } from './spec.ts'

/** A tenant's record and the namespace that it was read from. */
export type Recorded = { namespace: V1Namespace; spec: Spec }

/** Conflicts are other writers' successes, so somebody always gets on; this many in a row mean that something is wrong. */
const WRITE_TRIES = 20
/** A new RoleBinding takes this long at most to reach every authorizer of a healthy API server. */
const GRANT_TRIES = 8

/** The record of each tenant: the annotation on its namespace, and the key in its Secret. */
export class TenantRepository {
  readonly #apis: Apis

  constructor(apis: Apis) {
    this.#apis = apis
  }

  /** The namespace as it is, ours or not; undefined if there is none. */
  async namespaceOf(userId: string): Promise<V1Namespace | undefined> {
    return ignoreNotFound(this.#apis.core.readNamespace({ name: namesFor(userId).namespace }))
  }

  /** @throws problem `tenant-not-found` if there is no such tenant, or the namespace is not ours */
  async read(userId: string): Promise<Recorded> {
    const namespace = await this.namespaceOf(userId)
    if (namespace === undefined || !isOurs(namespace, userId)) throw problem('tenant-not-found')
    return { namespace, spec: specOf(namespace) }
  }

  /**
   * Changes the record under its resourceVersion; on a conflict reads it again and asks anew.
   * @param change the new record; the same object: nothing is written. What it throws leaves all as it was
   * @param known the namespace as it was seen last: then nothing is read, unless it has changed since
   */
  async change(
    userId: string,
    change: (recorded: Recorded) => Spec | Promise<Spec>,
    known?: V1Namespace,
  ): Promise<Recorded> {
    let seen = known
    return pRetry(
      async () => {
        const recorded = seen ? { namespace: seen, spec: specOf(seen) } : await this.read(userId)
        seen = undefined
        const spec = await change(recorded)
        return spec === recorded.spec ? recorded : { spec, namespace: await this.#write(recorded.namespace, spec) }
      },
      {
        retries: WRITE_TRIES,
        minTimeout: 5,
        maxTimeout: 200,
        randomize: true,
        shouldRetry: ({ error }) => isConflict(error),
      },
    )
  }

  /**
   * Makes a namespace that is there already a tenant's, with its labels and its record.
   * @returns the namespace as it is from now on; undefined if somebody has changed it since it was read
   */
  async take({ metadata: live }: V1Namespace, { metadata }: V1Namespace): Promise<V1Namespace | undefined> {
    const { labels, annotations } = metadata!
    const body = { metadata: { resourceVersion: live!.resourceVersion!, labels, annotations } }
    try {
      return await this.#apis.core.patchNamespace(
        { name: live!.name!, body, fieldManager: FIELD_MANAGER },
        setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
      )
    } catch (error) {
      if (isConflict(error)) return undefined
      throw error
    }
  }

  /**
   * The reverse of `take`: takes the record off a namespace.
   * @param labels what the tenant's labels give way to, by key; null: to none
   * @throws KubernetesError; a conflict (see isConflict) if somebody has changed the namespace since it was read
   */
  async giveBack({ metadata }: V1Namespace, labels: Record<string, string | null>): Promise<void> {
    const { name, resourceVersion } = metadata as { name: string; resourceVersion: string }
    const body = { metadata: { resourceVersion, labels, annotations: { [annotations.spec]: null } } }
    await this.#apis.core.patchNamespace(
      { name, body, fieldManager: FIELD_MANAGER },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    )
  }

  async #write({ metadata }: V1Namespace, spec: Spec): Promise<V1Namespace> {
    const { name, resourceVersion } = metadata as { name: string; resourceVersion: string }
    const record = JSON.stringify(spec)
    parseSpec(record) // Never write what could not be read again.
    return this.#apis.core.patchNamespace(
      {
        name,
        body: {
          metadata: {
            resourceVersion,
            labels: labelChanges(metadata!, spec),
            annotations: { [annotations.spec]: record },
          },
        },
        fieldManager: FIELD_MANAGER,
      },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    )
  }

  /** The tenant's Secret; undefined if there is none. */
  async readSecret(userId: string, serviceIdentity: ServiceIdentity): Promise<V1Secret | undefined> {
    const { namespace, secret: name } = namesFor(userId)
    return this.withGrant(userId, serviceIdentity, () =>
      ignoreNotFound(this.#apis.core.readNamespacedSecret({ name, namespace })),
    )
  }

  /** Does what the tenant's RoleBinding allows, and makes the binding if it is not there yet. */
  async withGrant<T>(userId: string, serviceIdentity: ServiceIdentity, reading: () => Promise<T>): Promise<T> {
    try {
      return await reading()
    } catch (error) {
      if (!isForbidden(error)) throw error
    }
    await apply(this.#apis, renderRoleBinding(userId, serviceIdentity))
    return pRetry(reading, {
      retries: GRANT_TRIES,
      minTimeout: 20,
      maxTimeout: 500,
      shouldRetry: ({ error }) => isForbidden(error),
    })
  }

  /** Takes back what `withGrant` has made, where nothing came of it. */
  async revoke(userId: string): Promise<void> {
    const { namespace, roleBinding: name } = namesFor(userId)
    await ignoreNotFound(this.#apis.rbac.deleteNamespacedRoleBinding({ name, namespace }))
  }
}

/** The caller's labels as the record has them; those that it no longer has are taken off. */
function labelChanges({ labels = {} }: NonNullable<V1Namespace['metadata']>, { desired }: Spec) {
  const gone = Object.keys(labels).filter((key) => key.startsWith(CALLER_LABEL_PREFIX))
  // A merge patch takes off what is null.
  return { ...Object.fromEntries(gone.map((key) => [key, null as never])), ...callerLabels(desired.options.labels) }
}

/** Whether a namespace carries our labels for this id; any other is never touched. */
export function isOurs({ metadata }: V1Namespace, userId: string): boolean {
  return metadata?.labels?.[TENANT_LABEL] === userId
}

/** A record is parsed once for each version of its namespace. @throws UnreadableSpecError */
export function specOf(namespace: V1Namespace): Spec {
  const known = parsed.get(namespace)
  if (known) return known
  lastParsed = sharing(parseSpec(namespace.metadata?.annotations?.[annotations.spec]), lastParsed)
  // What last worked is most often what is desired; the record before may be of a tenant of which nothing has worked yet.
  lastParsed.previous = sharing(lastParsed.previous, lastParsed.desired)
  parsed.set(namespace, lastParsed)
  return lastParsed
}

/** The namespace with its record parsed and without the text, which would be most of what is kept of a tenant. */
export function withParsedRecord(namespace: V1Namespace): V1Namespace {
  const { metadata } = namespace
  const { [annotations.spec]: text, ...others } = metadata?.annotations ?? {}
  if (text === undefined) return namespace
  try {
    const slim = { ...namespace, metadata: { ...metadata, annotations: others } }
    parsed.set(slim, specOf(namespace))
    return slim
  } catch (error) {
    if (!(error instanceof UnreadableSpecError)) throw error
    return namespace // Whoever needs the record finds out.
  }
}

const parsed = new WeakMap<V1Namespace, Spec>()
/** Records are much alike. */
let lastParsed: Spec | undefined
