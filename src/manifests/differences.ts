import { covered, fieldOf, type Kind, kindOf } from './compare.ts'

type Fields = Record<string, unknown>

/** Where two objects say different things: the path, and what each says there; undefined: nothing. */
export type Difference = { field: string; found: unknown; wanted: unknown }

/**
 * Where a live object does not say what a rendered one says, as paths: `spec.ports[0].port`, and for items with a name
 * `spec.containers[fluxiondb].image`. Empty if `covers` holds.
 */
export function differences(live: unknown, rendered: unknown): string[] {
  return differencesOf(live, rendered).map(({ field }) => field)
}

/** The same with what is found and what is wanted. */
export function differencesOf(live: unknown, rendered: unknown): Difference[] {
  return compare('', live, rendered, 'fields')
}

function compare(field: string, live: unknown, rendered: unknown, kind: Kind): Difference[] {
  if (Array.isArray(rendered) && Array.isArray(live) && rendered.length === live.length) {
    return rendered.flatMap((item, index) => compare(`${field}[${nameOf(item) ?? index}]`, live[index], item, kind))
  }
  if (isFields(rendered) && isFields(live)) {
    return Object.entries(rendered).flatMap(([key, value]) =>
      compare(field === '' ? key : `${field}.${key}`, fieldOf(live, key), value, kindOf(key, kind)),
    )
  }
  return covered(live, rendered, kind) ? [] : [{ field, found: live, wanted: rendered }]
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function nameOf(item: unknown): string | undefined {
  return isFields(item) && typeof item.name === 'string' ? item.name : undefined
}
