import { type TSchema, Type } from '@sinclair/typebox'
import { type Asked, type Options, OptionsSchema } from '../manifests/options.ts'
import type { Fixed } from '../tenants/options/rules.ts'

type Json = { [key: string]: unknown }
/** How a document shows the options: all of them, any part of them, or any part with null for "the default". */
type Form = 'whole' | 'part' | 'patch'

const FIXED = { replicaCount: { type: 'integer', description: 'Only 1: the database does not scale out.' } }
const ACCESS_MODES = { type: 'array', items: { type: 'string' }, description: 'Only ["ReadWriteOnce"].' }

/** Every option as it is settled. */
export const TenantOptionsSchema = Type.Unsafe<Options>({ ...documented(OptionsSchema, 'whole'), $id: 'TenantOptions' })
/** Options that a request asks for. */
export const AskedOptionsSchema = Type.Unsafe<Asked & Fixed>({ ...asked('part'), $id: 'AskedOptions' })
/** Options that a request changes. */
export const OptionsPatchSchema = Type.Unsafe<Asked & Fixed>({ ...asked('patch'), $id: 'OptionsPatch' })

function asked(form: Form): Json & { properties: Json } {
  const schema = documented(OptionsSchema, form) as { properties: { storage: { properties: Json } } } & Json
  Object.assign(schema.properties, structuredClone(FIXED))
  schema.properties.storage.properties.accessModes = structuredClone(ACCESS_MODES)
  return schema
}

/** A schema of a record as client generators like it: `enum` for choices, `[type, null]` for what may be null. */
function documented(schema: TSchema, form: Form, isTop = true): Json {
  const {
    anyOf,
    properties,
    patternProperties,
    items,
    required: _,
    default: _default,
    ...rest
  } = schema as Json & TSchema
  const nullable = form === 'patch' && !isTop
  if (Array.isArray(anyOf)) return choice(anyOf, rest, form)
  if (patternProperties) {
    const values = form === 'patch' ? { type: ['string', 'null'] } : { type: 'string' }
    return { ...rest, type: nullable ? ['object', 'null'] : 'object', additionalProperties: values }
  }
  if (properties && Object.keys(properties).length > 0) {
    const fields = Object.entries(properties as { [key: string]: TSchema })
    const shown = fields.map(([key, field]) => [key, documented(field, form, false)])
    const needed = form === 'whole' ? { required: (schema.required as string[]) ?? [] } : {}
    return {
      ...rest,
      type: nullable ? ['object', 'null'] : 'object',
      properties: Object.fromEntries(shown),
      ...needed,
      additionalProperties: false,
    }
  }
  if (items) {
    // What stands in a list is replaced with it, and so always whole.
    return { ...rest, type: nullable ? ['array', 'null'] : 'array', items: documented(items as TSchema, 'whole') }
  }
  return nullable ? { ...rest, type: [rest.type, 'null'] } : { ...rest }
}

function choice(options: TSchema[], rest: Json, form: Form): Json {
  const some = options.filter(({ type }) => type !== 'null')
  const mayBeNull = some.length < options.length || form === 'patch'
  const [only] = some
  if (some.length === 1 && only!.const === undefined) {
    const shown = documented(only!, form === 'patch' ? 'part' : form)
    return { ...shown, ...rest, type: mayBeNull ? [shown.type, 'null'] : shown.type }
  }
  const values: unknown[] = some.map(({ const: value }) => value)
  // A null among the values of an enum becomes a text in some languages.
  const named = { type: 'string', enum: values }
  return mayBeNull ? { ...rest, anyOf: [named, { type: 'null' }] } : { ...rest, ...named }
}
