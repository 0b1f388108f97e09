import { parseQuantity } from '../sizing/quantity.ts'

/** Maps of texts. Every key is somebody's choice, so an empty text is a value there like any other. */
const MAPS = new Set(['annotations', 'data', 'labels', 'matchLabels', 'nodeSelector', 'selector'])
/** Fields that hold a quantity or a map of quantities, by all names that Kubernetes has for them. */
const QUANTITIES = new Set(['capacity', 'divisor', 'hard', 'limits', 'overhead', 'requests', 'sizeLimit', 'used'])

type Fields = Record<string, unknown>
/** How a value is compared: by the names of its fields, as a map of texts, or as quantities. */
export type Kind = 'fields' | 'texts' | 'quantities'

/**
 * Whether a live object already says all that a rendered one says. Fields that only the server fills in do not count; lists
 * are compared item by item. Null says that there must be nothing. Quantities are equal however they are written, as the
 * server prints `1000m` as `1`; all other texts only if they are the same.
 * @param name of the field that holds the two; needed where they are a map or a quantity themselves
 */
export function covers(live: unknown, rendered: unknown, name = ''): boolean {
  return covered(live, rendered, kindOf(name, 'fields'))
}

/** Whether two values say the same: neither has anything that the other lacks. @param name as `covers` says */
export function isEqual(live: unknown, rendered: unknown, name = ''): boolean {
  return covers(live, rendered, name) && covers(rendered, live, name)
}

/** The same where the kind of the field that holds the two is known. */
export function covered(live: unknown, rendered: unknown, kind: Kind): boolean {
  if (rendered === undefined || live === rendered) return true
  if (rendered === null) return live === undefined
  if (Array.isArray(rendered)) return coversList(live, rendered, kind)
  if (typeof rendered === 'object') return coversFields(live, rendered as Fields, kind)
  if (live === undefined && kind === 'fields') {
    // The server leaves out false, zero and empty text.
    return rendered === false || rendered === 0 || rendered === ''
  }
  return kind === 'quantities' && sameQuantity(live, rendered)
}

function coversList(live: unknown, rendered: readonly unknown[], kind: Kind): boolean {
  const items = live === undefined ? [] : live
  return (
    Array.isArray(items) &&
    items.length === rendered.length &&
    rendered.every((item, index) => covered(items[index], item, kind))
  )
}

function coversFields(live: unknown, rendered: Fields, kind: Kind): boolean {
  // The server leaves out an empty map. It keeps an empty struct: an empty selector takes all, and none takes nothing.
  const fields = live === undefined && kind !== 'fields' ? {} : live
  if (fields === undefined || fields === null || typeof fields !== 'object' || Array.isArray(fields)) return false
  return Object.entries(rendered).every(([key, value]) =>
    covered(fieldOf(fields as Fields, key), value, kindOf(key, kind)),
  )
}

/** The kind of a field's value, by its name and the kind of what it is in. */
export function kindOf(name: string, outer: Kind): Kind {
  if (outer !== 'fields') return outer
  return MAPS.has(name) ? 'texts' : QUANTITIES.has(name) ? 'quantities' : 'fields'
}

/** client-node puts a line before names that are words of the language: a policy's `from` is read as `_from`. */
export function fieldOf(fields: Fields, key: string): unknown {
  if (Object.hasOwn(fields, key)) return fields[key]
  const other = key.startsWith('_') ? key.slice(1) : `_${key}`
  return Object.hasOwn(fields, other) ? fields[other] : undefined
}

/** Whether two texts are the same Kubernetes quantity, however they are written. */
export function sameQuantity(a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return false
  const quantity = parseQuantity(a)
  return quantity !== undefined && quantity === parseQuantity(b)
}
