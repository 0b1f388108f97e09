/** What the values of both charts are made of, as JSON schemas. Patterns are those of Kubernetes, and in RE2's syntax, as Helm is in Go. */
import { OptionsSchema } from '../../src/manifests/options.ts'

export type Schema = { [keyword: string]: unknown }

const DNS_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const DNS_NAME = `${DNS_LABEL}(\\.${DNS_LABEL})*`
const LABEL_TEXT = '[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?'
const NUMBER = '([0-9]*[1-9][0-9]*([.][0-9]+)?|[0-9]+[.][0-9]*[1-9][0-9]*)'
const options = OptionsSchema.properties

/** Values by name, and no others. */
export const group = (properties: Record<string, Schema>, more: Schema = {}): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...more,
})
export const list = (items: Schema, more: Schema = {}): Schema => ({ type: 'array', items, ...more })
export const oneOf = (values: readonly unknown[]): Schema => ({ enum: values })

export const flag: Schema = { type: 'boolean' }
export const text: Schema = { type: 'string' }
export const whole = (minimum: number, maximum: number): Schema => ({ type: 'integer', minimum, maximum })
export const port = whole(1, 65535)
/** What only Kubernetes can judge. */
export const freeForm: Schema = { type: 'object' }
export const freeForms = list(freeForm)

/** The name of an object; empty: none. */
export const name: Schema = { type: 'string', maxLength: 253, pattern: `^(${DNS_NAME})?$` }
export const neededName: Schema = { type: 'string', maxLength: 253, pattern: `^${DNS_NAME}$` }
/** A part of names that is a label's value too; names that come of it are judged when they are made. */
export const namePart: Schema = {
  type: 'string',
  maxLength: 253,
  pattern: '^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$',
}
export const host: Schema = { type: 'string', maxLength: 253, pattern: `^([*][.])?${DNS_NAME}$` }
export const annotations = keyed(text)
export const labels = keyed({ type: 'string', pattern: `^(${LABEL_TEXT})?$` })

/** More than nothing. Large numbers are printed with an exponent by whoever wrote the file. */
export const size: Schema = {
  type: ['string', 'number'],
  exclusiveMinimum: 0,
  pattern: `^${NUMBER}([KMGTPE]i|[kMGTPE]|[eE][0-9]+)?$`,
}
export const cpu: Schema = {
  type: ['string', 'number'],
  exclusiveMinimum: 0,
  pattern: '^([0-9]+m|[0-9]+([.][0-9]+)?)$',
}

export const repository: Schema = {
  type: 'string',
  maxLength: options.image.properties.repository.maxLength,
  pattern: options.image.properties.repository.pattern,
}
/**
 * A tag, a digest or both, as the service takes it. A tag of digits may come as a number; one with a point may not, as `1.10` would be
 * read as 1.1. A double holds no more digits than that.
 */
export const tag: Schema = {
  type: ['string', 'integer'],
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  pattern: options.image.properties.tag.pattern,
}
export const pullPolicy = oneOf(options.image.properties.pullPolicy.anyOf.map(({ const: policy }) => policy))
export const pullSecrets = list(group({ name: neededName }, { required: ['name'] }))
export const serviceType = oneOf(options.service.properties.type.anyOf.map(({ const: type }) => type))

/** What Helm itself puts among a chart's values where it is a dependency: the condition's value, and what all charts share. */
export const ofHelm: Record<string, Schema> = {
  global: {},
  enabled: flag,
  tags: freeForm,
}

export function keyed(value: Schema): Schema {
  const pattern = `^([A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?/)?${LABEL_TEXT}$`
  // Not `propertyNames`: of those Helm's messages name the wrong place.
  return { type: 'object', additionalProperties: false, patternProperties: { [pattern]: value } }
}
