import toRegexRange from 'to-regex-range'
import type { Schema } from './parts.ts'

/**
 * The schema as Helm's users write values: null for the default, and numbers and booleans as text too (`--set-string`). Lists are left
 * as they are, since nothing has a default in them; and what its group requires must be there. `templates/_values.tpl` makes of all
 * these what the schema says.
 */
export function forgiving(schema: Schema): Schema {
  const required = (schema.required ?? []) as string[]
  const each = (schemas: unknown): [string, Schema][] =>
    Object.entries(schemas as Record<string, Schema>).map(([key, value]) => {
      return [key, required.includes(key) ? forgiving(value) : orNull(forgiving(value))]
    })
  const within = ['properties', 'patternProperties'].flatMap((keyword) => {
    return keyword in schema ? [[keyword, Object.fromEntries(each(schema[keyword]))]] : []
  })
  return { ...asText(schema), ...Object.fromEntries(within) }
}

function asText(schema: Schema): Schema {
  const { type, minimum, maximum } = schema
  if (type === 'boolean') return { ...schema, type: ['boolean', 'string'], pattern: '^(true|false)$' }
  if (type !== 'integer') return schema
  const range = toRegexRange(minimum as number, maximum as number, { capture: true })
  return { ...schema, type: ['integer', 'string'], pattern: `^${range}$` }
}

function orNull(schema: Schema): Schema {
  if (Array.isArray(schema.enum)) return { ...schema, enum: [...schema.enum, null] }
  if (schema.type === undefined) return schema
  return { ...schema, type: [schema.type, 'null'].flat() }
}
