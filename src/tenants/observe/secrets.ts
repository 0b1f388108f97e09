import type { Apis } from '../../kubernetes/connection.ts'
import { secretExists } from './gather.ts'

/** How long (ms) a Secret that was there is taken to be there still. */
const FRESH_MS = 10_000
/** So many are remembered. */
const MOST = 10_000

/** Whether tenants' Secrets exist, which no watch tells. Who asks again and again costs one call in ten seconds. */
export class Secrets {
  readonly #apis: Pick<Apis, 'core'>
  /** When each was seen, the oldest first. One that is missing is looked for anew, so that its return shows at once. */
  readonly #seen = new Map<string, number>()

  constructor(apis: Pick<Apis, 'core'>) {
    this.#apis = apis
  }

  /** Undefined: that is not ours to know, as before the RoleBinding is there. @throws KubernetesError */
  async exists(userId: string): Promise<boolean | undefined> {
    if (performance.now() - (this.#seen.get(userId) ?? Number.NEGATIVE_INFINITY) < FRESH_MS) return true
    const exists = await secretExists(this.#apis, userId)
    this.#seen.delete(userId)
    if (exists) this.#seen.set(userId, performance.now())
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > MOST) this.#seen.delete(oldest!)
    return exists
  }
}
