import type { Api } from './api.ts'

const SAMPLE = /^fluxiondb_provisioner_kubernetes_call_seconds_count\{(.*)\} (\d+)$/
/** Asked by the clock, by the process and not for a tenant: whether the API server answers, and what it can do. */
const NOT_ABOUT_TENANTS = new Set(['version', 'discovery', 'selfsubjectaccessreviews', 'selfsubjectreviews'])

/** Calls that a service has made to the API server, by method and resource: `GET pods`. Watches are not calls. */
export type Calls = ReadonlyMap<string, number>

/** All calls so far, as the service's own metrics count them. The question costs no call. */
export async function callsOf(api: Api): Promise<Calls> {
  const { body } = await api('GET', '/metrics')
  const calls = new Map<string, number>()
  for (const line of String(body).split('\n')) {
    const [, labels = '', count] = SAMPLE.exec(line) ?? []
    const { method, resource } = Object.fromEntries(
      [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    )
    if (count === undefined || method === 'WATCH' || NOT_ABOUT_TENANTS.has(resource!)) continue
    const name = `${method} ${resource}`
    calls.set(name, (calls.get(name) ?? 0) + Number(count))
  }
  return calls
}

/** What has been called between two counts. */
export function between(before: Calls, after: Calls): Calls {
  const made = [...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const)
  return new Map(made.filter(([, count]) => count > 0))
}

/** How many of them read, and how many wrote or tried to. */
export function sums(calls: Calls): { reads: number; writes: number } {
  const sum = (isWanted: (name: string) => boolean) =>
    [...calls].reduce((sum, [name, count]) => (isWanted(name) ? sum + count : sum), 0)
  return { reads: sum((name) => name.startsWith('GET ')), writes: sum((name) => !name.startsWith('GET ')) }
}
