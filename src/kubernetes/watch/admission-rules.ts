import type { KubernetesObject } from '@kubernetes/client-node'
import type { FastifyBaseLogger } from 'fastify'
import { traceOf } from '../errors.ts'
import type { RawRequests } from '../raw.ts'
import { pauseOf } from './backoff.ts'
import { Reflector } from './reflector.ts'
import { Store } from './store.ts'

const GROUP = '/apis/admissionregistration.k8s.io'
/** By what others judge and change objects: webhooks, and policies that the API server works out itself. */
const RESOURCES = new Map([
  ['validatingwebhookconfigurations', 'ValidatingWebhookConfiguration'],
  ['mutatingwebhookconfigurations', 'MutatingWebhookConfiguration'],
  ['validatingadmissionpolicies', 'ValidatingAdmissionPolicy'],
  ['mutatingadmissionpolicies', 'MutatingAdmissionPolicy'],
])
/** On what the chart of this service makes to bind its own hands: of a tenant it says nothing. */
const OWN_LABEL = 'fluxiondb.com/binds-service'

type Rule = { apiGroups?: string[]; resources?: string[] }
type Registered = KubernetesObject & {
  webhooks?: { rules?: Rule[] }[]
  spec?: { matchConstraints?: { resourceRules?: Rule[] } }
  /** Of all of the above. */
  rules?: Rule[]
}
type Served = { name: string; version: string }

/** What admission webhooks and policies the cluster has, kept up to date by watches. */
export class AdmissionRules {
  readonly #raw: RawRequests
  readonly #log: FastifyBaseLogger
  readonly #stopping = new AbortController()
  #watched: { store: Store<Registered>; reflector: Reflector<Registered> }[] | undefined

  constructor(raw: RawRequests, log: FastifyBaseLogger) {
    this.#raw = raw
    this.#log = log
  }

  /** Begins to list and watch; returns at once. */
  start(): void {
    void this.#run(this.#stopping.signal)
  }

  stop(): void {
    this.#stopping.abort()
  }

  /**
   * Whether somebody other than Kubernetes itself may judge objects of one of these resources.
   * @param resources with their groups, as `apps/deployments` and `/pods`
   * @returns true also while that is not known, as without the right to look
   */
  concern(resources: readonly string[]): boolean {
    const watched = this.#watched
    if (watched === undefined || watched.some(({ reflector }) => !reflector.synced)) return true
    const rules = watched.flatMap(({ store }) => store.list()).flatMap(({ rules }) => rules!)
    return resources.some((resource) => rules.some((rule) => matches(rule, resource)))
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      try {
        this.#watched = (await this.#served()).map((served) => this.#watch(served))
        return
      } catch (error) {
        this.#log.warn(traceOf(error), 'admission webhooks and policies cannot be looked for')
        await pauseOf(failures++, signal)
      }
    }
  }

  /** Policies are not served everywhere, and in a version of their own. */
  async #served(): Promise<Served[]> {
    const { versions } = await this.#raw.get<{ versions: { version: string }[] }>(GROUP, {})
    const served = new Map<string, Served>()
    for (const { version } of versions) {
      const { resources } = await this.#raw.get<{ resources: { name: string }[] }>(`${GROUP}/${version}`, {})
      for (const { name } of resources) {
        if (RESOURCES.has(name) && !served.has(name)) served.set(name, { name, version })
      }
    }
    return [...served.values()]
  }

  #watch({ name, version }: Served) {
    const store = new Store<Registered>()
    const resource = { path: `${GROUP}/${version}/${name}`, kind: RESOURCES.get(name)!, selector: '' }
    let said: string | undefined
    const onFailure = (error: unknown) => {
      const { detail } = error as { detail?: string }
      // A right that is missing stays missing: that is said once.
      if (detail === undefined || said !== detail) {
        this.#log.warn({ resource: name, ...traceOf(error) }, 'a watch failed and is started again')
      }
      said = detail
    }
    const reflector = new Reflector({
      raw: this.#raw,
      resource,
      store,
      reduce: rulesOnly,
      onChange: () => {},
      onFailure,
    })
    void reflector.run(this.#stopping.signal)
    return { store, reflector }
  }
}

function rulesOnly({ metadata, webhooks = [], spec }: Registered): Registered {
  const { name, uid, resourceVersion, labels } = metadata!
  const rules = [...webhooks.flatMap(({ rules = [] }) => rules), ...(spec?.matchConstraints?.resourceRules ?? [])]
  return {
    metadata: { name: name!, uid: uid!, resourceVersion: resourceVersion! },
    rules: labels?.[OWN_LABEL] === undefined ? rules : [],
  }
}

function matches({ apiGroups = [], resources = [] }: Rule, resource: string): boolean {
  const [group, name] = resource.split('/') as [string, string]
  const isGroup = apiGroups.some((one) => one === '*' || one === group)
  return isGroup && resources.some((one) => ['*', '*/*', name, `${name}/*`].includes(one))
}
