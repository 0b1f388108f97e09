import type { Recorded } from './repository.ts'

/** What an If-Match or If-None-Match lists: tags as they are written, quotes and `W/` included, or whatever is there. */
export type Tags = '*' | readonly string[]
export type Conditions = { ifMatch?: Tags | undefined; ifNoneMatch?: Tags | undefined }

/** Stands for what is desired of a tenant, and for nothing that is observed: it changes with the generation only. */
export function etagOf({ namespace, spec }: Recorded): string {
  return `"${namespace.metadata?.uid?.slice(0, 8)}-${spec.generation}"`
}

/**
 * The header that forbids the request, by RFC 9110, 13.2.2; undefined if none does. If-Match compares strongly, so a weak tag never
 * matches it.
 * @param etag of what is there; undefined: nothing is there; null: it has none
 */
export function unmet(
  { ifMatch, ifNoneMatch }: Conditions,
  etag: string | null | undefined,
): 'If-Match' | 'If-None-Match' | undefined {
  const lists = (tags: Tags, compared: (tag: string) => string) =>
    etag !== undefined && (tags === '*' || tags.some((tag) => compared(tag) === etag))
  if (ifMatch !== undefined && !lists(ifMatch, (tag) => tag)) return 'If-Match'
  return ifNoneMatch !== undefined && lists(ifNoneMatch, (tag) => tag.replace(/^W\//, '')) ? 'If-None-Match' : undefined
}
