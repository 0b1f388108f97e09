import type { V1Secret } from '@kubernetes/client-node'
import type { FastifyBaseLogger } from 'fastify'
import type { Apis } from '../kubernetes/connection.ts'
import { isAlreadyExists, isNotFound, reasonOf } from '../kubernetes/errors.ts'
import { MANAGED_BY } from '../manifests/labels.ts'
import type { ServiceIdentity } from '../manifests/role-binding.ts'
import { newCredential } from './credential.ts'
import { type CredentialStore, parseCredentials } from './store.ts'

/** Until the cluster has answered once; then so often, so that it can be revoked. */
const TRY_AGAIN_MS = 2000
const LOOK_AGAIN_MS = 30_000
/** The credential itself, and the entry by which it is recognised, in the format of API_KEYS_FILE. */
const KEY = 'key'
const ENTRY = 'keys.json'

type Deps = {
  apis: Pick<Apis, 'core'>
  serviceIdentity: () => Promise<ServiceIdentity>
  credentials: CredentialStore
  log: FastifyBaseLogger
}

/**
 * The admin's credential that opens a service which nobody has given one. Whichever replica is first shows it in a Secret, and
 * keeps its entry in another one, `<name>-digest`. That one stays: as long as it is there no credential is made anew, so the
 * operator can delete the one that shows it.
 */
export class FirstCredential {
  readonly #deps: Deps
  readonly #name: string
  #timer: NodeJS.Timeout | undefined

  /** @param name of the Secret that shows it, in the namespace of this service's account */
  constructor(name: string, deps: Deps) {
    this.#name = name
    this.#deps = deps
  }

  /** Begins in the background: the cluster need not answer yet. */
  start(): void {
    const { credentials, log } = this.#deps
    let isKnown = false
    const look = async () => {
      try {
        credentials.keep(parseCredentials(entryIn(await this.#digest())).keys)
        if (!isKnown) log.info({ secret: this.#name }, 'the first credential is known')
        isKnown = true
      } catch (error) {
        log.error({ secret: this.#name, reason: reasonOf(error) }, 'the first credential cannot be had')
      }
      this.#timer = setTimeout(look, isKnown ? LOOK_AGAIN_MS : TRY_AGAIN_MS).unref()
    }
    void look()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  async #digest(): Promise<V1Secret> {
    const namespace = namespaceOf(await this.#deps.serviceIdentity())
    const name = `${this.#name}-digest`
    try {
      return await this.#deps.apis.core.readNamespacedSecret({ name, namespace })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
    const created = newCredential({ name: 'first', scopes: ['admin'] })
    const entry = JSON.stringify({ keys: [created.entry] })
    const shown = await this.#postOrRead(namespace, this.#name, { [KEY]: created.key, [ENTRY]: entry })
    const kept = await this.#postOrRead(namespace, name, { [ENTRY]: entryIn(shown) })
    // Meanwhile another replica made one, and an operator took it away: what was shown here opens nothing.
    if (entryIn(kept) !== entryIn(shown)) await this.#remove(namespace, shown)
    return kept
  }

  /** The Secret of that name: this one, or the one that another replica has posted first. */
  async #postOrRead(namespace: string, name: string, content: Record<string, string>): Promise<V1Secret> {
    const { core } = this.#deps.apis
    const data = Object.fromEntries(Object.entries(content).map(([entry, value]) => [entry, btoa(value)]))
    const metadata = { name, namespace, labels: { 'app.kubernetes.io/managed-by': MANAGED_BY } }
    try {
      return await core.createNamespacedSecret({ namespace, body: { metadata, type: 'Opaque', data } })
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      return core.readNamespacedSecret({ name, namespace })
    }
  }

  async #remove(namespace: string, { metadata }: V1Secret): Promise<void> {
    const { name, uid } = metadata as { name: string; uid: string }
    await this.#deps.apis.core.deleteNamespacedSecret({ name, namespace, body: { preconditions: { uid } } })
  }
}

/** @throws if the service does not run as a ServiceAccount, which has a namespace */
function namespaceOf({ username }: ServiceIdentity): string {
  const namespace = /^system:serviceaccount:([^:]+):/.exec(username)?.[1]
  if (namespace === undefined) throw new Error('only a service that runs as a ServiceAccount can keep a credential')
  return namespace
}

function entryIn({ data, metadata }: V1Secret): string {
  const value = data?.[ENTRY]
  if (value === undefined) throw new Error(`the Secret ${metadata?.name} has no entry ${ENTRY}`)
  return atob(value)
}
