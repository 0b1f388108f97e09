import { Type } from '@sinclair/typebox'

/** One of several texts, for records that are checked when they are read. (Documents use `schemas/enumeration.ts`.) */
export const literals = <const T extends readonly string[]>(values: T) =>
  Type.Union(values.map((value) => Type.Literal<T[number]>(value)))
