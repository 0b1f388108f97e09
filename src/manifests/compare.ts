import { parseQuantity } from '../sizing/quantity.ts'

/**
 * Whether a live object already says all that a rendered one says. Fields that only the server fills in do not count; lists
 * are compared item by item. Texts that differ are equal if they are the same quantity: the server prints `1000m` as `1`.
 */
export function covers(live: unknown, rendered: unknown): boolean {
  if (rendered === undefined || live === rendered) return true
  if (Array.isArray(rendered)) {
    const items = live === undefined ? [] : live
    return (
      Array.isArray(items) &&
      items.length === rendered.length &&
      rendered.every((item, index) => covers(items[index], item))
    )
  }
  if (rendered !== null && typeof rendered === 'object') {
    const fields = live === undefined ? {} : live
    if (fields === null || typeof fields !== 'object') return false
    return Object.entries(rendered).every(([key, value]) => covers(fieldOf(fields as Fields, key), value))
  }
  if (typeof rendered === 'string' && typeof live === 'string') return sameQuantity(live, rendered)
  // The server leaves out false, zero and empty text.
  return live === undefined && (rendered === false || rendered === 0 || rendered === '')
}

type Fields = Record<string, unknown>

/** client-node puts a line before names that are words of the language: a policy's `from` is read as `_from`. */
function fieldOf(fields: Fields, key: string): unknown {
  return key in fields ? fields[key] : fields[`_${key}`]
}

/** Whether two texts are the same Kubernetes quantity, however they are written. */
export function sameQuantity(a: string, b: string): boolean {
  const quantity = parseQuantity(a)
  return quantity !== undefined && quantity === parseQuantity(b)
}

type Written = {
  metadata?: { annotations?: object; managedFields?: { manager?: string; fieldsV1?: object }[] }
  spec?: object
}

/**
 * What a manager has written into a live object and renders no more, as the server keeps account of it: `covers` cannot see it.
 * @returns names of annotations, and of the spec's own fields
 */
export function leftovers(manager: string, live: Written | undefined, rendered: Written) {
  const written = (live?.metadata?.managedFields ?? []).filter((entry) => entry.manager === manager)
  const namesIn = (path: readonly string[]) =>
    written.flatMap(({ fieldsV1 }) => {
      const fields = path.reduce<unknown>((at, key) => (at as Fields | undefined)?.[`f:${key}`], fieldsV1)
      return Object.keys(fields ?? {}).filter((key) => key.startsWith('f:'))
    })
  const gone = (path: readonly string[], now: object = {}) =>
    [...new Set(namesIn(path))].map((key) => key.slice(2)).filter((key) => !(key in now))
  return {
    annotations: gone(['metadata', 'annotations'], rendered.metadata?.annotations),
    spec: gone(['spec'], rendered.spec),
  }
}
