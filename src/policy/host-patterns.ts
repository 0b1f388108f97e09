/** Patterns of host names: `{id}` stands for a tenant's id, which has no dot, and `*` for any text, dots too. */

const ID = '{id}'
const LABEL = /^([a-z0-9-]|\*|\{id\})+$/
const ID_TEXT = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/

/** A pattern by its labels, and how many of them are at a known place: before the first `*` and after the last one. */
type Pattern = { text: string; labels: readonly string[]; fromLeft: number; fromRight: number; isOpen: boolean }

/**
 * The first pattern by which two tenants could be given the same host, alone or with one before it, and the rule that it breaks.
 * It may be strict: it looks at one label at a time.
 */
export function hostConflict(patterns: readonly string[]): { index: number; message: string } | undefined {
  const all = patterns.map(parse)
  for (const [index, pattern] of all.entries()) {
    const message = ownFault(pattern) ?? faultBeside(pattern, all.slice(0, index))
    if (message !== undefined) return { index, message: `${JSON.stringify(pattern.text)} ${message}` }
  }
  return undefined
}

function parse(text: string): Pattern {
  const labels = text.split('.')
  const first = labels.findIndex(isOpen)
  const last = labels.findLastIndex(isOpen)
  return first === -1
    ? { text, labels, fromLeft: labels.length, fromRight: labels.length, isOpen: false }
    : { text, labels, fromLeft: first, fromRight: labels.length - 1 - last, isOpen: true }
}

const isOpen = (label: string) => label.includes('*')

function ownFault(pattern: Pattern): string | undefined {
  if (!pattern.labels.every((label) => LABEL.test(label))) {
    return `must be labels of lower-case letters, digits, "-", "*" and ${ID}, with dots between them`
  }
  if (anchorsOf(pattern).length > 0) return undefined
  return `would let two tenants have the same host: ${ID} must be in a label without "*", with every "*" on the same side of it`
}

function faultBeside(pattern: Pattern, others: readonly Pattern[]): string | undefined {
  const other = others.find((one) => !areApart(pattern, one) && !haveSameId(pattern, one))
  return other && `would let one tenant have a host that another has by ${JSON.stringify(other.text)}`
}

/** The labels that hold the id at a place which is known, counted from one side: of a host they tell whose it is. */
function anchorsOf({ labels, fromLeft, fromRight }: Pattern): string[] {
  const anchors = (side: string, known: readonly string[]) =>
    known.flatMap((label, index) => (label.includes(ID) ? [`${side} ${index} ${label}`] : []))
  return [...anchors('left', labels.slice(0, fromLeft)), ...anchors('right', labels.toReversed().slice(0, fromRight))]
}

/** Whether any host of both belongs to one tenant, as both have the id at the same place. */
function haveSameId(a: Pattern, b: Pattern): boolean {
  const anchors = anchorsOf(b)
  return anchorsOf(a).some((one) => anchors.includes(one))
}

/** Whether no host is of both, whatever the ids. */
function areApart(a: Pattern, b: Pattern): boolean {
  const isTooLong = (one: Pattern, other: Pattern) => !other.isOpen && one.labels.length > other.labels.length
  if (isTooLong(a, b) || isTooLong(b, a)) return true
  const differ = (count: number, some: readonly string[], others: readonly string[]) =>
    some.slice(0, count).some((label, index) => !canBeEqual(label, others[index]!))
  return (
    differ(Math.min(a.fromLeft, b.fromLeft), a.labels, b.labels) ||
    differ(Math.min(a.fromRight, b.fromRight), a.labels.toReversed(), b.labels.toReversed())
  )
}

/** Whether two labels without `*` can be the same text, each with an id of its own. */
function canBeEqual(a: string, b: string): boolean {
  if (!a.includes(ID)) return b.includes(ID) ? canBeEqual(b, a) : a === b
  const [start, end] = [a.slice(0, a.indexOf(ID)), a.slice(a.lastIndexOf(ID) + ID.length)]
  if (!b.includes(ID)) {
    const middle = b.slice(start.length, b.length - end.length)
    return b.length > start.length + end.length && b === start + middle + end && ID_TEXT.test(middle)
  }
  const [otherStart, otherEnd] = [b.slice(0, b.indexOf(ID)), b.slice(b.lastIndexOf(ID) + ID.length)]
  const oneBegins = start.startsWith(otherStart) || otherStart.startsWith(start)
  return oneBegins && (end.endsWith(otherEnd) || otherEnd.endsWith(end))
}
