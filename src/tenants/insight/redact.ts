import { ignoreNotFound } from '../../kubernetes/errors.ts'
import { namesFor } from '../../manifests/names.ts'
import type { TenantContext } from '../commands/context.ts'
import type { Spec } from '../record/spec.ts'

/** Shorter values would be found everywhere, and no key is that short. */
const SHORTEST = 8
const REDACTED = '[redacted]'

/**
 * What takes the keys of a tenant, also one that waits for its rotation, out of a text that others have written: of its database, or of
 * Kubernetes. Whoever may read logs is not to learn the key from them.
 * @throws KubernetesError if the keys cannot be read: then nobody may be shown such a text
 */
export async function redactorOf(context: TenantContext, { userId, desired }: Spec): Promise<(text: string) => string> {
  const { namespace, secret } = namesFor(userId)
  const name = desired.options.secret.name ?? secret
  const identity = await context.serviceIdentity()
  const found = await context.repository.withGrant(userId, identity, () =>
    ignoreNotFound(context.apis.core.readNamespacedSecret({ name, namespace })),
  )
  const keys = Object.values(found?.data ?? {})
    .map((value) => Buffer.from(value, 'base64').toString())
    .filter((key) => key.length >= SHORTEST)
  return (text) => keys.reduce((left, key) => left.replaceAll(key, REDACTED), text)
}
