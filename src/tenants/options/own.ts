/** Options that are no concern of Kubernetes. */
const OWN = new Set(['labels', 'description', 'protected'])

/** @param path of an option, as `labels` or `labels.team` */
export function isOwnOption(path: string): boolean {
  return OWN.has(path.split('.', 1)[0]!)
}
