import { type Asked, type Options, OptionsSchema, withoutNulls } from '../../manifests/options.ts'

type Tree = { [key: string]: unknown }

/** Whether a value is a JSON object, and no list or null. */
export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * RFC 7386: objects are merged, null removes, all else replaces.
 * @returns what is asked for after the patch; nothing is shared that a caller could change
 */
export function mergePatch<T>(target: T, patch: unknown): T {
  if (!isTree(patch)) return structuredClone(patch) as T
  // No assignments: one to `__proto__` would be to what the object inherits from.
  const merged = new Map(Object.entries(isTree(target) ? target : {}))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key)
    else merged.set(key, mergePatch(merged.get(key), value))
  }
  return Object.fromEntries(merged) as T
}

/** What is left of `asked` without the parts that a patch names, whatever it says of them. */
export function without<T>(asked: T, patch: unknown): T {
  if (!isTree(asked) || !isTree(patch)) return asked
  const left = Object.entries(asked).flatMap(([key, value]) => {
    if (!(key in patch)) return [[key, value]]
    return isTree(value) && isTree(patch[key]) ? [[key, without(value, patch[key])]] : []
  })
  return Object.fromEntries(left)
}

/** Options where nobody knows better: what callers asked for before what their plan says, before what the operator says. */
export function overlay(base: Options, ...asked: readonly Asked[]): Options {
  return asked.reduce((settled: Options, one) => merge(settled, withoutAbsent(one), OptionsSchema) as Options, base)
}

/** The same with what is passed on to Kubernetes as Kubernetes takes it: a field that is null there is not there. */
export function withoutAbsent(asked: Asked): Asked {
  return prune(asked, OptionsSchema) as Asked
}

function prune(asked: unknown, schema: object): unknown {
  if (!isTree(asked)) return withoutNulls(asked)
  const fields = fieldsOf(schema)
  if (!fields) return isMap(schema) ? asked : withoutNulls(asked)
  return Object.fromEntries(Object.entries(asked).map(([key, value]) => [key, prune(value, fields[key] ?? {})]))
}

/**
 * What was settled for a tenant before, and which of it may be settled anew: parts that somebody had asked for and no longer
 * does, or gives back to the defaults. All other parts stay, so that a later default changes no tenant.
 */
export type Before = { options: Options; released: readonly unknown[] }

/**
 * Every option of a tenant.
 * @param defaults what the operator says
 * @param asked what the size plan says, then what the caller asked for
 */
export function settle(defaults: Options, asked: readonly Asked[], before?: Before): Options {
  return overlay(before ? (keep(defaults, before) as Options) : defaults, ...asked)
}

function keep(defaults: Options, { options, released }: Before): unknown {
  return choose(options, defaults, released, OptionsSchema)
}

/** The settled value, or the default wherever one of `released` names the part. */
function choose(settled: unknown, fallback: unknown, released: readonly unknown[], schema: object): unknown {
  const naming = released.filter((one) => one !== undefined)
  if (naming.length === 0) return settled
  const fields = fieldsOf(schema)
  // A part that is named as a whole, or has no parts.
  if (!fields || naming.some((one) => !isTree(one))) return fallback
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [
      key,
      choose(
        (settled as Tree)[key],
        (fallback as Tree)[key],
        naming.map((one) => (one as Tree)[key]),
        field,
      ),
    ]),
  )
}

/** Groups of options and maps of texts are merged field by field; lists and what only Kubernetes knows are replaced. */
function merge(base: unknown, asked: unknown, schema: object): unknown {
  if (asked === undefined) return base
  const fields = fieldsOf(schema)
  if (!isTree(asked)) return asked
  if (isMap(schema)) return { ...(base as Tree), ...asked }
  if (!fields) return asked
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [key, merge((base as Tree)[key], asked[key], field)]),
  )
}

function fieldsOf(schema: object): { [key: string]: object } | undefined {
  const { properties } = schema as { properties?: { [key: string]: object } }
  return properties && Object.keys(properties).length > 0 ? properties : undefined
}

const isMap = (schema: object) => 'patternProperties' in schema
