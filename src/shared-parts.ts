/**
 * A JSON value in which every part that says the same as the part of another one at its place is that very part. Thousands of objects
 * that are alike so take little more memory than what sets them apart. Neither may be changed any more.
 * @param like a value of the same kind, such as the one that came before
 */
export function sharing<T>(value: T, like: unknown): T {
  if (typeof value === 'string') return (value === like ? like : value) as T
  if (typeof value !== 'object' || value === null || typeof like !== 'object' || like === null) return value
  if (Array.isArray(value) !== Array.isArray(like)) return value
  const keys = Object.keys(value)
  let isSame = keys.length === Object.keys(like).length
  for (const key of keys) {
    const part = (value as Record<string, unknown>)[key]
    const other = (like as Record<string, unknown>)[key]
    const shared = sharing(part, other)
    if (shared !== part) (value as Record<string, unknown>)[key] = shared
    isSame &&= shared === other && Object.hasOwn(like, key)
  }
  return (isSame ? like : value) as T
}
