import type { FieldError } from '../../errors.ts'
import { type Asked, imageFrom, imageOf, type Options } from '../../manifests/options.ts'
import { matches, type Policy } from '../../policy/policy.ts'
import { pointerPart } from './rules.ts'
import { isTree } from './settle.ts'

/** Options that are groups of options: a policy may open a group or one of its members. */
const GROUPS = new Set([
  'image',
  'storage',
  'secret',
  'resources',
  'service',
  'ingress',
  'networkPolicy',
  'livenessProbe',
  'readinessProbe',
])

/** The options that a request is about: `labels`, `image.tag`. */
export function namedIn(request: { [key: string]: unknown }): string[] {
  return Object.entries(request).flatMap(([key, value]) =>
    GROUPS.has(key) && isTree(value) ? Object.keys(value).map((field) => `${key}.${field}`) : [key],
  )
}

/** What the operator has not opened to any of the caller's scopes. @param named as `namedIn` says; and `plan` */
export function notPermitted({ options }: Policy, scopes: ReadonlySet<string>, named: readonly string[]): FieldError[] {
  const open = Object.entries(options).flatMap(([scope, names]) =>
    scopes.has(scope) || (scopes.has('admin') && scope !== 'admin') ? names : [],
  )
  const isOpen = (name: string) => open.some((one) => one === '*' || one === name || name.startsWith(`${one}.`))
  return named
    .filter((name) => !isOpen(name))
    .map((name) => ({
      pointer: name === 'plan' ? '/plan' : `/options/${name.replaceAll('.', '/')}`,
      message: 'the operator of this service has not opened it to this credential',
    }))
}

/** Values outside the operator's lists. @param settled all options with what is asked for; `defaults` need no permission */
export function notListed(
  policy: Policy,
  userId: string,
  asked: Asked,
  settled: Options,
  defaults: Options,
): FieldError[] {
  const errors: FieldError[] = []
  const check = (
    pointer: string,
    value: string | null,
    fallback: string | null,
    allowed: readonly string[],
    isAllowed = matches,
  ) => {
    if (value === null || value === fallback || isAllowed(allowed, value)) return
    const list = allowed.length === 0 ? 'none besides the default' : allowed.join(', ')
    errors.push({
      pointer: `/options/${pointer}`,
      message: `${JSON.stringify(value)} is not allowed; allowed: ${list}`,
    })
  }
  if (asked.image) check('image', imageOf(settled.image), imageOf(defaults.image), policy.images, matchesImage)
  if (asked.storage?.storageClass !== undefined) {
    check('storage/storageClass', settled.storage.storageClass, defaults.storage.storageClass, policy.storageClasses)
  }
  if (asked.ingress?.className !== undefined) {
    check('ingress/className', settled.ingress.className, defaults.ingress.className, policy.ingressClasses)
  }
  const hosts = policy.ingressHosts.map((template) => template.replaceAll('{id}', userId))
  for (const [index, { host }] of (asked.ingress?.hosts ?? []).entries()) {
    check(`ingress/hosts/${index}/host`, host, null, hosts)
  }
  for (const [index, { hosts: names }] of (asked.ingress?.tls ?? []).entries()) {
    for (const name of names) check(`ingress/tls/${index}/hosts`, name, null, hosts)
  }
  const maps = { podAnnotations: asked.podAnnotations, 'service/annotations': asked.service?.annotations }
  for (const [pointer, map] of Object.entries({ ...maps, 'ingress/annotations': asked.ingress?.annotations })) {
    for (const key of Object.keys(map ?? {})) check(`${pointer}/${pointerPart(key)}`, key, null, policy.annotations)
  }
  return errors
}

/**
 * As `matches`. A digest says which image runs, whatever tag stands before it. So a pattern for some tags, as `repository:1.*`, does
 * not allow `1.4@sha256:...`: that could be any image of the repository. One for all tags does, and one that names the digest.
 */
function matchesImage(patterns: readonly string[], image: string): boolean {
  const { repository, tag } = imageFrom(image)
  const [, digest] = tag.split('@')
  if (digest === undefined) return matches(patterns, image)
  const forDigests = patterns.filter((pattern) => pattern.includes('@') || pattern.endsWith(':*'))
  return matches(forDigests, image) || matches(patterns, imageOf({ repository, tag: digest }))
}
