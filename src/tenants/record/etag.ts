import type { Recorded } from './repository.ts'

/** Stands for what is desired of a tenant, and for nothing that is observed: it changes with the generation only. */
export function etagOf({ namespace, spec }: Recorded): string {
  return `"${namespace.metadata?.uid?.slice(0, 8)}-${spec.generation}"`
}
