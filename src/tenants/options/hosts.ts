import type { V1Ingress } from '@kubernetes/client-node'
import type { FieldError } from '../../errors.ts'
import type { Options } from '../../manifests/options.ts'

/**
 * Hosts that an Ingress of another tenant has already: by the policy of another day, or taken over from Helm. The patterns of
 * one policy give no host to two.
 * @param known hosts that the tenant has had before; they are not judged again
 * @param others the Ingresses of all other tenants
 */
export function takenHosts(
  { enabled, hosts }: Options['ingress'],
  known: readonly string[],
  others: readonly V1Ingress[],
): FieldError[] {
  if (!enabled) return []
  const taken = others.flatMap(({ spec }) => (spec?.rules ?? []).flatMap(({ host }) => host ?? []))
  return hosts.flatMap(({ host }, index) => {
    if (known.includes(host) || !taken.some((other) => meet(host, other))) return []
    const pointer = `/options/ingress/hosts/${index}/host`
    return [{ pointer, message: `${JSON.stringify(host)} is the host of another tenant` }]
  })
}

/** Whether a request can be for both. A host that begins with `*` stands for one label. */
function meet(a: string, b: string): boolean {
  const parent = (host: string) => host.slice(host.indexOf('.'))
  return a === b || ((a.startsWith('*.') || b.startsWith('*.')) && parent(a) === parent(b))
}
