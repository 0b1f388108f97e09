import { covers } from './compare.ts'

type Fields = Record<string, unknown>
/** Puts a value back where it was found: how it is compared depends on the fields that it is in. */
type Place = (value: unknown) => unknown

/**
 * Where a live object does not say what a rendered one says, as paths: `spec.ports[0].port`, and for items with a name
 * `spec.containers[fluxiondb].image`. Empty if `covers` holds.
 */
export function differences(live: unknown, rendered: unknown): string[] {
  return found('', live, rendered, (value) => value)
}

function found(path: string, live: unknown, rendered: unknown, place: Place): string[] {
  if (covers(place(live), place(rendered))) return []
  if (Array.isArray(rendered) && Array.isArray(live) && rendered.length === live.length) {
    return rendered.flatMap((item, index) =>
      found(`${path}[${nameOf(item) ?? index}]`, live[index], item, (value) => place([value])),
    )
  }
  if (!isFields(rendered) || !isFields(live)) return [path]
  return Object.entries(rendered).flatMap(([key, value]) =>
    found(path === '' ? key : `${path}.${key}`, live[key], value, (one) => place({ [key]: one })),
  )
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function nameOf(item: unknown): string | undefined {
  return isFields(item) && typeof item.name === 'string' ? item.name : undefined
}
