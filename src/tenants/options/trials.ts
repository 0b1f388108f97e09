import type { Apis } from '../../kubernetes/connection.ts'
import type { AdmissionRules } from '../../kubernetes/watch/admission-rules.ts'
import type { Desired } from '../../manifests/desired.ts'
import { dryRunOptions } from './dry-run.ts'

/** How long (ms) a trial counts: within that a class that an option names may go, which is told as the operation fails. */
const FRESH_MS = 60_000
/** So many are remembered. */
const MOST = 100
const TRIED = ['/pods', 'apps/deployments', '/services', 'networking.k8s.io/networkpolicies']
const INGRESSES = 'networking.k8s.io/ingresses'

/**
 * Trials of what tenants shall be. Kubernetes itself judges sizes and options and not whose they are, so that what has passed need not be
 * tried again for the next tenant. A webhook or policy may look at the tenant: where there is one, each is tried.
 */
export class Trials {
  readonly #apis: Apis
  readonly #rules: Pick<AdmissionRules, 'concern'>
  /** When what passed, the oldest first. */
  readonly #passed = new Map<string, number>()

  constructor(apis: Apis, rules: Pick<AdmissionRules, 'concern'>) {
    this.#apis = apis
    this.#rules = rules
  }

  /** @throws as `dryRunOptions` */
  async pass(scratch: string, userId: string, desired: Desired): Promise<void> {
    const what = JSON.stringify(desired)
    const tried = desired.options.ingress.enabled ? [...TRIED, INGRESSES] : TRIED
    const isFresh = performance.now() - (this.#passed.get(what) ?? Number.NEGATIVE_INFINITY) < FRESH_MS
    if (isFresh && !this.#rules.concern(tried)) return
    await dryRunOptions(this.#apis, scratch, userId, desired)
    this.#passed.delete(what)
    this.#passed.set(what, performance.now())
    const [oldest] = this.#passed.keys()
    if (this.#passed.size > MOST) this.#passed.delete(oldest!)
  }
}
