import type { KubernetesObject } from '@kubernetes/client-node'
import { isEqual } from './compare.ts'
import { differences } from './differences.ts'
import { FIELD_MANAGER } from './labels.ts'

/**
 * The kinds that are changed by merge patches, each with the fields that are wholly this service's: whatever stands there and
 * is not rendered goes, whoever wrote it. All else that others have put there stays.
 */
const OWN_FIELDS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Ingress: [
    ['spec', 'rules'],
    ['spec', 'tls'],
  ],
  NetworkPolicy: [
    ['spec', 'podSelector'],
    ['spec', 'ingress'],
    ['spec', 'egress'],
  ],
  ResourceQuota: [
    ['spec', 'hard', 'persistentvolumeclaims'],
    ['spec', 'scopeSelector'],
  ],
  RoleBinding: [['subjects']],
  Service: [['spec', 'selector']],
}

type Fields = Record<string, unknown>

/** Whether an object that exists is changed by a merge patch. An apply would leave in place what others have added. */
export function isMerged(kind: string | undefined): boolean {
  return kind !== undefined && kind in OWN_FIELDS
}

/**
 * What is to be written for a live object to say what the rendered one says: the rendered one, with null for what has to go.
 * Undefined: nothing, it says so already.
 * @param rewritten fields that policies of the cluster change, as `unlike` names them: these are left
 */
export function changeOf<T extends KubernetesObject>(
  live: T,
  rendered: T,
  rewritten: readonly string[] = [],
): T | undefined {
  const gone = isMerged(rendered.kind)
    ? writtenIn(live, ['metadata', 'annotations']).filter((key) => !(key in (rendered.metadata?.annotations ?? {})))
    : []
  const differing = ownUnlike(live, rendered).filter((path) => !rewritten.some((field) => isIn(field, path)))
  const others = differences(live, rendered).filter((field) => !rewritten.includes(field))
  if (others.length === 0 && gone.length === 0 && differing.length === 0) return undefined
  const annotations = gone.map((key) => [['metadata', 'annotations', key], null] as const)
  const fields = differing.map((path) => [path, mergePatch(at(live, path), at(rendered, path))] as const)
  return [...annotations, ...fields].reduce<unknown>(
    (body, [path, value]) => withField(body, path, value),
    rendered,
  ) as T
}

/** Where a live object does not say what the rendered one says, or has more than that in fields that are wholly this service's. */
export function unlike<T extends KubernetesObject>(live: T, rendered: T): string[] {
  const fields = differences(live, rendered)
  const own = ownUnlike(live, rendered).filter((path) => !fields.some((field) => isIn(field, path)))
  return [...fields, ...own.map((path) => path.join('.'))]
}

function ownUnlike(live: KubernetesObject, rendered: KubernetesObject): (readonly string[])[] {
  const own = OWN_FIELDS[rendered.kind!] ?? []
  return own.filter((path) => !isEqual(at(live, path), at(rendered, path), path.at(-1)))
}

function isIn(field: string, path: readonly string[]): boolean {
  const own = path.join('.')
  return field === own || field.startsWith(`${own}.`) || field.startsWith(`${own}[`)
}

/**
 * The names of the fields below a path that this service has written, as the server keeps account of it. A merge patch is
 * charged with fields that the server fills in beside it, so this tells only of those that the server fills in nowhere, such
 * as annotations.
 */
export function writtenIn({ metadata }: KubernetesObject, path: readonly string[]): string[] {
  const ours = (metadata?.managedFields ?? []).filter(({ manager }) => manager === FIELD_MANAGER)
  const names = ours.flatMap(({ fieldsV1 }) =>
    Object.keys(path.reduce<unknown>((fields, key) => (fields as Fields | undefined)?.[`f:${key}`], fieldsV1) ?? {}),
  )
  return [...new Set(names.filter((name) => name.startsWith('f:')).map((name) => name.slice(2)))]
}

/** RFC 7386: what makes one value the other. */
function mergePatch(from: unknown, to: unknown): unknown {
  if (!isFields(from) || !isFields(to)) return to ?? null
  const keys = new Set([...Object.keys(from), ...Object.keys(to)])
  return Object.fromEntries([...keys].map((key) => [key, mergePatch(from[key], to[key])]))
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function at(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Fields | undefined)?.[key], object)
}

function withField(object: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  const fields = (object ?? {}) as Fields
  return { ...fields, [key!]: rest.length === 0 ? value : withField(fields[key!], rest, value) }
}
