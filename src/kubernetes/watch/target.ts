const PATH = /^(\/(?:api|apis\/[^/]+)\/[^/]+)\/(?:namespaces\/([^/]+)\/)?([^/]+)(?:\/([^/]+))?/

/** What a write was about: the path of its resource in all namespaces, and the object. */
export type Target = { collection: string; name: string; namespace: string }

/**
 * @param path of a write of one object, or of its subresource: `/api/v1/namespaces/x/pods/y/resize`. Not of a POST, which names none.
 * @returns undefined if it names no object
 */
export function targetOf(path: string): Target | undefined {
  const [, version, namespace, resource, name] = PATH.exec(path) ?? []
  if (resource === undefined || name === undefined) return undefined
  return { collection: `${version}/${resource}`, name, namespace: namespace ?? name }
}
