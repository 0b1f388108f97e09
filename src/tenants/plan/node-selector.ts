import type { V1Node, V1NodeSelector, V1NodeSelectorRequirement } from '@kubernetes/client-node'

type Fields = Readonly<Record<string, string>>
type Requirement = Pick<V1NodeSelectorRequirement, 'key' | 'operator' | 'values'>

/** Whether one of the terms fits a node. An empty term fits none, and so does one that cannot be read. */
export function selects({ nodeSelectorTerms }: V1NodeSelector, { metadata }: V1Node): boolean {
  const labels = metadata?.labels ?? {}
  const fields = { 'metadata.name': metadata?.name ?? '' }
  return nodeSelectorTerms.some(({ matchExpressions = [], matchFields = [] }) => {
    const isEmpty = matchExpressions.length + matchFields.length === 0
    return (
      !isEmpty &&
      matchExpressions.every((one) => meets(labels, one)) &&
      matchFields.every((one) => isFieldOperator(one) && meets(fields, one))
    )
  })
}

/** Whether labels meet a requirement, as Kubernetes' label selectors do. */
export function meets(labels: Fields, { key, operator, values = [] }: Requirement): boolean {
  const value = labels[key]
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return values.length === 1 && compareIntegers(value, values[0], (a, b) => a > b)
    case 'Lt':
      return values.length === 1 && compareIntegers(value, values[0], (a, b) => a < b)
    default:
      return false
  }
}

/** Compares two texts as whole numbers; false if one of them is none. */
export function compareIntegers(
  a: string | undefined,
  b: string | undefined,
  by: (a: bigint, b: bigint) => boolean,
): boolean {
  const [left, right] = [integerOf(a), integerOf(b)]
  return left !== undefined && right !== undefined && by(left, right)
}

function integerOf(text: string | undefined): bigint | undefined {
  return text !== undefined && /^-?\d+$/.test(text) ? BigInt(text) : undefined
}

/** Of fields only these are served, with one value each. */
function isFieldOperator({ operator, values = [] }: Requirement): boolean {
  return (operator === 'In' || operator === 'NotIn') && values.length === 1
}
