import { Type } from '@sinclair/typebox'

/**
 * One of several texts, in records that are read again. A newer version of this service may have written another one, and after a
 * rollback its records must still be read: so any text passes here, and whoever branches on it takes an unknown one for none of
 * these. (Documents use `schemas/enumeration.ts`.)
 */
export const literals = <const T extends readonly string[]>(_values: T) => Type.Unsafe<T[number]>(Type.String())

/** The text as a document may show it: one of these, or the given one. */
export function oneOfThese<const T extends readonly string[]>(
  values: T,
  text: string,
  otherwise: T[number],
): T[number] {
  return values.find((value) => value === text) ?? otherwise
}
