import { type TSchema, Type } from '@sinclair/typebox'

/** One of several texts, as `enum`: client generators make a type of that, and of `anyOf` with `const` they do not. */
export function oneOf<const T extends readonly string[]>(values: T, options: { description?: string } = {}) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options })
}

/** A value or null, as OpenAPI 3.1 writes it. */
export function nullable<T extends TSchema & { type: string }>(schema: T) {
  return Type.Unsafe<T['static'] | null>({ ...schema, type: [schema.type, 'null'] })
}

/** A pattern that the document tells, and that no request is held to: where the rule is told in better words than a pattern's. */
export const TOLD_PATTERN = 'x-told-pattern'

/** A reference to a named component, with the component's type. */
export function refTo<T extends TSchema>(schema: T) {
  return Type.Unsafe<T['static']>({ $ref: `${schema.$id}#` })
}
