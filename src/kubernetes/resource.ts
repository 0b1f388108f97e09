/** A label for addresses of a shape that is not known here. Never a part of such an address, which could be a tenant's name. */
const UNKNOWN = 'unknown'
const DISCOVERY = 'discovery'
const VERSION = /^v\d+((alpha|beta)\d+)?$/

/**
 * The resource of a call without names, fit for a metric's label: `pods/resize` of `/api/v1/namespaces/x/pods/y/resize`.
 * @param base path of the API server itself, such as Rancher's `/k8s/clusters/c-xyz`; empty for none
 */
export function resourceOf(url: string, base = ''): string {
  const { pathname } = new URL(url)
  if (!pathname.startsWith(`${base}/`)) return UNKNOWN
  const parts = pathname.slice(base.length).split('/').filter(Boolean)
  if (parts.length === 1 && parts[0] === 'version') return 'version'
  const rest = afterGroup(parts)
  if (rest === undefined) return UNKNOWN
  if (rest.length === 0) return DISCOVERY
  const [resource = '', , subresource] = rest[0] === 'namespaces' && rest.length > 2 ? rest.slice(2) : rest
  return subresource ? `${resource}/${subresource}` : resource
}

/** Whether a call is, or might be, about Secrets: then nothing that the API server says of it may be told. */
export function isAboutSecrets(url: string, base: string): boolean {
  return /^(secrets|unknown)(\/|$)/.test(resourceOf(url, base))
}

/** What follows `/api/v1` or `/apis/GROUP/VERSION`; undefined if it does not begin so. */
function afterGroup([root, ...rest]: string[]): string[] | undefined {
  if (root !== 'api' && root !== 'apis') return undefined
  const version = root === 'api' ? 0 : 1
  if (rest.length <= version) return []
  return VERSION.test(rest[version]!) ? rest.slice(version + 1) : undefined
}
